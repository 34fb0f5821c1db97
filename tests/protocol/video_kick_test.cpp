#include "tests/catch.hpp"
#include "tests/protocol/video_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

/// All of them are in: Alice, who created it; Bob, an admin; Carol and Dave, moderators; Erin and
/// Frank.
video_line crowd() {
  video_line line{{"a1", "b1", "c1", "d1", "e1", "f1"}, facts_with("!bCDef")};
  line.create();
  for (auto device : {"a1", "b1", "c1", "d1", "e1", "f1"})
    line.enter(device);
  line.hush();
  return line;
}

} // namespace

TEST_CASE("everybody hears who was removed, and by whom", "[video]") {
  auto line = crowd();
  line.pass(4s);
  CHECK(line.kick("alice", "erin") == "ok");
  auto version = std::to_string(line.record().version);
  for (auto device : {"a1", "b1", "e1", "f1"})
    CHECK(line.heard(device) == words{"out erin kicked by alice v" + version});
  CHECK(line.person("e").left_at == line.now());
  CHECK(line.person("e").present == 4s);
  CHECK_FALSE(line.person("e").dropped);
  CHECK(line.in() == "a1 b1 c1 d1 f1");
}

TEST_CASE("who may remove whom", "[video]") {
  struct attempt {
    const char* who;
    const char* whom;
    const char* answer;
  };
  for (auto [who, whom, answer] : {attempt{"alice", "bob", "ok"},
                                   {"alice", "carol", "ok"},
                                   {"alice", "alice", "not_authorized"},
                                   {"bob", "alice", "not_authorized"},
                                   {"b1", "carol", "ok"},
                                   {"bob", "erin", "ok"},
                                   {"bob", "bob", "ok"},
                                   {"carol", "erin", "ok"},
                                   {"c1", "frank", "ok"},
                                   {"carol", "dave", "not_authorized"},
                                   {"carol", "bob", "not_authorized"},
                                   {"carol", "alice", "not_authorized"},
                                   {"carol", "carol", "not_authorized"},
                                   {"erin", "frank", "not_authorized"},
                                   {"erin", "erin", "not_authorized"},
                                   {"zoe", "erin", "call_not_found"},
                                   {"alice", "zoe", "not_in_call"},
                                   {"carol", "zoe", "not_in_call"}}) {
    auto line = crowd();
    INFO(who << " removes " << whom);
    CHECK(line.kick(who, whom) == answer);
    CHECK(line.silent() == (std::string_view{answer} != "ok"));
  }
}

TEST_CASE("an admin of the server may remove anybody but the creator", "[video]") {
  auto line = crowd();
  CHECK(line.kick("zoe", "bob", true) == "ok");
  CHECK(line.kick("erin", "carol", true) == "ok");
  CHECK(line.kick("zoe", "alice", true) == "not_authorized");
  CHECK(line.kick("zoe", "bob", true) == "not_in_call");
}

TEST_CASE("rights last when their user has left", "[video]") {
  auto line = crowd();
  line.leave("b1");
  CHECK(line.kick("bob", "erin") == "ok");
  CHECK(line.kick("bob", "erin") == "not_in_call");
}

TEST_CASE("who was removed may come back", "[video]") {
  auto line = crowd();
  line.kick("alice", "erin");
  line.hush();
  CHECK(line.leave("e1") == "ok");
  CHECK(line.silent());
  CHECK(line.enter("e1") == "ok");
  CHECK(line.in() == "a1 b1 c1 d1 e1 f1");
}

TEST_CASE("removing the last one ends the call", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.enter("b1");
  line.hush();
  CHECK(line.kick("alice", "bob") == "ok");
  CHECK(line.heard("b1") == words{"out bob kicked by alice v3", "over ended last-left by bob v4"});
  CHECK(line.kick("alice", "bob") == "not_in_call");
}
