#include "protocol/chronicle.hpp"

#include "tests/catch.hpp"
#include "tests/protocol/call_fixture.hpp"
#include "tests/protocol/session_fixture.hpp"
#include "tests/protocol/video_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

// -- direct calls --------------------------------------------------------------

TEST_CASE("the timeline of a direct call", "[chronicle]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  CHECK(line.timeline_words() == words{"ring alice>bob"});
  line.pass(2s);
  line.relay("a1", "b", "1", relay_kind::offer); // kept until the accept
  line.accept("b1");
  line.pass(1s);
  line.relay("b1", "a", "2", relay_kind::answer);
  line.relay("b1", "a", "3");
  line.pass(10ms);
  line.relay("b1", "a", "4");
  line.pass(1s);
  line.end("b1");
  CHECK(line.timeline_words()
        == words{"ring alice>bob", "accept bob>alice", "offer alice>bob", "answer bob>alice",
                 "candidates bob>alice x2", "end bob hangup"});
  auto told = line.told().so_far();
  CHECK(told.status == call_status::completed);
  CHECK(told.steps[1].at - told.created_at == 2s);
  CHECK(told.steps[4].until - told.steps[4].at == 10ms);
  CHECK(told.ended_at == told.steps.back().at);
}

TEST_CASE("a refused call has just its end", "[chronicle]") {
  call_line line{"a1", "b1"};
  line.initiate("a1", placement::receiver_busy);
  CHECK(line.timeline_words() == words{"end busy"});
}

TEST_CASE("a call ends without anybody, too", "[chronicle]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  SECTION("nobody answers") {
    line.pass(45s);
    CHECK(line.timeline_words() == words{"ring alice>bob", "end no-answer"});
  }
  SECTION("the receiver declines") {
    line.reject("b1");
    CHECK(line.timeline_words() == words{"ring alice>bob", "end bob rejected"});
  }
  SECTION("a device does not come back") {
    line.accept("b1");
    line.pass(1s);
    line.detach("a1");
    line.pass(30s);
    CHECK(
        line.timeline_words()
        == words{"ring alice>bob", "accept bob>alice", "drop alice", "end alice connection-lost"});
  }
}

TEST_CASE("who loses the device is away until there is one again", "[chronicle]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.accept("b1");
  line.pass(1s);
  line.relay("a1", "b", "1", relay_kind::offer);
  line.pass(1s);
  line.detach("b1");
  CHECK(line.told().told().away() == 1);
  line.pass(1s);
  line.attach("b2");
  CHECK(line.told().told().away() == 0);
  line.pass(1s);
  line.relay("b2", "a", "2", relay_kind::offer);
  line.pass(1s);
  line.end("a1");
  CHECK(line.timeline_words()
        == words{"ring alice>bob", "accept bob>alice", "offer alice>bob", "drop bob", "back bob",
                 "offer bob>alice", "end alice hangup"});
}

TEST_CASE("after a restart everybody is away", "[chronicle]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.pass(2s);
  line.accept("b1");
  line.pass(5s);
  line.restart(1s);
  CHECK(line.told().told().away() == 2);
  line.attach("a2");
  line.pass(1s);
  line.attach("b2");
  line.pass(1s);
  line.end("b2");
  CHECK(line.timeline_words()
        == words{"ring alice>bob", "accept bob>alice", "restored", "back alice", "back bob",
                 "end bob hangup"});
}

// -- sessions and video --------------------------------------------------------

TEST_CASE("the timeline of a session", "[chronicle]") {
  session_line line{{"a1", "b1", "c1"}};
  line.open();
  line.pass(1s);
  line.join("a1");
  line.join("b1");
  line.pass(1s);
  line.join("c1");
  line.pass(1s);
  line.attach("b2");
  line.join("b2");
  line.pass(1s);
  line.detach("c1");
  line.pass(30s);
  line.leave("b2");
  line.pass(1s);
  line.end("a1");
  CHECK(line.timeline_words()
        == words{"ring alice>bob", "ring alice>carol", "join alice", "join bob", "join carol",
                 "move bob", "drop carol", "leave carol connection-lost", "leave bob",
                 "end alice hangup"});
}

TEST_CASE("who comes back to a session at another device is back, and did not move",
          "[chronicle]") {
  session_line line{{"a1", "b1", "c1"}};
  line.open();
  line.join("a1");
  line.join("b1");
  line.pass(1s);
  line.detach("b1");
  line.pass(1s);
  line.attach("b2");
  CHECK(line.timeline_words()
        == words{"ring alice>bob", "ring alice>carol", "join alice", "join bob", "drop bob",
                 "back bob"});
  line.pass(1s);
  line.restart(1s);
  line.attach("b3");
  CHECK(line.timeline_words()
        == words{"ring alice>bob", "ring alice>carol", "join alice", "join bob", "restored",
                 "back bob"});
}

TEST_CASE("the last one who leaves ends a session", "[chronicle]") {
  session_line line{"a1", "b1"};
  line.open();
  line.join("b1");
  line.pass(1s);
  line.leave("b1");
  CHECK(line.timeline_words()
        == words{"ring alice>bob", "ring alice>carol", "join bob", "end bob last-left"});
}

TEST_CASE("a session that was restored tells what its record knows", "[chronicle]") {
  session_line line{{"a1", "b1", "c1"}};
  line.open();
  line.pass(1s);
  line.join("a1");
  line.pass(1s);
  line.join("b1");
  line.join("c1");
  line.pass(1s);
  line.leave("b1");
  line.pass(1s);
  line.restart(1s);
  CHECK(line.timeline_words()
        == words{"ring alice>bob", "ring alice>carol", "join alice", "join bob", "join carol",
                 "leave bob", "restored"});
  CHECK(line.told().told().away() == 2);
  line.pass(1s);
  line.attach("c1");
  line.pass(30s);
  CHECK(line.timeline_words().back() == "leave alice connection-lost");
}

TEST_CASE("an administrator who ends a session gets a lifeline", "[chronicle]") {
  session_line line({"a1", "b1"}, "b");
  line.open();
  line.end("zoe", true);
  auto told = line.told().so_far();
  REQUIRE(told.people.size() == 3);
  CHECK(told.people.back() == user_of("zoe"));
  CHECK(told.steps.back().from == 2);
}

TEST_CASE("people whom a video call gains get lifelines", "[chronicle]") {
  video_line line{{"a1", "b1", "d1"}, facts_with("")};
  line.create();
  line.pass(1s);
  line.enter("alice");
  line.pass(1s);
  line.enter("d1");
  line.pass(1s);
  line.kick("alice", "d");
  line.pass(1s);
  line.set("alice", call_status::ended);
  CHECK(line.timeline_words()
        == words{"join alice", "join dave", "leave dave", "end alice hangup"});
}

TEST_CASE("who came in over REST is away without a device, too", "[chronicle]") {
  video_line line{{"a1", "b1", "d1"}, facts_with("")};
  line.create();
  line.enter("alice");
  line.enter("dave");
  line.pass(1s);
  line.detach("d1");
  CHECK(line.told().told().away() == 1);
  line.pass(1s);
  line.attach("d2");
  CHECK(line.told().told().away() == 0);
  line.pass(1s);
  line.detach("d2");
  line.pass(30s);
  CHECK(line.timeline_words()
        == words{"join alice", "join dave", "drop dave", "back dave", "drop dave",
                 "leave dave connection-lost"});
}
