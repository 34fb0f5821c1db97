#include "tests/actors/world.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

strings since(const device_ptr& which, std::size_t from) {
  return {which->names.begin() + static_cast<std::ptrdiff_t>(from), which->names.end()};
}

client_command relay(const device_ptr& from, const call_id& call, const std::string& to,
                     std::string payload) {
  return command::relay{from->who, call, user_id{to}, relay_kind::candidate, std::move(payload)};
}

} // namespace

TEST_CASE("a call runs from the ring to the history", "[call_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  CHECK(alice->names == strings{"callState"});

  auto id = w.call(alice, "bob");
  CHECK(since(alice, 1) == strings{"callInitiated"});
  CHECK(since(bob, 1) == strings{"incomingCall"});
  CHECK(alice->in_call);
  CHECK_FALSE(bob->in_call);

  REQUIRE(w.ask(bob, command::accept{bob->who, id}).ok());
  CHECK(since(bob, 2) == strings{"callAcceptedConfirm"});
  CHECK(since(alice, 2) == strings{"callAccepted"});
  CHECK(bob->in_call);

  REQUIRE(w.ask(alice, relay(alice, id, "bob", R"({"n":1})")).ok());
  CHECK(bob->last("receiveIceCandidate").find(R"("candidate":{"n":1})") != std::string::npos);

  w.run(seconds{90});
  REQUIRE(w.ask(alice, command::end{alice->who, id}).ok());
  CHECK(since(alice, 3) == strings{"callEnded", "callEndedConfirm"});
  CHECK(since(bob, 4) == strings{"callEnded"});
  CHECK_FALSE(alice->in_call);
  CHECK_FALSE(bob->in_call);

  auto page = w.history("bob");
  REQUIRE(page.ok());
  REQUIRE(page->calls.size() == 1);
  CHECK(page->calls[0].call.status == call_status::completed);
  CHECK(page->calls[0].call.duration_s == 90);
  CHECK(page->calls[0].caller().user->display_name() == "alice's name");
  CHECK(page->calls[0].caller().online);
}

TEST_CASE("the ring does not wait for the commit, and callInitiated comes first", "[call_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  w.submit(alice, w.initiate(alice, "bob"));
  w.scheduler().run(); // no time passes: the batch is not written yet
  REQUIRE(bob->count("incomingCall") == 1);
  CHECK(alice->count("callInitiated") == 0);
  CHECK(alice->answers.count(1) == 0);

  auto text = bob->last("incomingCall");
  call_id id{text.substr(text.find("callId\":\"") + 9, 24)};
  w.submit(bob, command::accept{bob->who, id}, 2);
  w.scheduler().run();
  CHECK(bob->count("callAcceptedConfirm") == 1);
  CHECK(alice->count("callAccepted") == 0);
  w.run();
  CHECK(since(alice, 1) == strings{"callInitiated", "callAccepted"});
  CHECK(alice->answers.at(1).ok());
  CHECK(bob->answers.at(2).ok());
}

TEST_CASE("no answer within the ring timeout", "[call_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  w.call(alice, "bob");
  w.run(seconds{44});
  CHECK(alice->count("callEnded") == 0);
  w.run(seconds{2});
  CHECK(alice->last("callEnded").find(R"("reason":"no-answer")") != std::string::npos);
  CHECK(bob->count("callEnded") == 1);
  CHECK(w.history("bob", true)->calls.size() == 1);
  CHECK(w.history("alice", true)->calls.empty());
}

TEST_CASE("both are free before either hears of the end", "[call_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto id = w.call(alice, "bob");
  REQUIRE(w.ask(bob, command::accept{bob->who, id}).ok());
  w.submit(alice, command::end{alice->who, id});
  // As soon as one of them has heard of it, step by step.
  while (bob->count("callEnded") == 0 && alice->count("callEnded") == 0)
    w.scheduler().run_once();
  w.submit(bob, w.initiate(bob, "alice"), 2);
  w.run();
  CHECK(bob->answers.at(2).ok());
  CHECK(alice->count("incomingCall") == 1);
}

TEST_CASE("busy, offline and the second call of a caller are refused", "[call_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto carol = w.connect("carol", "c1");
  w.know("dave");
  w.call(alice, "bob");

  auto busy = w.ask(carol, w.initiate(carol, "bob"));
  REQUIRE_FALSE(busy.ok());
  CHECK(busy.error().code == error_code::user_busy);
  CHECK(since(carol, 1) == strings{"callRejected"});

  auto offline = w.ask(carol, w.initiate(carol, "dave"));
  CHECK(offline.error().code == error_code::user_offline);
  CHECK(since(carol, 2) == strings{"userNotAvailable"});
  CHECK(w.history("dave", true)->calls.size() == 1);

  CHECK(w.ask(alice, w.initiate(alice, "carol")).error().code == error_code::caller_busy);
  CHECK(carol->count("incomingCall") == 0);
  CHECK(w.ask(alice, w.initiate(alice, "nobody")).error().code == error_code::receiver_not_found);
}

TEST_CASE("a duplicate gives the same call, glare makes one of two", "[call_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto id = w.call(alice, "bob");
  CHECK(w.call(alice, "bob") == id);
  CHECK(bob->count("incomingCall") == 1);

  CHECK(w.call(bob, "alice") == id);
  CHECK(bob->last("callInitiated").find(R"("glare":true)") != std::string::npos);
  CHECK(since(bob, 2) == strings{"callInitiated", "callAcceptedConfirm"});
  CHECK(alice->count("callAccepted") == 1);
  CHECK(alice->count("incomingCall") == 0);
}

