#include "tests/catch.hpp"
#include "tests/protocol/call_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("offer, answer and candidates go to the other side as they are", "[call]") {
  call_line line{"a1", "a2", "b1", "b2"};
  line.initiate("a1");
  line.accept("b1");
  line.hush();
  CHECK(line.relay("a1", "bob", R"({"type":"offer","sdp":"v=0\r\n"})", relay_kind::offer) == "ok");
  CHECK(line.heard("b1") == words{R"(offer alice {"type":"offer","sdp":"v=0\r\n"})"});
  CHECK(line.relay("b1", "alice", R"({ "sdp" : "…" })", relay_kind::answer) == "ok");
  CHECK(line.relay("b1", "alice", "[1,2]") == "ok");
  CHECK(line.heard("a1") == words{R"(answer bob { "sdp" : "…" })", "candidate bob [1,2]"});
  CHECK(line.silent());
  CHECK(line.written().size() == 2);
}

TEST_CASE("relays wait for no commit", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.accept("b1");
  line.relay("a1", "bob", "1");
  REQUIRE(line.last().events.size() == 1);
  CHECK_FALSE(line.last().events[0].durable);
}

TEST_CASE("another device of the same user may not signal", "[call]") {
  call_line line{"a1", "a2", "b1", "b2"};
  line.initiate("a1");
  line.hush();
  CHECK(line.relay("a2", "bob", "1") == "not_authorized");
  line.accept("b1");
  line.hush();
  CHECK(line.relay("a2", "bob", "1") == "not_authorized");
  CHECK(line.relay("b2", "alice", "1") == "not_authorized");
  line.attach("a3");
  line.attach("b3");
  line.hush();
  CHECK(line.relay("a3", "bob", "1") == "not_authorized");
  CHECK(line.relay("b3", "alice", "1") == "not_authorized");
  CHECK(line.silent());
}

TEST_CASE("a relay from or to someone who is not in the call is refused", "[call]") {
  auto active = GENERATE(false, true);
  call_line line{"a1", "b1"};
  line.initiate("a1");
  if (active)
    line.accept("b1");
  line.hush();
  CHECK(line.relay("c1", "bob", "1") == "not_authorized");
  CHECK(line.relay("c1", "alice", "1") == "not_authorized");
  CHECK(line.relay("a1", "carol", "1") == "not_authorized");
  CHECK(line.relay("a1", "alice", "1") == "not_authorized");
  CHECK(line.silent());
}

TEST_CASE("a relay after the end is refused", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  SECTION("of a call that was accepted") {
    line.accept("b1");
    line.end("b1");
  }
  SECTION("of one that was not") { line.end("a1"); }
  line.hush();
  CHECK(line.relay("a1", "bob", "1") == "call_not_found");
  CHECK(line.relay("b1", "alice", "1") == "call_not_found");
  CHECK(line.silent());
}

TEST_CASE("what the caller sends before the accept is for the device that accepts", "[call]") {
  call_line line{"a1", "b1", "b2"};
  line.initiate("a1");
  line.hush();
  CHECK(line.relay("a1", "bob", "o", relay_kind::offer) == "ok");
  CHECK(line.relay("a1", "bob", "1") == "ok");
  CHECK(line.relay("a1", "bob", "2") == "ok");
  CHECK(line.silent());
  line.accept("b2");
  CHECK(line.heard("b2")
        == words{"accepted-confirm", "offer alice o", "candidate alice 1", "candidate alice 2"});
  CHECK(line.heard("b1") == words{"elsewhere"});
  line.relay("a1", "bob", "3");
  CHECK(line.heard("b2") == words{"candidate alice 3"});
}

TEST_CASE("of what the receiver's devices send before the accept, the winner's counts", "[call]") {
  call_line line{"a1", "b1", "b2"};
  line.initiate("a1");
  line.hush();
  CHECK(line.relay("b1", "alice", "x") == "ok");
  CHECK(line.relay("b2", "alice", "1") == "ok");
  CHECK(line.relay("b1", "alice", "y") == "ok");
  CHECK(line.relay("b2", "alice", "2") == "ok");
  CHECK(line.silent());
  line.accept("b2");
  CHECK(line.heard("a1") == words{"accepted bob", "candidate bob 1", "candidate bob 2"});
}

