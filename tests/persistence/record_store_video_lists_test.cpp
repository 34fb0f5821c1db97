// What every store promises of lists of video calls: histories, active calls, invitations, figures.

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/videos.hpp"

#include <algorithm>

namespace carillon::persistence::test {

namespace {

std::string history(record_store& store, const std::string& user, int limit = 25, int offset = 0) {
  auto found = store.video_history({user_id{user}, limit, offset});
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  return names_of(*found);
}

std::string active(record_store& store, const std::string& user) {
  auto found = store.active_video_calls(user_id{user});
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  return names_of(*found);
}

// `call status`, the newest first.
std::string invitations(record_store& store, const std::string& user,
                        std::optional<std::string> status = {}, time_point now = {}) {
  auto found = store.video_invitations({user_id{user}, std::move(status), now});
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  std::string text;
  for (const auto& one : *found)
    text += (text.empty() ? "" : ", ") + one.call_id + " " + one.status;
  return text;
}

} // namespace

TEMPLATE_TEST_CASE("a history has the calls that a user joined, the latest join first",
                   "[store][video]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  CHECK(history(*store, "bob").empty());
  std::vector<std::pair<std::string, std::string>> tied; // by id, where the moment is the same
  for (int i = 0; i < 6; ++i) {
    const auto id = "c" + std::to_string(i);
    auto call = entered(created(id, "alice", {"bob", "carol"}, i), "bob", i < 3 ? 100 : 200);
    written(*store, {i % 2 ? over(activated(call, 300), 1'400) : call});
    tied.emplace_back(call.id.str(), id);
  }
  written(*store, {created("never", "bob", {"carol"}, 1'000)});
  std::sort(tied.begin(), tied.begin() + 3, std::greater{});
  std::sort(tied.begin() + 3, tied.end(), std::greater{});
  std::rotate(tied.begin(), tied.begin() + 3, tied.end());
  std::vector<std::string> names;
  for (const auto& [id, name] : tied)
    names.push_back(name);
  const auto from = [&](std::size_t first, std::size_t count) {
    std::string text;
    for (std::size_t i = first; i < std::min(first + count, names.size()); ++i)
      text += (text.empty() ? "" : " ") + names[i];
    return text;
  };
  CHECK(history(*store, "bob") == from(0, 6));
  CHECK(history(*store, "bob", 2) == from(0, 2));
  CHECK(history(*store, "bob", 2, 1) == from(1, 2));
  CHECK(history(*store, "bob", 4, 4) == from(4, 2));
  CHECK(history(*store, "bob", 2, 6).empty());
  CHECK(history(*store, "bob", 0).empty());
  CHECK(history(*store, "alice").empty()); // created all, joined none
  CHECK(history(*store, "carol").empty());
  CHECK(history(*store, "\xff").empty());

  auto found = store->video_history({user_id{"bob"}, 25, 0});
  REQUIRE(found.ok());
  for (const auto& call : *found) {
    REQUIRE(call.people.size() == 1);
    const auto& bob = call.people[0];
    CHECK(bob.user == user_id{"bob"});
    CHECK(bob.joined_at == (call.video().facts->call_id < "c3" ? at(100) : at(200)));
    CHECK(bob.in() == (call.state() == call_state::ringing));
    CHECK(bob.present == (bob.in() ? milliseconds{0} : at(1'400) - *bob.joined_at));
    CHECK(call.duration_s == (bob.in() ? 0 : 1));
    CHECK(call.caller == user_id{"alice"});
  }
  // A later stay does not move it.
  auto again = stored_video(*store, "c0");
  again = entered(gone(again, "bob", 500), "bob", 9'000);
  CHECK(written(*store, {again}) == "1");
  CHECK(history(*store, "bob") == from(0, 6));
}

TEMPLATE_TEST_CASE("active calls are those that a user created or is in", "[store][video]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  CHECK(active(*store, "alice").empty());
  const auto mine = entered(activated(created("mine", "alice", {}, 1), 10), "carol", 11);
  const auto both =
      entered(entered(activated(created("both", "alice", {}, 2), 10), "alice", 11), "bob", 12);
  const auto theirs = entered(activated(created("theirs", "bob", {}, 3), 10), "alice", 11);
  const auto left =
      gone(entered(activated(created("left", "bob", {}, 4), 10), "alice", 11), "alice", 12);
  const auto idle = entered(created("idle", "alice", {}, 5), "alice", 11);
  const auto ended = over(entered(activated(created("ended", "alice", {}, 6), 10), "alice", 1), 13);
  written(*store, {mine, both, theirs, left, idle, ended});
  CHECK(active(*store, "alice") == "theirs both mine");
  CHECK(active(*store, "bob") == "left theirs both");
  CHECK(active(*store, "carol") == "mine");
  CHECK(active(*store, "dave").empty());
  CHECK(active(*store, std::string("a\0b", 3)).empty());
  auto found = store->active_video_calls(user_id{"bob"});
  REQUIRE(found.ok());
  REQUIRE(found->size() == 3);
  CHECK(found->at(0).people.size() == 1); // whoever ever joined
  CHECK_FALSE(found->at(0).people[0].in());
  REQUIRE(found->at(2).people.size() == 2);
  CHECK(found->at(2).people[0].user == user_id{"alice"});
  CHECK(found->at(2).count_in() == 2);
  // One that nobody joined yet, too; and the newest hundred.
  std::vector<write_op> many;
  for (int i = 0; i < 101; ++i)
    many.emplace_back(activated(created("m" + std::to_string(i), "dave", {}, i), 500));
  REQUIRE(store->write(many).ok());
  const auto hundred = active(*store, "dave");
  CHECK(hundred.starts_with("m100 m99 m98 "));
  CHECK(hundred.ends_with(" m2 m1"));
}

TEMPLATE_TEST_CASE("invitations are listed as they stand", "[store][video]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  CHECK(invitations(*store, "bob").empty());
  const auto call = [](const std::string& id, std::int64_t ms) {
    return created(id, "alice", {"bob", "carol"}, ms);
  };
  written(*store, {call("p1", 1), call("p2", 2), entered(call("a", 3), "bob", 9),
                   answered(call("d", 4), "bob", invitation::declined, 9),
                   over(call("x", 5), 9, call_status::cancelled),
                   entered(created("none", "alice", {}, 6), "bob", 7)});
  // It ended, and bob was not told so yet.
  database.script("UPDATE video_calls SET status = 'ended' WHERE call_id = 'p1'");
  CHECK(invitations(*store, "bob") == "x expired, d declined, a accepted, p2 pending, p1 expired");
  CHECK(invitations(*store, "bob", "pending") == "p2 pending");
  CHECK(invitations(*store, "bob", "expired") == "x expired, p1 expired");
  CHECK(invitations(*store, "bob", "accepted") == "a accepted");
  CHECK(invitations(*store, "bob", "declined") == "d declined");
  const auto late = at(2 + 7'200'000);
  CHECK(invitations(*store, "bob", "pending", late - milliseconds{1}) == "p2 pending");
  CHECK(invitations(*store, "bob", "pending", late).empty());
  CHECK(invitations(*store, "bob", "expired", late) == "x expired, p2 expired, p1 expired");
  CHECK(invitations(*store, "carol") == "x expired, d pending, a pending, p2 pending, p1 expired");
  CHECK(invitations(*store, "alice").empty());

  auto found = store->video_invitations({user_id{"bob"}, "declined"});
  REQUIRE(found.ok());
  REQUIRE(found->size() == 1);
  const auto& one = found->front();
  CHECK(one.call == video_call_id("d"));
  CHECK(one.call_status == "created");
  CHECK(one.invited_by == user_id{"alice"});
  CHECK(one.invited == user_id{"bob"});
  CHECK(one.invited_at == at(4));
  CHECK(one.responded_at == at(9));
  CHECK(one.expires_at == at(4 + 7'200'000));

  std::vector<write_op> many;
  for (int i = 0; i < 101; ++i)
    many.emplace_back(created("m" + std::to_string(i), "alice", {"eve"}, i));
  REQUIRE(store->write(many).ok());
  auto hundred = store->video_invitations({user_id{"eve"}, {}});
  REQUIRE(hundred.ok());
  REQUIRE(hundred->size() == 100);
  CHECK(hundred->front().call_id == "m100");
  CHECK(hundred->back().call_id == "m1");
}

TEMPLATE_TEST_CASE("figures are of the calls that a user created", "[store][video]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto of = [&](const std::string& user) {
    auto stats = store->stats_of_video(user_id{user});
    INFO((stats ? "" : stats.error().message()));
    REQUIRE(stats.ok());
    return *stats;
  };
  auto nothing = of("alice");
  CHECK(nothing.calls == 0);
  CHECK_FALSE(nothing.average_s.has_value());
  CHECK(nothing.total_s == 0);
  CHECK(nothing.by_hour == std::array<std::int64_t, 24>{});

  // at(0) is 22:13:20 UTC; the third one starts the next day.
  constexpr std::int64_t hour = 3'600'000;
  written(*store, {over(activated(created("a", "alice"), 0), 2'000),
                   over(activated(created("b", "alice"), 60'000), 65'000),
                   activated(created("c", "alice"), 2 * hour), created("d", "alice"),
                   over(created("e", "alice"), 5, call_status::cancelled),
                   over(activated(created("f", "bob"), 0), 99'000)});
  const auto alice = of("alice");
  CHECK(alice.calls == 5);
  CHECK(alice.active == 1);
  CHECK(alice.total_s == 7);
  REQUIRE(alice.average_s.has_value());
  CHECK(*alice.average_s == Approx(3.5));
  CHECK(alice.by_hour[22] == 2);
  CHECK(alice.by_hour[0] == 1);
  CHECK(std::count(alice.by_hour.begin(), alice.by_hour.end(), 0) == 22);
  CHECK(of("bob").total_s == 99);
}

} // namespace carillon::persistence::test
