#include "tests/catch.hpp"
#include "tests/protocol/video_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("everybody hears who leaves", "[video]") {
  video_line line{"a1", "b1", "c1"};
  line.create();
  line.enter("a1");
  line.enter("b1");
  line.hush();
  line.pass(90s);
  CHECK(line.leave("b1") == "ok");
  for (auto device : {"a1", "b1", "c1"})
    CHECK(line.heard(device) == words{"out bob left v4"});
  const auto& told = std::get<event::video_left>(line.last().events[0].what);
  CHECK(told.who == line.person("b"));
  CHECK(told.who.present == 90s);
  CHECK(told.call->count_in() == 1);
  CHECK(line.in() == "a1");
  CHECK(line.person("b").version == 4);
  CHECK(line.person("a").version == 2);
  CHECK_FALSE(line.last().ended);
}

TEST_CASE("leaving again gives the same answer and counts nothing", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.enter("a1");
  line.enter("b1");
  line.pass(10s);
  line.leave("b1");
  line.hush();
  auto count = line.written().size();
  line.pass(10s);
  CHECK(line.leave("b1") == "ok");
  CHECK(line.leave("bob") == "ok");
  CHECK(line.person("b").present == 10s);
  CHECK(line.written().size() == count);
  CHECK(line.silent());

  line.leave("a1");
  line.hush();
  CHECK(line.leave("bob") == "ok");
  CHECK(line.leave("alice") == "ok");
  CHECK(line.last().reply->value() == line.record());
  CHECK(line.silent());
}

TEST_CASE("who never was in cannot leave", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.enter("a1");
  CHECK(line.leave("b1") == "not_in_call");
  CHECK(line.leave("zoe") == "call_not_found");
  line.leave("a1");
  CHECK(line.leave("b1") == "not_in_call");

  video_line open{{"a1"}, facts_with("")};
  open.create();
  CHECK(open.leave("zoe") == "not_in_call");
  CHECK(open.record().users().size() == 1);
}

TEST_CASE("a user leaves with whichever device", "[video]") {
  video_line line{"a1", "b1", "b2"};
  line.create();
  line.enter("a1");
  line.enter("b1");
  SECTION("another one") { CHECK(line.leave("b2") == "ok"); }
  SECTION("or over REST") { CHECK(line.leave("bob") == "ok"); }
  SECTION("or one that is lost") {
    line.detach("b1");
    CHECK(line.leave("b1") == "ok");
  }
  CHECK(line.in() == "a1");
  CHECK(line.machine().next_deadline() == line.record().call_deadline);
}

TEST_CASE("the last one out ends the call", "[video]") {
  video_line line{"a1", "b1", "c1"};
  line.create();
  auto active = GENERATE(true, false);
  if (active)
    line.set("alice", call_status::active);
  line.enter("a1");
  line.enter("b1");
  line.leave("a1");
  line.pass(10s);
  line.hush();
  auto version = line.record().version;
  CHECK(line.leave("b1") == "ok");
  auto out = "out bob left v" + std::to_string(version + 1);
  auto over = "over ended last-left by bob v" + std::to_string(version + 2);
  for (auto device : {"a1", "b1", "c1"})
    CHECK(line.heard(device) == words{out, over});
  CHECK(line.ends() == 1);
  CHECK(line.record().ended_at == line.now());
  CHECK(line.record().started_at.has_value() == active);
  CHECK(line.record().duration_s == (active ? 10 : 0));
  CHECK(line.person("c").invited == invitation::expired);
  CHECK(line.person("c").version == line.record().version);
  CHECK_FALSE(line.record().call_deadline);
  CHECK_FALSE(line.machine().next_deadline());
}

TEST_CASE("who leaves in the same moment was in for no time", "[video]") {
  video_line line{"a1"};
  line.create();
  line.enter("a1");
  line.leave("a1");
  CHECK(line.person("a").present == 0ms);
  CHECK(line.person("a").left_at == line.person("a").joined_at);
}