TEST_CASE("both initiate in the same moment", "[call_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  w.submit(alice, w.initiate(alice, "bob"));
  w.submit(bob, w.initiate(bob, "alice"));
  w.run();
  CHECK(call_of(alice->answers.at(1)).call.id == call_of(bob->answers.at(1)).call.id);
  CHECK(alice->count("callAccepted") == 1);
  CHECK(bob->count("callAcceptedConfirm") == 1);
}

TEST_CASE("one accept wins and the other device is told", "[call_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto phone = w.connect("bob", "b1");
  auto laptop = w.connect("bob", "b2");
  auto id = w.call(alice, "bob");
  w.submit(phone, command::accept{phone->who, id});
  w.submit(laptop, command::accept{laptop->who, id});
  w.run();
  CHECK(phone->answers.at(1).ok());
  CHECK(laptop->answers.at(1).error().code == error_code::already_processed);
  CHECK(since(laptop, 1) == strings{"incomingCall", "callAnsweredElsewhere"});
  REQUIRE(w.ask(laptop, command::end{laptop->who, id}).ok());
  CHECK(laptop->names.back() == "callEndedConfirm");
  CHECK(alice->count("callEnded") == 0);
}

TEST_CASE("a device that returns within the grace takes the leg over", "[call_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto id = w.call(alice, "bob");
  REQUIRE(w.ask(bob, command::accept{bob->who, id}).ok());

  w.disconnect(bob);
  CHECK(alice->names.back() == "peerReconnecting");
  w.run(seconds{20});
  auto again = w.connect("bob", "b2");
  CHECK(again->last("callState").find(R"("state":"active")") != std::string::npos);
  CHECK(alice->names.back() == "peerReconnected");
  REQUIRE(w.ask(again, relay(again, id, "alice", "{}")).ok());

  w.disconnect(again);
  w.run(seconds{31});
  CHECK(alice->last("callEnded").find(R"("reason":"connection-lost")") != std::string::npos);
  CHECK(w.history("alice")->calls.at(0).call.ended_by == user_id{"bob"});
}

TEST_CASE("endCall for a call that is over gets the same confirmation again", "[call_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto id = w.call(alice, "bob");
  REQUIRE(w.ask(bob, command::accept{bob->who, id}).ok());
  REQUIRE(w.ask(alice, command::end{alice->who, id}).ok());
  auto seen = alice->names.size();
  REQUIRE(w.ask(bob, command::end{bob->who, id}).ok());
  CHECK(bob->names.back() == "callEndedConfirm");
  CHECK(alice->names.size() == seen);
  CHECK(w.ask(alice, relay(alice, id, "bob", "{}")).error().code == error_code::call_not_found);

  w.restart(); // from the store now
  auto bob2 = w.connect("bob", "b2");
  auto repeated = w.ask(bob2, command::end{bob2->who, id});
  CHECK(call_of(repeated).call.status == call_status::completed);
  CHECK(bob2->last("callEndedConfirm") == bob->last("callEndedConfirm"));
  CHECK(w.ask(bob2, command::end{bob2->who, call_id{"none"}}).error().code
        == error_code::call_not_found);
}

TEST_CASE("endCall between the end and its commit is confirmed too", "[call_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto id = w.call(alice, "bob");
  REQUIRE(w.ask(bob, command::accept{bob->who, id}).ok());
  w.submit(alice, command::end{alice->who, id});
  w.scheduler().run(); // no time passes: the end is not committed yet
  REQUIRE(bob->count("callEnded") == 1);
  w.submit(bob, command::end{bob->who, id});
  w.submit(alice, command::end{alice->who, id}, 2);
  w.scheduler().run();
  CHECK(bob->count("callEndedConfirm") == 0);
  w.run();
  CHECK(bob->count("callEndedConfirm") == 1);
  CHECK(alice->count("callEndedConfirm") == 2);
  CHECK(alice->count("callEnded") == 1);
  CHECK(bob->count("callEnded") == 1);
}

TEST_CASE("a REST call rings sockets and binds to the device that signals", "[call_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto made =
      w.ask_rest(command::initiate{{user_id{"alice"}, {}}, user_id{"bob"}, media_type::audio});
  auto id = call_of(made).call.id;
  CHECK(bob->count("incomingCall") == 1);
  CHECK(alice->count("callInitiated") == 1);
  REQUIRE(w.ask_rest(command::accept{{user_id{"bob"}, {}}, id}).ok());
  CHECK(alice->count("callAccepted") == 1);
  REQUIRE(w.ask(alice, relay(alice, id, "bob", "{}")).ok());
  CHECK(bob->count("receiveIceCandidate") == 1);
  auto tablet = w.connect("alice", "a2");
  CHECK(w.ask(tablet, relay(tablet, id, "bob", "{}")).error().code == error_code::not_authorized);
}

TEST_CASE("a step of the wall clock loses no deadline", "[call_actor]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  w.call(alice, "bob");
  w.run(seconds{40});
  SECTION("back") {
    w.time().step(seconds{-5});
    w.run(seconds{9});
    CHECK(alice->count("callEnded") == 0);
    w.run(seconds{3});
  }
  SECTION("forward") {
    w.time().step(seconds{4});
    w.run(seconds{6});
  }
  CHECK(alice->count("callEnded") == 1);
  CHECK(w.ask(bob, w.initiate(bob, "alice")).ok());
}
