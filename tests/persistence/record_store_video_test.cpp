// What every store promises of video calls and their people.

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/videos.hpp"

#include <algorithm>
#include <functional>
#include <type_traits>

namespace carillon::persistence::test {

namespace {

call_record with_facts(call_record call, const std::function<void(video_facts&)>& change) {
  auto facts = *call.video().facts;
  change(facts);
  call.video().facts = std::make_shared<const video_facts>(std::move(facts));
  return call;
}

} // namespace

TEMPLATE_TEST_CASE("a video call comes back as it was written", "[store][video]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  auto call = with_facts(created("team \"1\" Å", "alice", {"bob", "carol", "dave"}),
                         [](video_facts& facts) {
                           facts.type = video_call_type::livestream;
                           facts.name = R"(a "name", \ {x})";
                           facts.event_id = "event-1";
                           facts.seats = 1000;
                           facts.settings = R"({"video" : {"enabled":false},"more":["\\",{}]})";
                           facts.members[0].role = "moderator";
                           facts.members[1].role = "call_member";
                           facts.members[2].user = user_id{R"(dave"\)"};
                           facts.recording = true;
                           facts.sharing = false;
                         });
  call.people[1].role = participant_role::moderator;
  call.people[3].user = user_id{R"(dave"\)"};
  const auto step = [&](call_record changed) {
    call = std::move(changed);
    CHECK(written(*store, {call}) == "1");
    CHECK(stored_video(*store, "team \"1\" Å") == call);
  };
  step(call);
  step(entered(call, "zoe", 1'001)); // joined before somebody who was named
  step(activated(call, 1'500));
  step(entered(call, "carol", 2'002));
  step(gone(call, "zoe", 3'333));
  step(entered(call, "zoe", 4'000));
  step(entered(call, "adam", 4'500));
  step(answered(call, "bob", invitation::declined, 5'000));
  step(entered(call, "alice", 6'000));
  step(over(call, 9'876));
  CHECK(call.people[4].present == milliseconds{2'332 + 5'876});
  CHECK(call.duration_s == 8);
  CHECK(database.value("SELECT count(*) FROM video_call_participants") == "4");
  CHECK(database.value("SELECT count(*) FROM video_call_invitations") == "3");
  CHECK(database.value("SELECT duration_seconds FROM video_call_participants"
                       " WHERE user_id = 'zoe'")
        == "8");

  // It is not of another kind, and there is no other.
  for (auto kind : {call_kind::direct, call_kind::session}) {
    auto other = store->load_call(kind, call.id);
    REQUIRE(other.ok());
    CHECK_FALSE(other->has_value());
  }
  for (const auto& odd : {std::string{}, std::string("s1\0", 3), std::string{"\xff"},
                          std::string{"' OR '1'='1"}, video_call_id("x").str()}) {
    auto none = store->load_call(call_kind::video, call_id{odd});
    REQUIRE(none.ok());
    CHECK_FALSE(none->has_value());
  }
}

TEMPLATE_TEST_CASE("the documented columns say what a video call is", "[store][video]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto status = [&](const std::string& id) {
    return database.value("SELECT status || ' ' || coalesce(duration_seconds, -1) || ' ' ||"
                          " coalesce(call_name, '-') || ' ' || coalesce(event_id, '-') || ' ' ||"
                          " call_type || ' ' || created_by FROM video_calls WHERE call_id = '"
                          + id + "'");
  };
  auto call = created("c", "alice", {"bob", "carol"});
  CHECK(written(*store, {call}) == "1");
  CHECK(status("c") == "created -1 - - default alice");
  // Who is only named takes no part yet.
  CHECK(database.value("SELECT count(*) FROM video_call_participants") == "0");
  CHECK(database.value("SELECT count(*) FROM video_call_invitations WHERE status = 'pending'"
                       " AND invited_by = 'alice'")
        == "2");
  call = entered(activated(call, 1'000), "bob", 2'000);
  CHECK(written(*store, {call}) == "1");
  CHECK(status("c") == "active -1 - - default alice");
  const auto bob = [&] {
    return database.value("SELECT role || ' ' || coalesce(duration_seconds, -1) || ' ' ||"
                          " (left_at IS NULL) FROM video_call_participants WHERE user_id = 'bob'");
  };
  const std::string yes = std::is_same_v<TestType, sqlite_database> ? "1" : "true";
  const std::string no = std::is_same_v<TestType, sqlite_database> ? "0" : "false";
  CHECK(bob() == "participant -1 " + yes);
  CHECK(database.value("SELECT count(*) FROM video_call_invitations WHERE status = 'accepted'"
                       " AND invited_user_id = 'bob' AND responded_at IS NOT NULL")
        == "1");
  CHECK(written(*store, {over(call, 61'999)}) == "1");
  CHECK(status("c") == "ended 60 - - default alice");
  CHECK(bob() == "participant 59 " + no);
  CHECK(written(*store, {over(created("d", "alice"), 5, call_status::cancelled)}) == "1");
  CHECK(status("d") == "cancelled -1 - - default alice");
}

TEMPLATE_TEST_CASE("every word and end of time of a video call survives", "[store][video]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  std::vector<write_op> ops;
  for (int i = 0; i <= static_cast<int>(end_reason::last_left); ++i) {
    auto call =
        with_facts(created("r" + std::to_string(i), "alice", {"bob"}, i), [&](video_facts& facts) {
          facts.type = static_cast<video_call_type>(i % 3);
          facts.seats = static_cast<std::uint32_t>(i * 1'000'000);
        });
    call.reason = static_cast<end_reason>(i);
    call.people[1].invited = static_cast<invitation>(i % 5);
    if (call.people[1].invited != invitation::none) // who has a row
      call.people[1].version = i % 2 ? 0xFFFFFFFF : 1;
    call.people[0].version = i % 2 ? 0xFFFFFFFF : 1;
    call.people[0].joined_at = from_epoch_ms(i % 2 ? 253'402'300'799'999 : 0);
    call.people[0].left_at = from_epoch_ms(i);
    call.people[0].present = milliseconds{i * 1'000'000'007LL + 1};
    call.version = i % 2 ? 0xFFFFFFFF : 1;
    call.people[1].role = participant_role::participant;
    ops.emplace_back(call);
  }
  REQUIRE(store->write(ops).ok());
  for (const auto& op : ops) {
    const auto& call = std::get<call_record>(op);
    CHECK(stored_video(*store, call.video().facts->call_id) == call);
  }
}

TEMPLATE_TEST_CASE("only a newer version changes a video call or one of its people",
                   "[store][video]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto first = created("c", "alice", {"bob"});
  const auto second = entered(first, "bob", 5);
  const auto third = entered(second, "alice", 6);
  CHECK(written(*store, {first}) == "1");
  CHECK(written(*store, {first}) == "0");
  CHECK(written(*store, {third, second, first}) == "100");
  CHECK(written(*store, {gone(second, "bob", 7)}) == "0"); // of the same version
  CHECK(stored_video(*store, "c") == third);
  const auto other = created("d", "carol");
  CHECK(written(*store, {other, over(entered(other, "eve", 1), 3), other}) == "110");
  CHECK(stored_video(*store, "d").people[1].present == milliseconds{2});
}

TEMPLATE_TEST_CASE("records that name only who changed make the whole call", "[store][video]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  auto call = created("c", "alice", {"bob", "carol"});
  std::vector<call_record> all{call};
  // Several come at the same moment, and not in the order of their names.
  for (const char* user : {"zoe", "carol", "yan", "alice", "eve", "bob"})
    all.push_back(entered(all.back(), user, 10));
  all.push_back(gone(all.back(), "yan", 20));
  all.push_back(gone(all.back(), "zoe", 30));
  all.push_back(entered(all.back(), "yan", 40));
  all.push_back(answered(all.back(), "bob", invitation::accepted, 50));

  SECTION("one after the other") {
    std::uint32_t known = 0;
    for (const auto& one : all) {
      CHECK(written(*store, {trimmed(one, known)}) == "1");
      known = one.version;
      CHECK(stored_video(*store, "c") == one);
    }
  }
  SECTION("with any of them left out, and in one batch") {
    const auto step = GENERATE(2u, 3u, 4u, 7u);
    std::uint32_t known = 0;
    std::vector<write_op> ops;
    for (std::size_t i = step - 1; i < all.size(); i += step) {
      ops.emplace_back(trimmed(all[i], known));
      known = all[i].version;
    }
    if (known != all.back().version)
      ops.emplace_back(trimmed(all.back(), known));
    written(*store, ops);
    CHECK(stored_video(*store, "c") == all.back());
  }
  SECTION("played again from the start, as a spool is") {
    std::vector<write_op> ops;
    for (const auto& one : all)
      ops.emplace_back(trimmed(one, one.version - 1));
    written(*store, ops);
    CHECK(stored_video(*store, "c") == all.back());
    CHECK(written(*store, ops) == std::string(ops.size(), '0'));
    CHECK(stored_video(*store, "c") == all.back());
  }
}

TEMPLATE_TEST_CASE("the restart finds the video calls that are awake", "[store][video]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto rests = created("rests", "alice", {}, 1);
  const auto invites = created("invites", "alice", {"bob"}, 2);
  const auto waits = activated(created("waits", "alice", {}, 3), 9);
  const auto runs = entered(created("runs", "alice", {"bob", "carol"}, 4), "bob", 9);
  written(*store, {rests, invites, waits, runs, over(waits, 10)});
  CHECK(awake_in(*store) == "invites runs");
  CHECK(written(*store, {activated(rests, 20), ringing("direct", "alice", "bob")}) == "11");
  auto live = store->live_calls();
  REQUIRE(live.ok());
  REQUIRE(live->size() == 4);
  CHECK(live->at(1) == activated(rests, 20));
  CHECK(live->at(2) == invites);
  CHECK(live->at(3) == runs);

  // The last invitation is answered; bob, who is in, is not named in that record.
  const auto answer = answered(runs, "carol", invitation::declined, 30);
  REQUIRE_FALSE(answer.call_deadline.has_value());
  CHECK(written(*store, {trimmed(answer, runs.version)}) == "1");
  CHECK(stored_video(*store, "runs") == answer);
  written(*store, {over(activated(rests, 20), 21)});
  CHECK(awake_in(*store) == "invites runs");
  // Nobody is left to answer, and nobody is in.
  CHECK(written(*store, {answered(invites, "bob", invitation::declined, 40)}) == "1");
  CHECK(awake_in(*store) == "runs");
  CHECK(written(*store, {over(answer, 50)}) == "1");
  CHECK(awake_in(*store).empty());
}

TEMPLATE_TEST_CASE("who was never seen gets a row of its own", "[store][video]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  CHECK(written(*store, {person("alice"), entered(created("c", "alice", {"bob"}), "zoe", 1),
                         token("dave", "sealed", 5)})
        == "111");
  auto found = store->load_users(
      std::vector<user_id>{user_id{"alice"}, user_id{"bob"}, user_id{"zoe"}, user_id{"dave"}});
  REQUIRE(found.ok());
  CHECK(found->size() == 4);
  for (const auto& user : *found)
    CHECK(user.profile.name == (user.id == user_id{"alice"} ? "Name" : ""));
  // What a token says of it later counts, and nothing else made a row.
  CHECK(written(*store, {person("zoe", "Zoe")}) == "1");
  CHECK(database.value("SELECT name FROM users WHERE id = 'zoe'") == "Zoe");
  CHECK(written(*store, {gone(entered(created("c", "alice", {"bob"}), "zoe", 1), "zoe", 2)})
        == "1");
  CHECK(database.value("SELECT name FROM users WHERE id = 'zoe'") == "Zoe");
  CHECK(database.value("SELECT count(*) FROM users") == "4");
}

TEMPLATE_TEST_CASE("the clean-up takes old video calls with all that is theirs", "[store][video]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  std::vector<write_op> ops;
  for (int i = 0; i < 4; ++i) {
    const auto id = "old" + std::to_string(i);
    ops.emplace_back(over(entered(created(id, "alice", {"bob"}, i), "bob", i + 1), i + 2));
    ops.emplace_back(news("w" + id, id, "r" + id, recording_status::ready, "https://x/" + id));
    quality_sample sample;
    sample.call = video_call_id(id);
    sample.user = user_id{"bob"};
    sample.at = at(i);
    ops.emplace_back(sample);
  }
  ops.emplace_back(over(created("cancelled", "alice", {}, 0), 1, call_status::cancelled));
  ops.emplace_back(created("rests", "alice", {}, 0));
  ops.emplace_back(completed(ringing("direct", "alice", "bob", 1)));
  REQUIRE(store->write(ops).ok());
  const auto erase = [&](std::size_t limit) {
    auto erased = store->erase_old(at(3), limit); // old3 was created just then, not before
    REQUIRE(erased.ok());
    return *erased;
  };
  CHECK(erase(0) == 0);
  CHECK(erase(3) == 3); // the direct one, and two of video
  CHECK(erase(3) == 2);
  CHECK(erase(3) == 0);
  for (const char* table : {"video_call_participants", "video_call_invitations",
                            "video_call_recordings", "call_quality"})
    CHECK(database.value(std::string{"SELECT count(*) FROM "} + table) == "1");
  CHECK(database.value("SELECT count(*) FROM video_calls") == "2");
  auto all = store->erase_old(time_point::max(), 10);
  REQUIRE(all.ok());
  CHECK(*all == 1); // a call that was never begun stays
  CHECK(stored_video(*store, "rests") == created("rests", "alice", {}, 0));
}

} // namespace carillon::persistence::test
