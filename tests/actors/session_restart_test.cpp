#include "tests/actors/meeting.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

/// Alice and Bob were in when the server stopped; Carol is invited.
struct stopped {
  explicit stopped(seconds down = seconds{5}) {
    auto alice = m.connect("a1");
    auto bob = m.connect("b1");
    m.know("c");
    id = m.open('a', "bc");
    REQUIRE(m.join(alice, id).ok());
    REQUIRE(m.join(bob, id, "peer").ok());
    seen = std::stoul(values_of(alice->last("user_joined_call"), "version").at(0));
    m.w.restart(down);
  }

  meeting m;
  call_id id;
  std::size_t seen = 0; ///< the version of the list that Alice saw last
};

} // namespace

TEST_CASE("the legs of a session wait for their users after a restart", "[session_restart]") {
  stopped t;
  auto alice = t.m.connect("a2");
  CHECK(alice->names == strings{"callState", "call_session_joined"});
  CHECK(alice->in_call);
  auto list = alice->last("call_session_joined");
  CHECK(values_of(list, "socketId") == strings{"a2", "b1"});
  CHECK(std::stoul(values_of(list, "version").at(0)) > t.seen);

  SECTION("both return") {
    auto bob = t.m.connect("b2");
    CHECK(values_of(alice->last("user_joined_call"), "previousSocketId") == strings{"b1"});
    CHECK(values_of(alice->last("user_joined_call"), "peerId") == strings{"peer"});
    REQUIRE(t.m.relay(bob, t.id, "a2").ok());
    CHECK(alice->names.back() == "webrtc_offer");
    auto dave = t.m.connect("d1");
    CHECK(word_of(t.m.w.ask(dave, t.m.w.initiate(dave, "bob"))) == "user_busy");
    t.m.w.run(seconds{31});
    CHECK(alice->count("user_left_call") == 0);
  }
  SECTION("one stays away") {
    t.m.w.run(seconds{31});
    CHECK(values_of(alice->last("user_left_call"), "reason") == strings{"connection-lost"});
    CHECK(t.m.record('a', t.id).count_in() == 1);
    REQUIRE(t.m.leave(alice, t.id).ok());
    CHECK(values_of(alice->last("call_session_ended"), "reason") == strings{"last-left"});
  }
}

TEST_CASE("the store shows the list as new as clients see it after a restart",
          "[session_restart]") {
  stopped t;
  auto stored = t.m.details('a', t.id).view.call;
  CHECK(stored.version > t.seen);
  CHECK(stored == t.m.record('a', t.id));
  t.m.w.restart(seconds{1});
  CHECK(t.m.details('a', t.id).view.call.version > stored.version);
}

TEST_CASE("a session to which nobody returns after a restart ends", "[session_restart]") {
  stopped t;
  t.m.w.run(seconds{31});
  CHECK(word_of(t.m.end('a', t.id)) == "call_not_found");
  auto session = t.m.details('a', t.id).view.call;
  CHECK(session.reason == end_reason::connection_lost);
  CHECK(session.people[0].dropped);
  CHECK(session.people[1].dropped);
}

TEST_CASE("pending invitations are told again after a restart", "[session_restart]") {
  stopped t;
  SECTION("while there is time") {
    CHECK(t.m.connect("c1")->names == strings{"callState", "call_invitation"});
  }
  SECTION("not when it has passed") {
    auto alice = t.m.connect("a2");
    t.m.w.run(seconds{41});
    auto carol = t.m.connect("c1");
    CHECK(carol->names == strings{"callState"});
    CHECK(t.m.join(carol, t.id).ok());
    CHECK(alice->names.back() == "user_joined_call");
  }
}

TEST_CASE("deadlines that passed while the server was down are kept", "[session_restart]") {
  SECTION("of a session that nobody had joined") {
    meeting m;
    m.know("ab");
    auto id = m.open('a', "b");
    m.w.restart(seconds{60});
    CHECK(m.details('a', id).view.call.reason == end_reason::no_answer);
    CHECK(m.details('a', id).view.call.ended_by.empty());
  }
  SECTION("of one that had its time") {
    stopped t{std::chrono::hours{2}};
    CHECK(t.m.details('a', t.id).view.call.reason == end_reason::timeout);
  }
}

TEST_CASE("lists grow newer over crash after crash", "[session_restart]") {
  stopped t;
  auto newest = t.seen;
  for (int crash = 0; crash < 3; ++crash) {
    auto name = "a" + std::to_string(crash + 2);
    auto alice = t.m.connect(name);
    auto version = std::stoul(values_of(alice->last("call_session_joined"), "version").at(0));
    CHECK(version > newest);
    newest = version;
    t.m.w.restart(seconds{1});
  }
}