TEST_CASE("up to 30 messages a leg wait for the accept", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.hush();
  words expected{"accepted-confirm"};
  for (int i = 1; i <= 30; ++i) {
    CHECK(line.relay("a1", "bob", std::to_string(i)) == "ok");
    CHECK(line.relay("b1", "alice", std::to_string(i)) == "ok");
    expected.push_back("candidate alice " + std::to_string(i));
  }
  CHECK(line.relay("a1", "bob", "31") == "early_relay_limit");
  CHECK(line.relay("b1", "alice", "31") == "early_relay_limit");
  line.accept("b1");
  CHECK(line.heard("b1") == expected);
  CHECK(line.heard("a1").size() == 31);
  CHECK(line.relay("a1", "bob", "32") == "ok");
  CHECK(line.heard("b1") == words{"candidate alice 32"});
}

TEST_CASE("what waited for an accept that never came is not delivered", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.relay("a1", "bob", "1");
  line.relay("b1", "alice", "2");
  line.hush();
  line.reject("b1");
  CHECK(line.heard("b1") == words{"rejected-confirm"});
  CHECK(line.heard("a1") == words{"rejected bob"});
}

TEST_CASE("early messages are handed over at a glare, too", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.relay("a1", "bob", "1");
  line.hush();
  line.again("b1");
  CHECK(line.heard("b1")
        == words{"initiated alice glare", "accepted-confirm", "candidate alice 1"});
}

TEST_CASE("a leg begun over REST belongs to the device that signals first", "[call]") {
  call_line line{"a1", "a2", "b1"};
  line.initiate("alice");
  line.accept("b1");
  line.hush();
  CHECK(line.relay("b1", "alice", "1") == "ok");
  CHECK(line.heard("a1") == words{"candidate bob 1"});
  CHECK(line.heard("a2") == words{"candidate bob 1"});
  CHECK(line.relay("a2", "bob", "2") == "ok");
  CHECK(line.heard("b1") == words{"candidate alice 2"});
  CHECK(line.relay("b1", "alice", "3") == "ok");
  CHECK(line.heard("a2") == words{"candidate bob 3"});
  CHECK(line.relay("a1", "bob", "4") == "not_authorized");
  CHECK(line.silent());
}

TEST_CASE("a leg begun over REST can be bound while it still rings", "[call]") {
  call_line line{"a1", "a2", "b1"};
  line.initiate("alice");
  line.hush();
  CHECK(line.relay("a2", "bob", "o", relay_kind::offer) == "ok");
  CHECK(line.relay("a1", "bob", "x") == "not_authorized");
  line.accept("b1");
  CHECK(line.heard("a2") == words{"accepted bob"});
  CHECK(line.heard("a1").empty());
  CHECK(line.heard("b1") == words{"accepted-confirm", "offer alice o"});
}

TEST_CASE("both legs over REST: everything goes to everybody until someone signals", "[call]") {
  call_line line{"a1", "a2", "b1", "b2"};
  line.initiate("alice");
  line.accept("bob");
  line.hush();
  CHECK(line.relay("a1", "bob", "1") == "ok");
  CHECK(line.heard("b1") == words{"candidate alice 1"});
  CHECK(line.heard("b2") == words{"candidate alice 1"});
  CHECK(line.relay("b2", "alice", "2") == "ok");
  CHECK(line.heard("a1") == words{"candidate bob 2"});
  CHECK(line.heard("b1") == words{"elsewhere"});
  CHECK(line.silent());
}

TEST_CASE("messages from one side arrive in the order in which they were sent", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  words expected{"incoming alice video", "accepted-confirm"};
  for (int i = 0; i < 200; ++i) {
    if (i == 20)
      line.accept("b1");
    CHECK(line.relay("a1", "bob", std::to_string(i)) == "ok");
    expected.push_back("candidate alice " + std::to_string(i));
  }
  CHECK(line.heard("b1") == expected);
}

TEST_CASE("a relay keeps its ticket until it is handed over", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  relay_ticket ticket = std::make_shared<int>();
  auto send = [&] {
    return line.run(
        command::relay{from("a1"), line.id, user_of("b"), relay_kind::candidate, "1", {}, ticket});
  };
  SECTION("also before the accept") {
    CHECK(send() == "ok");
    CHECK(line.last().events.empty());
    CHECK(ticket.use_count() == 2);
    line.accept("b1");
    CHECK(ticket.use_count() == 2); // in the event
    line.pass(1s);
    CHECK(ticket.use_count() == 1);
  }
  SECTION("in an active call") {
    line.accept("b1");
    CHECK(send() == "ok");
    CHECK(ticket.use_count() == 2);
    line.pass(1s);
    CHECK(ticket.use_count() == 1);
  }
  SECTION("but not when the call ends instead") {
    CHECK(send() == "ok");
    line.end("a1");
    CHECK(ticket.use_count() == 1);
  }
}
