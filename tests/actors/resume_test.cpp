#include "tests/actors/world.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

client_command candidate(const device_ptr& from, const call_id& call, const std::string& to, int n) {
  return command::relay{from->who, call, user_id{to}, relay_kind::candidate, std::to_string(n)};
}

/// How many resumed, and how many could not.
strings resumes(const world& w) {
  return {std::to_string(w.counts.resumes.load()), std::to_string(w.counts.resumes_failed.load())};
}

/// Alice and Bob talk.
struct talk {
  world w;
  device_ptr alice = w.connect("alice", "a1");
  device_ptr bob = w.connect("bob", "b1");
  call_id id = w.call(alice, "bob");

  talk() { REQUIRE(w.ask(bob, command::accept{bob->who, id}).ok()); }
};

} // namespace

TEST_CASE("a device that resumes gets what it missed, in order, once", "[resume]") {
  talk t;
  t.w.lose(t.bob);
  CHECK(t.alice->names.back() == "peerReconnecting");
  for (int n = 0; n < 5; ++n)
    REQUIRE(t.w.ask(t.alice, candidate(t.alice, t.id, "bob", n)).ok());
  CHECK(resumes(t.w) == strings{"0", "0"});
  auto again = t.w.resume(t.bob, "b2");
  CHECK(again->welcome().recovered);
  CHECK(resumes(t.w) == strings{"1", "0"});
  CHECK(again->welcome().device == t.bob->who.device);
  CHECK(again->names == strings{"receiveIceCandidate", "receiveIceCandidate",
                                "receiveIceCandidate", "receiveIceCandidate",
                                "receiveIceCandidate", "callState"});
  CHECK(again->texts[0].find(R"("candidate":0)") != std::string::npos);
  CHECK(again->texts[4].find(R"("candidate":4)") != std::string::npos);
  CHECK(t.alice->names.back() == "peerReconnected");
  CHECK(again->in_call);
  REQUIRE(t.w.ask(again, candidate(again, t.id, "alice", 9)).ok());
  CHECK(t.alice->names.back() == "receiveIceCandidate");
}

TEST_CASE("only what came after the client's offset is sent again", "[resume]") {
  talk t;
  for (int n = 0; n < 4; ++n)
    REQUIRE(t.w.ask(t.alice, candidate(t.alice, t.id, "bob", n)).ok());
  // The last two never reached the client, although the server had sent them.
  t.bob->offsets.resize(t.bob->offsets.size() - 2);
  t.w.lose(t.bob);
  auto again = t.w.resume(t.bob, "b2");
  CHECK(again->names == strings{"receiveIceCandidate", "receiveIceCandidate", "callState"});
}

TEST_CASE("a lost device is no device until it is back", "[resume]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  w.lose(bob);
  CHECK(w.ask(alice, w.initiate(alice, "bob")).error().code == error_code::user_offline);
  auto again = w.resume(bob, "b2");
  CHECK(w.ask(alice, w.initiate(alice, "bob")).ok());
  CHECK(again->count("incomingCall") == 1);
}

TEST_CASE("a blink while it rings brings no second ring", "[resume]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto id = w.call(alice, "bob");
  w.lose(bob);
  w.lose(alice);
  auto bob2 = w.resume(bob, "b2");
  auto alice2 = w.resume(alice, "a2");
  CHECK(bob2->names == strings{"callState"});
  REQUIRE(w.ask(bob2, command::accept{bob2->who, id}).ok());
  CHECK(alice2->names == strings{"callState", "callAccepted"});
}

TEST_CASE("a ring that began while the device was away comes when it is back", "[resume]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto phone = w.connect("bob", "b1");
  auto laptop = w.connect("bob", "b2");
  w.lose(phone);
  w.call(alice, "bob");
  auto again = w.resume(phone, "b3");
  CHECK(again->names == strings{"callState", "incomingCall"});
}

TEST_CASE("the end of a call that a device missed waits for it", "[resume]") {
  talk t;
  t.w.lose(t.bob);
  REQUIRE(t.w.ask(t.alice, command::end{t.alice->who, t.id}).ok());
  auto again = t.w.resume(t.bob, "b2");
  CHECK(again->names == strings{"callEnded", "callState"});
}

