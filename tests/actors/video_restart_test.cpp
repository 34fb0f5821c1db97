#include "tests/actors/video_calls.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;
using std::chrono::hours;
using std::chrono::minutes;

} // namespace

TEST_CASE("a video call goes on after a restart", "[video_restart]") {
  video_calls t;
  auto alice = t.connect("a1");
  t.know("b");
  auto id = t.create('a', "on", "b");
  REQUIRE(t.join(alice, id).ok());
  REQUIRE(t.join('b', id).ok()); // has no device: on a lease
  REQUIRE(t.set_status('a', id, call_status::active).ok());
  auto before = t.stored(id);
  t.w.restart(seconds{5});

  SECTION("as it was") {
    alice = t.connect("a2");
    CHECK(values_of(alice->last("callState"), "callId") == strings{"on"});
    REQUIRE(t.join(alice, id).ok());
    t.w.run(seconds{31});
    CHECK(alice->count("call.session_participant_left") == 0);
    REQUIRE(t.leave('b', id).ok());
    // The version that was last is the one before the next: nothing was taken back.
    auto seen =
        std::stoul(values_of(alice->last("call.session_participant_left"), "version").at(0));
    CHECK(seen > before.version);
    CHECK(seen <= before.version + 2);
    CHECK(t.stored(id).status == call_status::active);
  }
  SECTION("without those who do not come back") {
    t.w.run(seconds{31});
    auto record = t.stored(id);
    CHECK(record.people[0].dropped);
    CHECK(record.count_in() == 1);
    CHECK(record.status == call_status::active);
    REQUIRE(t.leave('b', id).ok());
    CHECK(t.stored(id).reason == end_reason::last_left);
  }
}

TEST_CASE("who is in a video call over REST alone stays for four hours", "[video_restart]") {
  video_calls t;
  t.know("ab");
  auto id = t.create('a', "leased", "b");
  REQUIRE(t.join('b', id).ok());
  SECTION("over a restart") {
    t.w.run(hours{1}, seconds{1});
    t.w.restart(hours{1});
    t.w.run(minutes{119}, seconds{1});
    CHECK(t.stored(id).count_in() == 1);
    t.w.run(minutes{2}, seconds{1});
  }
  SECTION("that the server may not have been there for") { t.w.restart(hours{9}); }
  SECTION("of silence") {
    t.w.run(hours{3}, seconds{1});
    REQUIRE(t.join('b', id).ok());
    t.w.run(hours{3}, seconds{1});
    CHECK(t.stored(id).count_in() == 1);
    t.w.run(minutes{61}, seconds{1});
  }
  auto record = t.stored(id);
  CHECK(record.status == call_status::ended);
  CHECK(record.reason == end_reason::timeout);
  CHECK(record.people[1].present >= hours{4});
}

TEST_CASE("a lease ends when a device comes", "[video_restart]") {
  video_calls t;
  t.know("ab");
  auto id = t.create('a', "leased", "b");
  REQUIRE(t.join('b', id).ok());
  REQUIRE(t.stored(id).people[1].lease_until);
  auto bob = t.connect("b1");
  CHECK_FALSE(t.stored(id).people[1].lease_until);
  t.w.disconnect(bob);
  t.w.run(seconds{31});
  CHECK(t.stored(id).reason == end_reason::connection_lost);
}

TEST_CASE("an active video call waits ten minutes for its first participant", "[video_restart]") {
  video_calls t;
  t.know("ab");
  auto id = t.create('a', "empty");
  REQUIRE(t.set_status('a', id, call_status::active).ok());
  SECTION("while the server runs") {
    t.w.run(seconds{595}, seconds{1});
    CHECK(t.stored(id).status == call_status::active);
    t.w.run(seconds{10}, seconds{1});
  }
  SECTION("or restarts") {
    t.w.run(minutes{5}, seconds{1});
    t.w.restart(minutes{4});
    CHECK(t.stored(id).status == call_status::active);
    t.w.run(minutes{2}, seconds{1});
  }
  SECTION("or is away") { t.w.restart(hours{1}); }
  CHECK(t.stored(id).status == call_status::ended);
  CHECK(t.stored(id).reason == end_reason::no_answer);
}

TEST_CASE("invitations to a video call expire over a restart", "[video_restart]") {
  video_calls t;
  auto alice = t.connect("a1");
  t.know("b");
  auto id = t.create('a', "invited", "b");
  t.w.run(hours{1}, seconds{1});
  t.w.restart(minutes{30});
  CHECK(t.stored(id).people[1].invited == invitation::pending);
  alice = t.connect("a2");
  t.w.run(minutes{31}, seconds{1});
  CHECK(t.stored(id).people[1].invited == invitation::expired);
  CHECK(values_of(alice->last("call.updated"), "invitation") == strings{"null", "expired"});
}

TEST_CASE("a video call at rest is not brought back by a restart, but by its name",
          "[video_restart]") {
  video_calls t;
  t.know("ab");
  auto id = t.create('a', "quiet");
  t.w.restart(seconds{1});
  t.count_services();
  CHECK_FALSE(t.comes_back(id));
  CHECK(t.join('b', id).ok());
  CHECK(t.awake());
}
