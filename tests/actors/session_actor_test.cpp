#include "tests/actors/world.hpp"

#include <caf/actor_registry.hpp>

using namespace carillon;
using namespace carillon::test;

TEST_CASE("actors end when there is nothing left to hold", "[session_actor]") {
  world w;
  auto at_rest = w.running_actors();
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  CHECK(w.running_actors() == at_rest + 2);
  auto id = w.call(alice, "bob");
  CHECK(w.running_actors() == at_rest + 3);
  REQUIRE(w.ask(alice, command::end{alice->who, id}).ok());
  CHECK(w.running_actors() == at_rest + 2);
  w.disconnect(alice);
  w.disconnect(bob);
  CHECK(w.running_actors() == at_rest);
}

TEST_CASE("a user has at most so many devices", "[session_actor]") {
  actors::engine_settings how;
  how.devices_per_user = 2;
  world w{how};
  auto first = w.connect("alice", "a1");
  auto second = w.connect("alice", "a2");
  auto third = w.connect("alice", "a3");
  CHECK(second->answers.at(8).ok());
  REQUIRE_FALSE(third->answers.at(8).ok());
  CHECK(third->answers.at(8).error().code == error_code::too_many_devices);
  CHECK(third->names.empty());
  w.disconnect(first);
  CHECK(w.connect("alice", "a4")->answers.at(8).ok());
}

TEST_CASE("a device that connects while it rings hears callState, then the ring",
          "[session_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  w.call(alice, "bob");
  auto late = w.connect("bob", "b2");
  CHECK(late->names == std::vector<std::string>{"callState", "incomingCall"});
  CHECK(bob->count("incomingCall") == 1);
}

TEST_CASE("an offline receiver rings where the operator says so", "[session_actor]") {
  actors::engine_settings how;
  how.policy.ring_offline = true;
  world w{how};
  auto alice = w.connect("alice", "a1");
  w.know("bob");
  auto id = w.call(alice, "bob");
  w.run(seconds{10});
  auto bob = w.connect("bob", "b1");
  CHECK(bob->count("incomingCall") == 1);
  REQUIRE(w.ask(bob, command::accept{bob->who, id}).ok());
  CHECK(alice->count("callAccepted") == 1);
}

TEST_CASE("with call waiting a busy receiver rings", "[session_actor]") {
  actors::engine_settings how;
  how.policy.call_waiting = true;
  world w{how};
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto carol = w.connect("carol", "c1");
  auto first = w.call(alice, "bob");
  REQUIRE(w.ask(bob, command::accept{bob->who, first}).ok());
  auto second = w.call(carol, "bob");
  CHECK(bob->count("incomingCall") == 2);
  REQUIRE(w.ask(bob, command::reject{bob->who, second}).ok());
  CHECK(carol->names.back() == "callRejected");
  CHECK(bob->in_call);
}
