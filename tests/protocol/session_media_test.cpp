#include "tests/catch.hpp"
#include "tests/protocol/session_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

/// Alice and Bob are in, Carol is not.
session_line talk(session_facts facts = {}) {
  session_line line{{"a1", "b1", "b2", "c1"}, "bc", std::move(facts)};
  line.open();
  line.join("a1");
  line.join("b1");
  line.hush();
  return line;
}

} // namespace

TEST_CASE("media start as the session's settings say, without sharing", "[session]") {
  session_facts facts;
  facts.video = GENERATE(false, true);
  facts.audio = GENERATE(false, true);
  auto line = talk(facts);
  media_state expected{facts.video, facts.audio, false};
  CHECK(line.person("b").media == expected);
  CHECK(line.person("b").ever == expected);
  CHECK(line.person("c").media == media_state{});
}

TEST_CASE("what one sends is told to the others that are in", "[session]") {
  auto line = talk();
  CHECK(line.set("b1", {.video = false, .sharing = true}) == "ok");
  CHECK(line.heard("a1") == words{"media b1 audio sharing"});
  CHECK(line.silent());
  CHECK(line.person("b").media == media_state{false, true, true});
  CHECK(line.person("b").version == line.record().version);
  CHECK(line.person("a").version < line.record().version);

  SECTION("over REST, too") {
    CHECK(line.set("bob", {.sharing = false}) == "ok");
    CHECK(line.heard("a1") == words{"media b1 audio"});
  }
  SECTION("what was ever on is remembered") {
    line.set("b1", {.audio = false, .sharing = false});
    CHECK(line.person("b").media == media_state{});
    CHECK(line.person("b").ever == media_state{true, true, true});
  }
  SECTION("also when nothing changed, which is not written") {
    auto count = line.written().size();
    CHECK(line.set("b1", {.sharing = true}) == "ok");
    CHECK(line.set("b1", {}) == "ok");
    CHECK(line.heard("a1") == words{"media b1 audio sharing", "media b1 audio sharing"});
    CHECK(line.written().size() == count);
  }
  SECTION("a new stay begins as the session's settings say") {
    line.leave("b1");
    line.join("b1");
    CHECK(line.person("b").media == media_state{true, true, false});
    CHECK(line.person("b").ever == media_state{true, true, true});
  }
  SECTION("a move keeps it") {
    line.join("b2");
    CHECK(line.person("b").media == media_state{false, true, true});
  }
}

TEST_CASE("only the device that has the leg, or REST, changes its media", "[session]") {
  auto line = talk();
  CHECK(line.set("b2", {.video = false}) == "not_authorized");
  CHECK(line.set("c1", {.video = false}) == "not_authorized");
  CHECK(line.set("carol", {.video = false}) == "not_authorized");
  CHECK(line.set("z1", {.video = false}) == "not_authorized");
  CHECK(line.silent());
  line.end("a1");
  CHECK(line.set("b1", {.video = false}) == "call_not_found");
}

TEST_CASE("sharing is refused where the session does not allow it", "[session]") {
  session_facts facts;
  facts.may_share = false;
  auto line = talk(facts);
  CHECK(line.set("b1", {.video = false, .sharing = true}) == "screen_share_refused");
  CHECK(line.silent());
  CHECK(line.person("b").media == media_state{true, true, false});
  CHECK(line.set("b1", {.sharing = false}) == "ok");
  CHECK(line.heard("a1") == words{"media b1 video audio"});
}
