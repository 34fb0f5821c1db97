#include "protocol/user_session.hpp"

#include "protocol/call_address.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

using devices = std::vector<device_id>;

const user_id bob{"bob"};
const device_id d1{"d1"};
const device_id d2{"d2"};
const device_id d3{"d3"};
const call_id first{"first"};
const call_id second{"second"};

call_summary ringing(const call_id& id) {
  return {.call = id, .peer = user_id{"alice"}, .ring_deadline = from_epoch_ms(5000), .device = {}};
}

call_summary active(const call_id& id, const device_id& device) {
  return {.call = id,
          .state = call_state::active,
          .peer = user_id{"alice"},
          .ring_deadline = {},
          .device = device};
}

} // namespace

TEST_CASE("a new session holds nothing", "[user_session]") {
  user_session session;
  CHECK(session.idle());
  CHECK(session.devices().empty());
  CHECK(session.calls().empty());
  CHECK_FALSE(session.in_call(d1));
}

TEST_CASE("devices are kept in the order in which they came", "[user_session]") {
  user_session session;
  CHECK(session.attach(d2).empty());
  CHECK(session.attach(d1).empty());
  CHECK(session.attach(d2).empty());
  CHECK(session.devices() == devices{d2, d1});
  CHECK_FALSE(session.idle());
  CHECK(session.detach(d2));
  CHECK_FALSE(session.detach(d2));
  CHECK(session.devices() == devices{d1});
  CHECK(session.detach(d1));
  CHECK(session.idle());
}

TEST_CASE("a device that comes is told of the live calls, oldest first", "[user_session]") {
  user_session session;
  session.update(ringing(first));
  session.update(active(second, d1));
  CHECK(session.attach(d1) == std::vector{ringing(first), active(second, d1)});
  CHECK(session.calls() == std::vector{first, second});
  session.update(active(first, d2));
  CHECK(session.attach(d2) == std::vector{active(first, d2), active(second, d1)});
  session.drop(first);
  CHECK(session.attach(d3) == std::vector{active(second, d1)});
}

TEST_CASE("a call that is over is not told to a device that comes", "[user_session]") {
  user_session session;
  (void)session.attach(d1);
  session.update(ringing(first));
  CHECK(session.recipients(all_of(bob), first) == devices{d1});
  auto over = ringing(first);
  over.state = call_state::ended;
  session.update(over);
  CHECK(session.attach(d2).empty());
  CHECK(session.recipients(knowing(bob), first) == devices{d1});
}

TEST_CASE("a session is held by its calls as by its devices", "[user_session]") {
  user_session session;
  session.update(ringing(first));
  CHECK_FALSE(session.idle());
  session.drop(second);
  CHECK_FALSE(session.idle());
  session.drop(first);
  session.drop(first);
  CHECK(session.idle());
}

TEST_CASE("an event for one device goes to that device while it is there", "[user_session]") {
  user_session session;
  (void)session.attach(d1);
  (void)session.attach(d2);
  session.update(ringing(first));
  CHECK(session.recipients(one(bob, d2), first) == devices{d2});
  CHECK(session.recipients(one(bob, d3), first).empty());
  session.detach(d2);
  CHECK(session.recipients(one(bob, d2), first).empty());
}

TEST_CASE("an event for all goes to every device", "[user_session]") {
  user_session session;
  CHECK(session.recipients(all_of(bob), first).empty());
  (void)session.attach(d1);
  (void)session.attach(d2);
  session.update(ringing(first));
  CHECK(session.recipients(all_of(bob), first) == devices{d1, d2});
}

TEST_CASE("the devices that know of a call are those that were told of it", "[user_session]") {
  user_session session;
  (void)session.attach(d1);
  (void)session.attach(d2);
  session.update(ringing(first));
  CHECK(session.recipients(knowing(bob), first).empty());

  SECTION("by an event for one") {
    (void)session.recipients(one(bob, d2), first);
    CHECK(session.recipients(knowing(bob), first) == devices{d2});
  }
  SECTION("by an event for all, of whom one may be left out") {
    (void)session.recipients(all_of(bob), first);
    CHECK(session.recipients(knowing(bob), first) == devices{d1, d2});
    CHECK(session.recipients(knowing(bob, d1), first) == devices{d2});
    CHECK(session.recipients(knowing(bob, d3), first) == devices{d1, d2});
    CHECK(session.recipients(knowing(bob), first) == devices{d1, d2});
  }
  SECTION("by the calls that it was told of when it came") {
    (void)session.attach(d3);
    CHECK(session.recipients(knowing(bob), first) == devices{d3});
  }
  SECTION("once, however often it was told") {
    (void)session.recipients(one(bob, d1), first);
    (void)session.recipients(all_of(bob), first);
    (void)session.attach(d1);
    CHECK(session.recipients(knowing(bob), first) == devices{d1, d2});
  }
  SECTION("of that call only") {
    session.update(ringing(second));
    (void)session.recipients(one(bob, d1), first);
    CHECK(session.recipients(knowing(bob), second).empty());
  }
}

TEST_CASE("a device that is gone knows of nothing, also when it comes again", "[user_session]") {
  user_session session;
  (void)session.attach(d1);
  session.update(ringing(first));
  (void)session.recipients(all_of(bob), first);
  session.detach(d1);
  CHECK(session.recipients(knowing(bob), first).empty());
  session.drop(first);
  (void)session.attach(d1);
  session.update(ringing(second));
  CHECK(session.recipients(knowing(bob), second).empty());
}

