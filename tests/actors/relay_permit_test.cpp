#include "tests/actors/meeting.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

/// Alice, Bob and Carol are in.
struct three {
  three() {
    m.know("d");
    id = m.open('a', "bcd");
    for (const auto& one : {alice, bob, carol})
      REQUIRE(m.join(one, id).ok());
  }

  bool straight(const relay_permit_ptr& permit, std::string_view to) {
    // The devices here have a number at their end.
    auto device = to.find_first_of("0123456789") != std::string_view::npos;
    return permit && permit->relay({to, device}, relay_kind::offer, R"({"n":1})", from_epoch_ms(0));
  }

  meeting m;
  device_ptr alice = m.connect("a1");
  device_ptr bob = m.connect("b1");
  device_ptr carol = m.connect("c1");
  call_id id;
};

} // namespace

TEST_CASE("a direct call's sides may relay straight while it is active", "[relay_permit]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto id = w.call(alice, "bob");
  CHECK_FALSE(alice->permit);
  REQUIRE(w.ask(bob, command::accept{bob->who, id}).ok());
  REQUIRE(alice->permit);
  CHECK(alice->permit->call() == id);
  CHECK(alice->permit->sender() == device_id{"a1"});
  CHECK(alice->permit->relay({"bob"}, relay_kind::answer, "7", from_epoch_ms(0)));
  CHECK(bob->names.back() == "receiveAnswer");
  CHECK_FALSE(alice->permit->relay({"carol"}, relay_kind::answer, "7", from_epoch_ms(0)));
  REQUIRE(w.ask(alice, command::end{alice->who, id}).ok());
  CHECK_FALSE(alice->permit->relay({"bob"}, relay_kind::answer, "7", from_epoch_ms(0)));
}

TEST_CASE("who is in a session may relay straight to the others", "[relay_permit]") {
  three t;
  REQUIRE(t.m.relay(t.alice, t.id, "b1", R"({"n":1})").ok());
  auto by_actors = t.bob->last("webrtc_offer");
  for (const auto& from : {t.alice, t.bob, t.carol})
    for (const auto& to : {t.alice, t.bob, t.carol}) {
      auto heard = to->names.size();
      CHECK(t.straight(from->permit, to->who.device.str()) == (from != to));
      CHECK(t.straight(from->permit, to->who.user.str()) == (from != to));
      CHECK(to->names.size() == heard + (from == to ? 0 : 2));
    }
  REQUIRE(t.straight(t.alice->permit, "b1"));
  CHECK(t.bob->last("webrtc_offer") == by_actors);
  CHECK_FALSE(t.straight(t.alice->permit, "dave"));
}

TEST_CASE("a permit holds for those who are in, and only as long", "[relay_permit]") {
  three t;
  auto old = t.alice->permit;
  auto carols = t.carol->permit;
  SECTION("who leaves can neither send nor receive") {
    REQUIRE(t.m.leave(t.carol, t.id).ok());
    CHECK_FALSE(t.straight(carols, "a1"));
    CHECK_FALSE(t.straight(t.alice->permit, "c1"));
    CHECK(t.straight(t.alice->permit, "b1"));
  }
  SECTION("who joins is among them") {
    auto dave = t.m.connect("d1");
    REQUIRE(t.m.join(dave, t.id).ok());
    CHECK(t.straight(t.alice->permit, "d1"));
    CHECK(t.straight(dave->permit, "carol"));
  }
  SECTION("a lost device is asked for") {
    t.m.w.lose(t.carol);
    CHECK_FALSE(t.straight(t.alice->permit, "c1"));
    REQUIRE(t.m.relay(t.alice, t.id, "c1", "2").ok());
    auto again = t.m.w.resume(t.carol, "c2");
    CHECK(again->names == strings{"webrtc_offer", "callState"});
    CHECK(t.straight(t.alice->permit, "c1"));
    CHECK(t.straight(again->permit, "a1"));
  }
  SECTION("a leg that moved has another socket") {
    auto laptop = t.m.connect("c2");
    REQUIRE(t.m.join(laptop, t.id).ok());
    CHECK_FALSE(t.straight(carols, "a1"));
    CHECK_FALSE(t.straight(t.alice->permit, "c1"));
    CHECK(t.straight(t.alice->permit, "c2"));
    CHECK(t.straight(laptop->permit, "a1"));
  }
  SECTION("nobody is when it is over") {
    REQUIRE(t.m.end('a', t.id).ok());
    CHECK_FALSE(t.straight(t.alice->permit, "b1"));
  }
  CHECK_FALSE(t.straight(old, "b1"));
}
