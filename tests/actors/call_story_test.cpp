#include "tests/actors/ladders.hpp"
#include "tests/actors/video_calls.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

std::uint64_t ended(const world& w, call_kind kind, end_reason why) {
  return w.counts.now.ended[static_cast<std::size_t>(kind)][static_cast<std::size_t>(why)];
}

bool straight(const device_ptr& from, std::string_view to, relay_kind kind, world& w) {
  auto now = w.time().wall(w.scheduler().clock().now());
  return from->permit && from->permit->relay({to}, kind, "{}", now);
}

/// Alice and Bob, on the phone.
struct talk {
  talk() {
    id = w.call(alice, "bob");
    REQUIRE(w.ask(bob, command::accept{bob->who, id}).ok());
    w.run(seconds{1});
  }
  void relay(const device_ptr& from, const char* to, relay_kind kind) {
    REQUIRE(straight(from, to, kind, w));
    w.run();
  }
  void hang_up() { REQUIRE(w.ask(alice, command::end{alice->who, id}).ok()); }

  world w;
  device_ptr alice = w.connect("alice", "a1");
  device_ptr bob = w.connect("bob", "b1");
  call_id id;
};

} // namespace

TEST_CASE("the ladder of a call whose signaling goes straight", "[call_story]") {
  talk p;
  p.relay(p.alice, "bob", relay_kind::offer);
  p.relay(p.bob, "alice", relay_kind::answer);
  for (int i = 0; i < 3; ++i)
    p.relay(p.bob, "alice", relay_kind::candidate);
  auto live = ladder_of(p.w, p.id);
  CHECK(live.live);
  CHECK(live.whats == strings{"ring", "accept", "offer", "answer", "candidates"});
  CHECK(live.json.find(R"("n":3)") != std::string::npos);
  CHECK(live.json.find(R"("endedAt":null)") != std::string::npos);
  p.hang_up();
  auto past = ladder_of(p.w, p.id);
  CHECK_FALSE(past.live);
  CHECK(past.whats == strings{"ring", "accept", "offer", "answer", "candidates", "end"});
  CHECK(past.json.find(R"("reason":"hangup")") != std::string::npos);
}

TEST_CASE("a device that is lost and comes back has a new run", "[call_story]") {
  talk p;
  p.relay(p.alice, "bob", relay_kind::candidate);
  p.w.disconnect(p.bob);
  CHECK(board_of(p.w).live.at(0).card.away == 1);
  auto again = p.w.connect("bob", "b2");
  p.w.run(seconds{1});
  CHECK(board_of(p.w).live.at(0).card.away == 0);
  p.relay(again, "alice", relay_kind::offer);
  p.relay(p.alice, "bob", relay_kind::candidate);
  p.hang_up();
  CHECK(ladder_of(p.w, p.id).whats
        == strings{"ring", "accept", "candidates", "drop", "back", "offer", "candidates", "end"});
}

TEST_CASE("relays that the actors pass on are in the ladder, too", "[call_story]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto id = w.call(alice, "bob");
  command::relay early{alice->who, id, user_id{"bob"}, relay_kind::offer, "{}"};
  REQUIRE(w.ask(alice, early).ok());
  CHECK(ladder_of(w, id).whats == strings{"ring"}); // it waits for the accept
  REQUIRE(w.ask(bob, command::accept{bob->who, id}).ok());
  CHECK(ladder_of(w, id).whats == strings{"ring", "accept", "offer"});
}

TEST_CASE("calls that nobody takes, and calls that meet", "[call_story]") {
  world w;
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto carol = w.connect("carol", "c1");
  auto id = w.call(alice, "bob");
  CHECK_FALSE(w.ask(carol, w.initiate(carol, "bob")).ok());
  auto board = board_of(w);
  REQUIRE(board.ended.size() == 1);
  auto refused = board.ended[0].card;
  CHECK(refused.reason == end_reason::busy);
  CHECK(board.ended[0].names == strings{"carol's name", "bob's name"});
  CHECK(ladder_of(w, refused.call).whats == strings{"end"});
  CHECK(ended(w, call_kind::direct, end_reason::busy) == 1);

  REQUIRE(w.ask(bob, w.initiate(bob, "alice")).ok()); // glare: it is the same call
  CHECK(ladder_of(w, id).whats == strings{"ring", "accept"});
  REQUIRE(w.ask(alice, command::end{alice->who, id}).ok());
  w.know("dave");
  CHECK_FALSE(w.ask(alice, w.initiate(alice, "dave")).ok());
  const auto& in_vain = w.counts.now.rang_in_vain;
  CHECK(in_vain[static_cast<std::size_t>(end_reason::busy)] == 1);
  CHECK(in_vain[static_cast<std::size_t>(end_reason::offline)] == 1);
  CHECK(in_vain[static_cast<std::size_t>(end_reason::hung_up)] == 0);
  CHECK(w.counts.now.answered[0] == 1);
}

