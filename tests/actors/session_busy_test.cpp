#include "tests/actors/meeting.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

/// Bob is in a session that Alice opened; Dave wants to call.
struct busy_bob {
  busy_bob() { REQUIRE(m.join(bob, id).ok()); }

  std::string call(const device_ptr& from, const std::string& to) {
    return word_of(m.w.ask(from, m.w.initiate(from, to)));
  }

  meeting m;
  device_ptr alice = m.connect("a1");
  device_ptr bob = m.connect("b1");
  device_ptr dave = m.connect("d1");
  call_id id = m.open('a', "b");
};

} // namespace

TEST_CASE("who is in a session is busy for direct calls", "[session_busy]") {
  busy_bob t;
  CHECK(t.call(t.dave, "bob") == "user_busy");
  CHECK(t.call(t.bob, "dave") == "caller_busy");
  SECTION("until it leaves") { REQUIRE(t.m.leave(t.bob, t.id).ok()); }
  SECTION("until the session ends") { REQUIRE(t.m.end('a', t.id).ok()); }
  CHECK(t.call(t.dave, "bob") == "ok");
  CHECK(t.bob->count("incomingCall") == 1);
}

TEST_CASE("who was only named is not busy", "[session_busy]") {
  busy_bob t;
  CHECK(t.call(t.dave, "alice") == "ok");
  CHECK(t.alice->count("incomingCall") == 1);
}

TEST_CASE("a leg without its device takes up no line", "[session_busy]") {
  busy_bob t;
  auto laptop = t.m.connect("b2");
  t.m.w.disconnect(t.bob);
  CHECK(t.call(t.dave, "bob") == "ok");
  CHECK(laptop->count("incomingCall") == 1);
  // It has one again as soon as the leg moves to a new device.
  auto again = t.m.connect("b3");
  CHECK(again->count("call_session_joined") == 1);
  auto carol = t.m.connect("c1");
  CHECK(t.call(carol, "bob") == "user_busy");
}

TEST_CASE("who is in a direct call may open and join sessions", "[session_busy]") {
  meeting m;
  auto alice = m.connect("a1");
  auto bob = m.connect("b1");
  auto carol = m.connect("c1");
  auto direct = m.w.call(alice, "bob");
  REQUIRE(m.w.ask(bob, command::accept{bob->who, direct}).ok());
  auto id = m.open('a', "bc");
  CHECK(m.join(alice, id).ok());
  CHECK(m.join(bob, id).ok());
  REQUIRE(m.w.ask(alice, command::end{alice->who, direct}).ok());
  CHECK(alice->in_call);
  CHECK(word_of(m.w.ask(carol, m.w.initiate(carol, "alice"))) == "user_busy");
}

TEST_CASE("all are free before anybody hears of a session's end", "[session_busy]") {
  busy_bob t;
  REQUIRE(t.m.join(t.alice, t.id).ok());
  t.m.w.submit(t.alice, command::end{in_session(t.alice), t.id});
  while (t.bob->count("call_session_ended") == 0 && t.alice->count("call_session_ended") == 0)
    REQUIRE(t.m.w.scheduler().try_run_once());
  t.m.w.submit(t.dave, t.m.w.initiate(t.dave, "bob"), 2);
  t.m.w.submit(t.alice, t.m.w.initiate(t.alice, "erin"), 3);
  t.m.w.run();
  CHECK(word_of(t.dave->answers.at(2)) == "ok");
  CHECK(word_of(t.alice->answers.at(3)) == "receiver_not_found");
}
