// What every store promises of timelines.

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/outsider.hpp"
#include "tests/persistence/sessions.hpp"
#include "tests/persistence/videos.hpp"

#include <type_traits>
#include <utility>

namespace carillon::persistence::test {

namespace {

timeline_ptr told(const std::string& call, std::int64_t ms = 5, std::string packed = "a timeline") {
  return std::make_shared<const timeline_text>(
      timeline_text{call_id{call}, at(ms), std::move(packed)});
}

/// The text that the store has, `none` where it has none.
std::string timeline_in(record_store& store, const std::string& call) {
  auto found = store.load_timeline(call_id{call});
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  return *found ? (*found)->packed : "none";
}

template <class Database>
std::string count_in(const Database& database) {
  return database.value("SELECT count(*) FROM call_timelines");
}

} // namespace

TEMPLATE_TEST_CASE("a timeline is written once, and comes back as it was", "[store][timelines]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  CHECK(timeline_in(*store, "c1") == "none");
  CHECK(timeline_in(*store, std::string("c\0", 2)) == "none");
  const std::string text =
      "direct active none 0 - - 0\na\"b {z\\,\xc3\xa5\xe2\x98\x8e}\nring 0 0 1\n";
  const std::string longest(40'000, 'x');
  CHECK(written(*store, {told("c1", 5, text), told("c2", 6, longest)}) == "11");
  // Again, as after a crash, and in one batch.
  REQUIRE(store->write(std::vector<write_op>{told("c1", 5, text), told("c3"), told("c3")}).ok());
  CHECK(timeline_in(*store, "c3") == "a timeline");
  CHECK(timeline_in(*store, "c1") == text);
  CHECK(timeline_in(*store, "c2") == longest);
  auto found = store->load_timeline(call_id{"c1"});
  REQUIRE(found.ok());
  CHECK((*found)->call == call_id{"c1"});
  CHECK((*found)->ended_at == at(5));
  CHECK(database.value("SELECT count(DISTINCT call_id) FROM call_timelines") == "3");
}

TEMPLATE_TEST_CASE("timelines and all else are written together", "[store][timelines]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  CHECK(written(*store, {told("c1"), completed(ringing("c1", "alice", "bob")), person("alice"),
                         told("c2"), measured("c1", "alice", 5)})
        == "11111");
  auto bad = store->write(std::vector<write_op>{told("c3"), told("c4", 5, "\xff")});
  REQUIRE_FALSE(bad.ok());
  CHECK(bad.error().code == error_code::internal);
  CHECK(timeline_in(*store, "c3") == "none");
}

TEMPLATE_TEST_CASE("timelines go with their call", "[store][timelines]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  auto video = over(created("v1", "alice", {}, 1), 5);
  REQUIRE(store
              ->write(std::vector<write_op>{
                  completed(ringing("c1", "alice", "bob", 1)),
                  completed(ringing("c2", "alice", "bob", 9'000)),
                  completed(ringing("c3", "alice", "bob", 9'000)),
                  hide_op{user_id{"alice"}, call_id{"c3"}}, hide_op{user_id{"bob"}, call_id{"c3"}},
                  closed(opened("s1", {"alice", "bob"}, 1), 5), video, told("c1"), told("c2"),
                  told("c3"), told("s1"), told(video.id.str()), told("v1")})
              .ok());
  auto erased = store->erase_old(at(8'000), 100);
  REQUIRE(erased.ok());
  CHECK(*erased == 4); // of timelines nothing is counted
  CHECK(count_in(database) == "2");
  CHECK(timeline_in(*store, "c2") == "a timeline");
  CHECK(timeline_in(*store, "v1")
        == "a timeline"); // what clients call a video call is nothing here
}

TEMPLATE_TEST_CASE("a store of the version before gets timelines", "[store][timelines]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  migrate_to(database, 5);
  const bool sqlite = std::is_same_v<TestType, sqlite_database>;
  database.script("INSERT INTO channels (call_id, created_by, call_type, members, created_at)"
                  " VALUES ('x', 'alice', '', '[\"alice\"]', "
                  + std::string{sqlite ? "1" : "now()"} + ")");
  auto store = store_at(database.url());
  CHECK(written(*store, {completed(ringing("c1", "alice", "bob")), told("c1")}) == "11");
  CHECK(timeline_in(*store, "c1") == "a timeline");
  CHECK(database.value("SELECT count(*) FROM channels") == "1");
  auto erased = store->erase_old(at(60'000), 100);
  REQUIRE(erased.ok());
  CHECK(timeline_in(*store, "c1") == "none");
}

TEST_CASE("a role that may read all tables sees no timelines", "[postgres][timelines][security]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  if (!outsider::possible(database))
    return;
  auto store = store_at(database.url());
  auto video = created("v", "alice", {}, 1);
  REQUIRE(store->write(std::vector<write_op>{person("alice"), video, told(video.id.str())}).ok());
  const outsider app{database};
  CHECK(app.lists("alice", "SELECT count(*) FROM call_timelines") == "0");
  // Who deletes its own video call there takes the timeline along.
  CHECK(app.changes("alice", "DELETE FROM video_calls") == "1");
  CHECK(timeline_in(*store, video.id.str()) == "none");
}

} // namespace carillon::persistence::test