TEST_CASE("gauges and the board follow a call, and are empty behind it", "[call_story]") {
  world w;
  CHECK(gauges(w) == "0 0 0 0 0 0, 0");
  auto alice = w.connect("alice", "a1");
  auto bob = w.connect("bob", "b1");
  auto second = w.connect("bob", "b2");
  auto id = w.call(alice, "bob");
  CHECK(gauges(w) == "1 0 0 0 0 0, 3");
  CHECK(board_of(w).live.at(0).card.state == call_state::ringing);
  REQUIRE(w.ask(bob, command::accept{bob->who, id}).ok());
  CHECK(gauges(w) == "0 1 0 0 0 0, 3");
  CHECK(board_of(w).live.at(0).card.in == 2);
  w.lose(second);
  CHECK(gauges(w) == "0 1 0 0 0 0, 2");
  auto back = w.resume(second, "b3");
  CHECK(gauges(w) == "0 1 0 0 0 0, 3");
  auto twice = w.resume(back, "b4"); // before the end of the old connection was noticed
  CHECK(gauges(w) == "0 1 0 0 0 0, 3");
  REQUIRE(w.ask(alice, command::end{alice->who, id}).ok());
  CHECK(gauges(w) == "0 0 0 0 0 0, 3");
  CHECK(board_of(w).live_in_all == 0);
  CHECK(board_of(w).ended.size() == 1);
  CHECK(ended(w, call_kind::direct, end_reason::hung_up) == 1);
  for (const auto& one : {alice, bob, twice})
    w.disconnect(one);
  CHECK(gauges(w) == "0 0 0 0 0 0, 0");
}

TEST_CASE("the ladder of a session of three", "[call_story]") {
  meeting m;
  auto alice = m.connect("a1");
  auto bob = m.connect("b1");
  auto carol = m.connect("c1");
  auto id = m.open('a', "bc");
  CHECK(gauges(m.w) == "0 0 1 0 0 0, 3");
  for (const auto& one : {alice, bob, carol})
    REQUIRE(m.join(one, id).ok());
  m.w.run(seconds{1});
  CHECK(gauges(m.w) == "0 0 0 1 0 0, 3");
  REQUIRE(straight(carol, "alice", relay_kind::offer, m.w));
  REQUIRE(straight(carol, "bob", relay_kind::offer, m.w));
  m.w.run(seconds{1});
  REQUIRE(m.leave(bob, id).ok());
  CHECK(board_of(m.w).live.at(0).card.in == 2);
  REQUIRE(m.end('a', id).ok());
  CHECK(ladder_of(m.w, id).whats
        == strings{"ring", "ring", "join", "join", "join", "offer", "offer", "leave", "end"});
  CHECK(gauges(m.w) == "0 0 0 0 0 0, 3");
}

TEST_CASE("a ladder goes on behind a restart", "[call_story]") {
  talk p;
  p.relay(p.alice, "bob", relay_kind::offer);
  p.w.restart(seconds{1});
  auto found = ladder_of(p.w, p.id);
  CHECK(found.live);
  CHECK(found.whats == strings{"ring", "accept", "restored"}); // signaling is not kept
  CHECK(board_of(p.w).live.at(0).card.away == 2);
  auto alice = p.w.connect("alice", "a2");
  auto bob = p.w.connect("bob", "b2");
  REQUIRE(p.w.ask(bob, command::end{bob->who, p.id}).ok());
  CHECK(ladder_of(p.w, p.id).whats == strings{"ring", "accept", "restored", "back", "back", "end"});
}

TEST_CASE("the store has a ladder about a second behind the end", "[call_story]") {
  talk p;
  p.hang_up();
  SECTION("of a crash before that nothing is left") {
    p.w.restart();
    CHECK(ladder_word(p.w, p.id) == "call_not_found");
  }
  SECTION("and a crash behind it takes nothing away") {
    auto told = ladder_of(p.w, p.id).json;
    p.w.run(seconds{2});
    p.w.restart();
    CHECK(board_of(p.w).ended.empty());
    CHECK(ladder_of(p.w, p.id).json == told);
  }
  CHECK(ladder_word(p.w, call_id{"nothing"}) == "call_not_found");
}

TEST_CASE("a video call at rest is not on the board, and wakes with its past", "[call_story]") {
  video_calls v;
  auto alice = v.connect("a1");
  auto id = v.create('a', "standup");
  CHECK(gauges(v.w) == "0 0 0 0 1 0, 1");
  CHECK(ladder_of(v.w, call_id{"standup"}).live); // by the name that clients have, too
  v.w.run(std::chrono::minutes{2});
  CHECK(gauges(v.w) == "0 0 0 0 0 0, 1");
  CHECK(board_of(v.w).live_in_all == 0);
  CHECK(ladder_word(v.w, id) == "call_not_found");
  REQUIRE(v.join(alice, id).ok());
  CHECK(board_of(v.w).live.at(0).card.in == 1);
  CHECK(ladder_of(v.w, id).whats == strings{"join"});
  v.w.run(seconds{1});
  REQUIRE(v.leave('a', id).ok());
  CHECK(ladder_of(v.w, id).whats == strings{"join", "leave", "end"});
  v.w.run(seconds{2});
  v.w.restart();
  CHECK(ladder_of(v.w, call_id{"standup"}).whats == strings{"join", "leave", "end"});
}

TEST_CASE("the board forgets a call whose actor is gone", "[call_story]") {
  talk p;
  CHECK(gauges(p.w) == "0 1 0 0 0 0, 2");
  p.w.engine().stop();
  CHECK(gauges(p.w) == "0 0 0 0 0 0, 0");
}
