#include "tests/catch.hpp"
#include "tests/protocol/video_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("after a restart a video call is as it was written", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.set("alice", call_status::active);
  line.enter("a1");
  line.enter("b1");
  auto before = line.record();
  line.restart(3s);
  CHECK(line.machine().record() == before); // the version, too
  CHECK(line.silent());
  CHECK(line.machine().next_deadline() == line.now() + 30s);
  CHECK(line.machine().summary_for(user_of("b")).joined);
  CHECK(line.machine().summary_for(user_of("b")).device.empty());

  line.pass(10s);
  line.attach("a2");
  CHECK(line.heard("a2") == words{"states active mine in"});
  CHECK(line.person("a").device == device_id{"a2"});
  line.pass(20s);
  CHECK(line.heard("a2")
        == words{"out bob connection-lost v" + std::to_string(before.version + 2)});
  CHECK(line.in() == "a2");
  CHECK(line.person("b").present == 33s);
}

TEST_CASE("a lease goes on over a restart", "[video]") {
  video_line line{"a1"};
  line.create();
  line.enter("bob");
  auto due = line.now() + 4h;
  line.restart(1h);
  CHECK(line.machine().record().find(user_of("b"))->lease_until == due);
  CHECK(line.machine().leg_is_live_or_in_grace(user_of("b"), line.now()));

  SECTION("until it is over") {
    line.pass(3h);
    CHECK(line.record().ended_at == due);
    CHECK(line.record().reason == end_reason::timeout);
  }
  SECTION("or over while the server was away") {
    line.restart(10h);
    CHECK(line.record().ended_at == due);
    CHECK(line.person("b").present == 4h);
  }
  SECTION("or until a device comes") {
    line.attach("b1");
    CHECK_FALSE(line.person("b").lease_until);
    line.pass(10h);
    CHECK(line.in() == "bob");
  }
}

TEST_CASE("a leg without a lease that REST began waits for any device", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.enter("bob");
  line.restart();
  CHECK(line.machine().next_deadline() == line.now() + 30s);
  line.attach("b2");
  line.attach("b3");
  line.detach("b2");
  line.pass(10min);
  CHECK(line.in() == "bob");
}

TEST_CASE("deadlines of a video call go on over a restart", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  SECTION("the first join") {
    line.set("alice", call_status::active);
    auto due = line.now() + 10min;
    line.restart(1h);
    CHECK(line.record().ended_at == due);
    CHECK(word(line.record()) == "ended no-answer 600s");
  }
  SECTION("the invitations") {
    auto version = line.record().version;
    auto due = line.now() + 2h;
    line.restart(3h);
    CHECK(line.person("b").invited == invitation::expired);
    CHECK(line.record().version == version + 1);
    CHECK(line.record().video().updated_at == due);
    CHECK(line.record().at_rest());
  }
}

TEST_CASE("pending invitations are told again after a restart", "[video]") {
  video_line line{"b1"};
  line.create();
  line.restart(10s);
  line.attach("b2");
  CHECK(line.heard("b2") == words{"states created invited", "created by alice v1"});
}

TEST_CASE("a call that rested goes on where it was", "[video]") {
  video_line line{{"a1", "b1"}, facts_with("")};
  line.create();
  line.restart(24h);
  CHECK(line.record().at_rest());
  line.attach("b2");
  line.hush();
  CHECK(line.enter("b2") == "ok");
  CHECK(line.heard("b2") == words{"in bob v2"});
  CHECK(line.record().version == 2);
}

TEST_CASE("a deadline that a row should not have goes away", "[video]") {
  video_line line{{"a1"}, facts_with("b")};
  line.create();
  line.set("alice", call_status::active);
  line.enter("bob");
  auto row = line.record(); // changed by hand
  row.ring_deadline = line.now() + 1s;
  row.call_deadline = line.now() + 2s;
  auto restored =
      call::restore({}, row, {view_of(user_of("a")), view_of(user_of("b"))}, line.now());
  auto out = restored.expire(line.now() + 5s);
  CHECK_FALSE(out.ended);
  CHECK(out.record);
  CHECK(out.events.empty());
  CHECK_FALSE(restored.record().ring_deadline);
  CHECK_FALSE(restored.record().call_deadline);
  CHECK(restored.record().count_in() == 1);
}

TEST_CASE("what was due before the last change of a video call ends after it", "[video]") {
  video_line line{"a1"};
  line.create();
  line.enter("bob"); // on a lease, until 4 h; but no timer comes
  auto until = line.now() + 4h;
  auto& machine = line.machine();
  auto seen = machine.apply(
      command::answer_invitation{from("carol", call_kind::video), line.id, false}, until - 3h);
  REQUIRE(seen.record);
  auto touched =
      machine.apply(command::set_status{from("alice", call_kind::video), line.id}, until + 1min);
  REQUIRE(touched.record);
  auto users = touched.record->users();
  auto restored = call::restore(
      {}, *touched.record, {view_of(users[0]), view_of(users[1]), view_of(users[2])}, until + 2min);
  auto out = restored.expire(until + 2min);
  CHECK(out.ended);
  CHECK(restored.record().ended_at == until + 1min);
  CHECK(restored.record().duration_s == 0);
}
