#include "tests/actors/world.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("a ringing call whose deadline passed while the server was down is missed", "[restart]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto id = w.call(alice, "bob");
  w.restart(seconds{60});
  auto page = w.history("bob", true);
  REQUIRE(page->calls.size() == 1);
  CHECK(page->calls[0].call.id == id);
  CHECK(page->calls[0].call.status == call_status::missed);
}

TEST_CASE("a ringing call rings on after a restart", "[restart]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto id = w.call(alice, "bob");
  w.restart(seconds{2});
  auto alice2 = w.connect("alice", "a2");
  CHECK(alice2->last("callState").find(R"("state":"ringing")") != std::string::npos);
  auto bob2 = w.connect("bob", "b2");
  CHECK(bob2->names == std::vector<std::string>{"callState", "incomingCall"});
  REQUIRE(w.ask(bob2, command::accept{bob2->who, id}).ok());
  CHECK(alice2->count("callAccepted") == 1);
}

TEST_CASE("an active call is kept for the grace after a restart", "[restart]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto id = w.call(alice, "bob");
  REQUIRE(w.ask(bob, command::accept{bob->who, id}).ok());

  SECTION("both return") {
    w.restart(seconds{5});
    auto alice2 = w.connect("alice", "a2");
    auto bob2 = w.connect("bob", "b2");
    CHECK(alice2->names.back() == "peerReconnected");
    REQUIRE(
        w.ask(bob2, command::relay{bob2->who, id, user_id{"alice"}, relay_kind::offer, "{}"}).ok());
    CHECK(alice2->count("receiveOffer") == 1);
  }
  SECTION("one returns") {
    w.restart(seconds{5});
    auto alice2 = w.connect("alice", "a2");
    w.run(seconds{31});
    CHECK(alice2->last("callEnded").find(R"("endedBy":"bob")") != std::string::npos);
  }
  SECTION("nobody returns") {
    w.restart(seconds{5});
    w.run(seconds{31});
  }
  SECTION("the line is busy until then") {
    w.restart(seconds{5});
    auto carol = w.connect("carol", "c1");
    CHECK(w.ask(carol, w.initiate(carol, "bob")).error().code == error_code::user_busy);
    w.run(seconds{31});
    CHECK(w.ask(carol, w.initiate(carol, "bob")).error().code == error_code::user_offline);
  }
  w.run(seconds{40});
  auto past = w.history("alice");
  REQUIRE(past);
  for (const auto& view : past->calls)
    if (view.call.id == id && view.call.state() == call_state::ended)
      CHECK(view.call.reason == end_reason::connection_lost);
}
