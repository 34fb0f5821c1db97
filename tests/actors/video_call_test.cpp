#include "tests/actors/video_calls.hpp"

#include <algorithm>

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

} // namespace

TEST_CASE("nobody hears of a video call before the store has it", "[video_call]") {
  video_calls t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  t.know("c");
  auto now = [&] { t.w.scheduler().run(); }; // no time passes: nothing is committed
  t.w.submit(alice, t.creates('a', "first", "bc"));
  now();
  now();
  CHECK(alice->answers.count(1) == 0);
  CHECK(bob->names == strings{"callState"});
  t.w.run();
  auto made = call_of(alice->answers.at(1)).call;
  CHECK(made.status == call_status::created);
  CHECK(made.users() == std::vector{user_id{"alice"}, user_id{"bob"}, user_id{"carol"}});
  CHECK(alice->names == strings{"callState", "call.created"});
  CHECK(bob->names == strings{"callState", "call.created"});
  CHECK(t.stored(made.id) == made);

  t.w.submit(bob, command::enter_call{in_video(bob), made.id}, 2);
  now();
  CHECK(bob->answers.count(2) == 0);
  CHECK(alice->names.back() == "call.created");
  t.w.run();
  CHECK(call_of(bob->answers.at(2)).call.count_in() == 1);
  CHECK(alice->names.back() == "call.session_participant_joined");
  CHECK(bob->names.back() == "call.session_participant_joined");
}

TEST_CASE("one user may create a video call of a name", "[video_call]") {
  video_calls t;
  t.know("ab");
  SECTION("one after the other") {
    auto made = call_of(t.try_create('a', "same")).call;
    CHECK(call_of(t.try_create('a', "same", "b")).call == made);
    CHECK(word_of(t.try_create('b', "same")) == "call_exists");
  }
  SECTION("both at once") {
    auto alice = std::make_shared<device>(user_id{"alice"}, device_id{});
    auto bob = std::make_shared<device>(user_id{"bob"}, device_id{});
    t.w.submit(alice, t.creates('a', "same"));
    t.w.submit(bob, t.creates('b', "same"));
    t.w.submit(alice, t.creates('a', "same"), 2);
    t.w.run();
    auto made = call_of(alice->answers.at(1)).call;
    CHECK(call_of(alice->answers.at(2)).call == made);
    CHECK(word_of(bob->answers.at(1)) == "call_exists");
  }
}

TEST_CASE("all members of a video call are known users", "[video_call]") {
  video_calls t;
  t.know("ab");
  auto refused = t.try_create('a', "strangers", "bc");
  REQUIRE(word_of(refused) == "unknown_participant");
  CHECK(refused.error().detail == "carol");
  CHECK(word_of(t.join('a', video_call_id("strangers"))) == "call_not_found");
}

TEST_CASE("who joins an open video call hears of it like its creator", "[video_call]") {
  video_calls t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto bob_too = t.connect("b2");
  t.know("c");
  auto id = t.create('a', "open");
  CHECK(bob->names == strings{"callState"});

  auto joined = call_of(t.join(bob, id)).call;
  CHECK(joined.people.size() == 2);
  for (const auto& one : {alice, bob, bob_too})
    CHECK(values_of(one->last("call.session_participant_joined"), "user_id") == strings{"bob"});
  CHECK(bob->in_call);
  CHECK_FALSE(bob_too->in_call);
  REQUIRE(t.join('c', id).ok());
  CHECK(values_of(bob_too->last("call.session_participant_joined"), "active_participants_count")
        == strings{"2"});

  SECTION("one of whose devices may take the place of the other") {
    t.w.disconnect(bob);
    auto third = t.connect("b3");
    CHECK(third->names == strings{"callState"});
    t.w.run(seconds{31});
    CHECK(alice->count("call.session_participant_left") == 0);
    CHECK(third->in_call);
  }
  SECTION("and leaves it when no device comes back") {
    t.w.disconnect(bob);
    t.w.disconnect(bob_too);
    t.w.run(seconds{29});
    CHECK(alice->count("call.session_participant_left") == 0);
    t.w.run(seconds{2});
    CHECK(values_of(alice->last("call.session_participant_left"), "reason")
          == strings{"connection-lost"});
  }
  SECTION("until the last one leaves") {
    REQUIRE(t.leave('c', id).ok());
    REQUIRE(t.leave('b', id).ok());
    CHECK(since(bob_too, bob_too->names.size() - 2)
          == strings{"call.session_participant_left", "call.ended"});
    CHECK(values_of(alice->last("call.ended"), "reason") == strings{"last-left"});
    CHECK_FALSE(bob->in_call);
    CHECK(t.w.counts.calls_ended == 1);
  }
}

TEST_CASE("a video call keeps nobody's line busy", "[video_call]") {
  video_calls t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto id = t.create('a', "open");
  REQUIRE(t.join(alice, id).ok());
  CHECK(t.w.ask(bob, t.w.initiate(bob, "alice")).ok());
  CHECK(alice->count("incomingCall") == 1);
}

TEST_CASE("who is invited to a video call hears of it on each new device", "[video_call]") {
  video_calls t;
  t.know("ab");
  auto id = t.create('a', "later", "b");
  auto bob = t.connect("b1");
  CHECK(bob->names == strings{"callState", "call.created"});
  CHECK(values_of(bob->last("callState"), "callId") == strings{"later"});
  REQUIRE(t.answer('b', id, false).ok());
  CHECK(bob->names.back() == "call.updated");
  CHECK(t.connect("b2")->names == strings{"callState"});
}

TEST_CASE("events of a busy video call do not wait until nothing is on its way to the store",
          "[video_call]") {
  video_calls t;
  auto alice = t.connect("a1");
  auto id = t.create('a', "crowd");
  constexpr std::size_t crowd = 45;
  for (std::size_t i = 0; i < crowd; ++i)
    t.w.know("user" + std::to_string(i));
  std::size_t most_people = 0;
  t.w.stores->watch = [&](const write_op& op) {
    if (const auto* record = std::get_if<call_record>(&op))
      most_people = std::max(most_people, record->people.size());
  };
  auto ear = std::make_shared<device>(user_id{"rest"}, device_id{});
  for (std::size_t i = 0; i < crowd; ++i) {
    origin from{user_id{"user" + std::to_string(i)}, {}, call_kind::video};
    t.w.submit(ear, command::enter_call{from, id}, 100 + i);
    // A version a millisecond, and a commit in five of them: there is always one uncommitted.
    t.w.run(milliseconds{1}, milliseconds{1});
  }
  CHECK(alice->count("call.session_participant_joined") > crowd / 2);
  t.w.run();
  CHECK(alice->count("call.session_participant_joined") == crowd);
  auto versions = strings{};
  for (const auto& text : alice->texts)
    if (auto found = values_of(text, "version"); !found.empty())
      versions.push_back(found.back());
  CHECK(std::is_sorted(versions.begin(), versions.end(),
                       [](const auto& a, const auto& b) { return std::stoul(a) < std::stoul(b); }));

  // Each write had only those whom the store did not have yet; together they were all.
  CHECK(most_people < crowd / 2);
  CHECK(t.stored(id).count_in() == crowd);
  t.w.restart();
  CHECK(t.stored(id).count_in() == crowd);
}