TEST_CASE("who missed too much is not recovered", "[resume]") {
  talk t;
  t.w.lose(t.bob);
  SECTION("too many events") {
    for (int n = 0; n < 257; ++n)
      t.w.submit(t.alice, candidate(t.alice, t.id, "bob", n));
  }
  SECTION("too many bytes") {
    for (int n = 0; n < 20; ++n)
      t.w.submit(t.alice, command::relay{t.alice->who, t.id, user_id{"bob"}, relay_kind::offer,
                                         '"' + std::string(60'000, 'x') + '"'});
  }
  t.w.run();
  auto again = t.w.resume(t.bob, "b2");
  CHECK_FALSE(again->welcome().recovered);
  CHECK(resumes(t.w) == strings{"0", "1"});
  CHECK(again->who.device == device_id{"b2"});
  CHECK(again->names == strings{"callState"});
  // A new device of the user, within the grace: the leg is its own.
  CHECK(t.alice->names.back() == "peerReconnected");
}

TEST_CASE("exactly as much as is kept is recovered", "[resume]") {
  talk t;
  t.w.lose(t.bob);
  for (int n = 0; n < 256; ++n)
    t.w.submit(t.alice, candidate(t.alice, t.id, "bob", n));
  t.w.run();
  auto again = t.w.resume(t.bob, "b2");
  CHECK(again->welcome().recovered);
  CHECK(again->count("receiveIceCandidate") == 256);
}

TEST_CASE("a lost device is forgotten after two minutes", "[resume]") {
  world w;
  auto at_rest = w.running_actors();
  auto bob = w.connect("bob", "b1");
  w.lose(bob);
  w.run(seconds{100});
  CHECK(w.running_actors() == at_rest + 1);
  SECTION("just in time") {
    auto again = w.resume(bob, "b2");
    CHECK(again->welcome().recovered);
  }
  SECTION("too late") {
    w.run(seconds{30});
    CHECK(w.running_actors() == at_rest);
    auto again = w.resume(bob, "b2");
    CHECK_FALSE(again->welcome().recovered);
  }
}

TEST_CASE("a device resumes although its old connection seems to be open", "[resume]") {
  talk t;
  auto again = t.w.resume(t.bob, "b2");
  CHECK(again->welcome().recovered);
  CHECK(t.bob->closed == close_reason::replaced);
  t.w.lose(t.bob); // its end is noticed at last
  CHECK(t.alice->count("peerReconnecting") == 0);
  REQUIRE(t.w.ask(again, candidate(again, t.id, "alice", 1)).ok());
}

TEST_CASE("nobody resumes with a wrong pid", "[resume]") {
  talk t;
  t.w.lose(t.bob);
  auto thief = std::make_shared<device>(user_id{"carol"}, device_id{"c1"});
  thief->answers.emplace(8, t.bob->answers.at(8));
  auto carol = t.w.resume(thief, "c2");
  CHECK_FALSE(carol->welcome().recovered);
  CHECK(resumes(t.w) == strings{"0", "1"});
  CHECK(t.alice->names.back() == "peerReconnecting");
}

TEST_CASE("a device that lost the accept does not take the leg by resuming", "[resume]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto phone = w.connect("bob", "b1");
  auto laptop = w.connect("bob", "b2");
  auto id = w.call(alice, "bob");
  REQUIRE(w.ask(phone, command::accept{phone->who, id}).ok());
  w.lose(phone);
  w.lose(laptop);
  auto laptop2 = w.resume(laptop, "b3");
  CHECK(alice->count("peerReconnected") == 0);
  auto phone2 = w.resume(phone, "b4");
  CHECK(alice->count("peerReconnected") == 1);
  REQUIRE(w.ask(phone2, candidate(phone2, id, "alice", 1)).ok());
  REQUIRE(w.ask(laptop2, command::end{laptop2->who, id}).ok());
  CHECK(alice->count("callEnded") == 0);
}

TEST_CASE("what has long arrived is not kept", "[resume]") {
  talk t;
  for (int n = 0; n < 10; ++n)
    REQUIRE(t.w.ask(t.alice, candidate(t.alice, t.id, "bob", n)).ok());
  t.w.run(seconds{100});
  t.w.lose(t.bob);
  auto again = t.w.resume(t.bob, "b2");
  CHECK(again->welcome().recovered);
  CHECK(again->names == strings{"callState"});
  // A client that claims to have got less than a live connection must have brought is not believed.
  again->offsets = {1};
  again->answers.at(8) = t.bob->answers.at(8);
  t.w.lose(again);
  CHECK_FALSE(t.w.resume(again, "b3")->welcome().recovered);
}
