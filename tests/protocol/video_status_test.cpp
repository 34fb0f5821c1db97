#include "tests/catch.hpp"
#include "tests/protocol/video_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("the creator makes the call active", "[video]") {
  video_line line{"a1", "b1", "c1"};
  line.create();
  line.hush();
  line.pass(5s);
  CHECK(line.set("alice", call_status::active) == "ok");
  CHECK(line.record().status == call_status::active);
  CHECK(line.record().started_at == line.now());
  CHECK(line.record().video().updated_at == line.now());
  CHECK(line.record().ring_deadline == line.now() + 10min);
  CHECK(line.record().call_deadline == line.record().created_at + 2h);
  for (auto device : {"a1", "b1", "c1"})
    CHECK(line.heard(device) == words{"updated active v2"});
  CHECK(line.last().reply->value() == line.record());
}

TEST_CASE("only the creator changes the status", "[video]") {
  video_line line{{"a1", "b1"}, facts_with("!bC")};
  line.create();
  line.hush();
  for (auto status : {call_status::active, call_status::ended, call_status::cancelled}) {
    CHECK(line.set("b1", status) == "not_authorized");
    CHECK(line.set("carol", status) == "not_authorized");
    CHECK(line.set("zoe", status) == "call_not_found");
  }
  CHECK(line.silent());
  CHECK(line.record().version == 1);
}

TEST_CASE("the status moves only as it may", "[video]") {
  static const std::map<call_status, std::set<call_status>> may{
      {call_status::created, {call_status::active, call_status::cancelled, call_status::ended}},
      {call_status::active, {call_status::ended}},
      {call_status::ended, {}},
      {call_status::cancelled, {}}};
  for (const auto& [stands, allowed] : may)
    for (const auto& [wanted, ignored] : may) {
      video_line line{"a1"};
      line.create();
      if (stands != call_status::created)
        REQUIRE(line.set("alice", stands) == "ok");
      line.hush();
      auto version = line.record().version;
      INFO(word(stands) << " to " << word(wanted));
      auto moves = allowed.contains(wanted);
      CHECK(line.set("alice", wanted) == (moves ? "ok" : "invalid_status_change"));
      CHECK(line.record().status == (moves ? wanted : stands));
      CHECK(line.record().version == version + (moves ? 1 : 0));
      CHECK(line.silent() == !moves);
    }
}

TEST_CASE("ending closes every stay and fills the durations", "[video]") {
  video_line line{"a1", "b1", "c1"};
  line.create();
  line.set("alice", call_status::active);
  line.pass(1s);
  line.enter("a1");
  line.pass(2s);
  line.enter("b1");
  line.pass(3s + 500ms);
  line.hush();
  CHECK(line.set("alice", call_status::ended) == "ok");
  CHECK(word(line.record()) == "ended hung-up 6s");
  CHECK(line.record().ended_by == user_of("a"));
  CHECK(line.person("a").present == 5'500ms);
  CHECK(line.person("b").present == 3'500ms);
  for (auto who : {"a", "b"}) {
    CHECK(line.person(who).left_at == line.now());
    CHECK_FALSE(line.person(who).in());
    CHECK(line.person(who).version == line.record().version);
    CHECK_FALSE(line.person(who).dropped);
  }
  CHECK(line.person("c").invited == invitation::expired);
  for (auto device : {"a1", "b1", "c1"})
    CHECK(line.heard(device) == words{"over ended hung-up by alice v5"});
  CHECK(line.ends() == 1);
  CHECK_FALSE(line.machine().next_deadline());
}

TEST_CASE("a call that was never active has no duration", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.enter("b1");
  line.pass(10s);
  SECTION("ended") {
    line.set("alice", call_status::ended);
    CHECK(word(line.record()) == "ended hung-up 0s");
  }
  SECTION("cancelled") {
    line.hush();
    line.set("alice", call_status::cancelled);
    CHECK(word(line.record()) == "cancelled cancelled 0s");
    CHECK(line.heard("b1") == words{"over cancelled cancelled by alice v3"});
  }
  CHECK_FALSE(line.record().started_at);
  CHECK(line.record().ended_by == user_of("a"));
  CHECK(line.person("b").present == 10s);
}

TEST_CASE("an active call that nobody joins is over after ten minutes", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.set("alice", call_status::active);
  auto due = line.now() + 10min;
  SECTION("nobody comes") {
    line.hush();
    line.pass(10min - 1ms);
    CHECK(line.silent());
    line.pass(1ms);
    CHECK(word(line.record()) == "ended no-answer 600s");
    CHECK(line.record().ended_at == due);
    CHECK(line.record().ended_by.empty());
    CHECK(line.heard("b1") == words{"over ended no-answer by nobody v3"});
  }
  SECTION("somebody comes") {
    line.pass(10min - 1ms);
    line.enter("b1");
    CHECK_FALSE(line.record().ring_deadline);
    line.pass(1h);
    CHECK(line.record().status == call_status::active);
    CHECK(line.in() == "b1");
  }
  SECTION("the timer is late") {
    auto out = line.machine().expire(line.now() + 11min);
    CHECK(out.ended);
    CHECK(line.machine().record().ended_at == due);
  }
}

TEST_CASE("a call that somebody joined before has its first join already", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.enter("b1");
  line.set("alice", call_status::active);
  CHECK_FALSE(line.record().ring_deadline);
}