TEST_CASE("events of a call that the session does not hold reach who they name", "[user_session]") {
  user_session session;
  (void)session.attach(d1);
  (void)session.attach(d2);
  CHECK(session.recipients(one(bob, d1), first) == devices{d1});
  CHECK(session.recipients(all_of(bob), first) == devices{d1, d2});
  CHECK(session.recipients(knowing(bob), first).empty());
  CHECK(session.calls().empty());
}

TEST_CASE("a call that was dropped is forgotten, with who knew of it", "[user_session]") {
  user_session session;
  (void)session.attach(d1);
  session.update(ringing(first));
  (void)session.recipients(all_of(bob), first);
  session.drop(first);
  CHECK(session.recipients(knowing(bob), first).empty());
  CHECK(session.calls().empty());
  session.update(ringing(first));
  CHECK(session.recipients(knowing(bob), first).empty());
}

TEST_CASE("a change of a call's state keeps who knows of it", "[user_session]") {
  user_session session;
  (void)session.attach(d1);
  (void)session.attach(d2);
  session.update(ringing(first));
  (void)session.recipients(one(bob, d1), first);
  session.update(active(first, d1));
  CHECK(session.recipients(knowing(bob), first) == devices{d1});
  CHECK(session.calls() == std::vector{first});
}

TEST_CASE("a device carries a live leg while a call is bound to it", "[user_session]") {
  user_session session;
  (void)session.attach(d1);
  (void)session.attach(d2);
  session.update(ringing(first));
  CHECK_FALSE(session.in_call(d1));
  session.update(active(first, d1));
  CHECK(session.in_call(d1));
  CHECK_FALSE(session.in_call(d2));
  session.update(active(second, d2));
  CHECK(session.in_call(d2));
  session.update(active(first, d2));
  CHECK_FALSE(session.in_call(d1));
  session.drop(first);
  CHECK(session.in_call(d2));
  session.drop(second);
  CHECK_FALSE(session.in_call(d2));
}

TEST_CASE("a leg of a call that is over is not live", "[user_session]") {
  user_session session;
  (void)session.attach(d1);
  auto over = active(first, d1);
  session.update(over);
  over.state = call_state::ended;
  session.update(over);
  CHECK_FALSE(session.in_call(d1));
}

TEST_CASE("sessions are values", "[user_session]") {
  user_session session;
  (void)session.attach(d1);
  session.update(ringing(first));
  auto copy = session;
  copy.detach(d1);
  copy.drop(first);
  CHECK(copy.idle());
  CHECK(session.devices() == devices{d1});
  CHECK(session.calls() == std::vector{first});
}

TEST_CASE("a lost device is none, but hears what it knows of and what is for it",
          "[user_session]") {
  user_session session;
  (void)session.attach(d1);
  (void)session.attach(d2);
  session.update(ringing(first));
  address all{bob, address::scope::all, {}};
  CHECK(session.recipients(all, first) == devices{d1, d2});
  CHECK(session.lose(d2));
  CHECK_FALSE(session.lose(d2));
  CHECK(session.devices() == devices{d1});
  CHECK(session.recipients(one(bob, d2), first) == devices{d2});
  CHECK(session.recipients(knowing(bob), first) == devices{d1, d2});
  CHECK(session.recipients(all, first) == devices{d1, d2});

  // Of another call it was never told.
  session.update(ringing(second));
  CHECK(session.recipients(all, second) == devices{d1});

  CHECK(session.find_again(d2));
  CHECK_FALSE(session.find_again(d2));
  (void)session.attach(d2);
  CHECK(session.devices() == devices{d1, d2});
  CHECK(session.recipients(knowing(bob), first) == devices{d1, d2});
}

TEST_CASE("a lost device that does not come back is forgotten", "[user_session]") {
  user_session session;
  (void)session.attach(d1);
  session.update(ringing(first));
  (void)session.recipients({bob, address::scope::all, {}}, first);
  session.lose(d1);
  session.drop(first);
  CHECK_FALSE(session.idle());
  CHECK(session.detach(d1));
  CHECK(session.idle());
  session.update(ringing(first));
  CHECK(session.recipients({bob, address::scope::all, {}}, first).empty());
}

TEST_CASE("what is for every device reaches lost ones, too, and tells of no call",
          "[user_session]") {
  user_session session;
  const address every{bob, address::scope::every, {}};
  CHECK(session.recipients(every, {}).empty());
  (void)session.attach(d1);
  (void)session.attach(d2);
  session.lose(d2);
  session.update(ringing(first));
  CHECK(session.recipients(every, {}) == devices{d1, d2});
  CHECK(session.recipients(every, first) == devices{d1, d2});
  CHECK(session.recipients(knowing(bob), first).empty());
  session.detach(d2);
  CHECK(session.recipients(every, first) == devices{d1});
}

TEST_CASE("every device of a user knows of a video call", "[user_session]") {
  call_summary video{
      .call = first, .peer = {}, .ring_deadline = {}, .device = {}, .kind = call_kind::video};
  user_session session;
  (void)session.attach(d1);
  (void)session.attach(d2);
  session.lose(d2);

  SECTION("also those that are lost, or get lost before they heard of it") {
    session.update(video);
    session.lose(d1);
    CHECK(session.recipients(all_of(bob), first) == devices{d2, d1});
  }
  SECTION("also when it rested in between") {
    session.update(video);
    session.drop(first);
    session.update(video);
    CHECK(session.recipients(all_of(bob), first) == devices{d1, d2});
  }
  SECTION("but who is lost is told of an invitation when it is back") {
    video.ring_deadline = from_epoch_ms(5000);
    session.update(video);
    CHECK(session.recipients(all_of(bob), first) == devices{d1});
  }
}
