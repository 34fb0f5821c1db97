// What becomes of channels, messages and dead letters when they are old, or their call goes.

#include "tests/catch.hpp"
#include "tests/persistence/channels.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/outsider.hpp"
#include "tests/persistence/sessions.hpp"
#include "tests/persistence/videos.hpp"

namespace carillon::persistence::test {

namespace {

std::size_t erased_of(record_store& store, std::int64_t before, std::size_t limit = 100) {
  auto erased = store.erase_old(at(before), limit);
  INFO((erased ? "" : erased.error().message()));
  REQUIRE(erased.ok());
  return *erased;
}

// The calls with messages, by id.
template <class Database>
std::string chats_in(const Database& database) {
  const bool sqlite = std::is_same_v<Database, sqlite_database>;
  const std::string list =
      sqlite ? "group_concat(call_id, ' ')" : "string_agg(call_id, ' ' ORDER BY call_id)";
  return database.value(
      "SELECT coalesce(" + list
      + ", '') FROM (SELECT DISTINCT call_id FROM channel_messages ORDER BY call_id) AS c");
}

} // namespace

TEMPLATE_TEST_CASE("messages go with their call", "[store][channels]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  std::vector<write_op> ops{completed(ringing("c1", "alice", "bob", 1)),
                            completed(ringing("c2", "alice", "bob", 9'000)),
                            ringing("c3", "alice", "bob", 1),
                            completed(ringing("c4", "alice", "bob", 9'000)),
                            hide_op{user_id{"alice"}, call_id{"c4"}},
                            hide_op{user_id{"bob"}, call_id{"c4"}},
                            closed(opened("s1", {"alice", "bob"}, 1), 5),
                            opened("s2", {"alice", "bob"}, 1),
                            over(created("v1", "alice", {}, 1), 5),
                            created("v2", "alice", {}, 1),
                            channel_of("c1", {"alice"}, 1),
                            channel_of("v1", {"alice"}, 1)};
  for (const char* call : {"c1", "c2", "c3", "c4", "s1", "s2", "v1", "v2"}) {
    ops.push_back(kept(said(call, 10'000, "m")));
    ops.push_back(kept(said(call, 10'001, "n")));
  }
  REQUIRE(store->write(ops).ok());
  CHECK(erased_of(*store, 8'000) == 4); // of channels and messages nothing is counted
  CHECK(chats_in(database) == "c2 c3 s2 v2");
  CHECK(database.value("SELECT count(*) FROM channel_messages") == "8");
  CHECK(database.value("SELECT count(*) FROM channels") == "0");
  CHECK(erased_of(*store, 8'000) == 0);
}

TEMPLATE_TEST_CASE("a video call takes only its own messages with it", "[store][channels]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  std::vector<write_op> ops{ringing("direct", "alice", "bob", 1),
                            opened("session", {"alice", "bob"}, 1),
                            channel_of("guessed", {"alice", "bob"}, 1),
                            channel_of("friends", {"alice", R"(bob "b")"}, 1)};
  for (const char* call : {"direct", "session", "guessed"})
    ops.emplace_back(over(created(call, "mallory", {}, 1), 5));
  ops.emplace_back(over(created("friends", R"(bob "b")", {}, 1), 5));
  ops.emplace_back(over(created("plain", "alice", {}, 1), 5));
  for (const char* call : {"direct", "session", "guessed", "friends", "plain"})
    ops.push_back(kept(said(call, 10'000, "m")));
  REQUIRE(store->write(ops).ok());
  CHECK(erased_of(*store, 100) == 5);
  CHECK(chats_in(database) == "direct guessed session");
  CHECK(channel_in(*store, "guessed") == "[alice bob]");
  CHECK(channel_in(*store, "friends") == "none");
  database.script("DELETE FROM channels");
  CHECK(chats_in(database) == "direct session");
}

TEMPLATE_TEST_CASE("channels without a call go when nobody used them", "[store][channels]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const std::vector<std::string> members{"alice", "bob"};
  REQUIRE(store
              ->write(std::vector<write_op>{
                  channel_of("unused", members, 1), channel_of("new", members, 100),
                  channel_of("used", members, 2), kept(said("used", 3, "a")),
                  kept(said("used", 150, "b")), channel_of("left", members, 3),
                  kept(said("left", 4, "a")), kept(said("left", 99, "b")),
                  shut(channel_of("closed", members, 4), 99),
                  shut(channel_of("lately", members, 5), 200), kept(said("lately", 150, "a")),
                  channel_of("direct", members, 6), ringing("direct", "alice", "bob", 300),
                  channel_of("session", members, 6), opened("session", members, 300),
                  channel_of("video", members, 6), created("video", "alice", {}, 300)})
              .ok());
  CHECK(erased_of(*store, 100, 0) == 0);
  CHECK(erased_of(*store, 100, 1) == 1); // the oldest first
  CHECK(channel_in(*store, "unused") == "none");
  CHECK(erased_of(*store, 100) == 2);
  for (const char* gone : {"left", "closed"})
    CHECK(channel_in(*store, gone) == "none");
  CHECK(chats_in(database) == "lately used");
  CHECK(erased_of(*store, 100) == 0);
  CHECK(erased_of(*store, 201) == 3); // `new`, `used`, `lately`
  CHECK(chats_in(database).empty());
  CHECK(database.value("SELECT count(*) FROM channels") == "3");
  auto nothing = store->erase_old(time_point::min(), 10);
  REQUIRE(nothing.ok());
  CHECK(*nothing == 0);
}

TEMPLATE_TEST_CASE("dead letters go after a while", "[store][outbox]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  std::vector<write_op> ops;
  for (std::uint64_t i = 1; i <= 6; ++i)
    ops.emplace_back(entry_of(i, "c"));
  ops.emplace_back(buried(2, "old", 10));
  ops.emplace_back(buried(4, "older", 5));
  ops.emplace_back(buried(6, "new", 100));
  REQUIRE(store->write(ops).ok());
  CHECK(erased_of(*store, 100, 1) == 1);
  CHECK(database.value("SELECT min(error) FROM stream_outbox WHERE failed_at IS NOT NULL")
        == "new");
  CHECK(database.value("SELECT max(error) FROM stream_outbox WHERE failed_at IS NOT NULL")
        == "old");
  CHECK(erased_of(*store, 100) == 1);
  CHECK(erased_of(*store, 100) == 0);
  CHECK(waiting(*store) == "1 3 5"); // whatever their age
  CHECK(backlog_of(*store) == outbox_backlog{3, 1, "new", 6});
}

TEST_CASE("a role that may read all tables reads no chat", "[postgres][channels][security]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  if (!outsider::possible(database))
    return;
  auto store = store_at(database.url());
  REQUIRE(store
              ->write(std::vector<write_op>{person("alice"), person("mallory"),
                                            created("v", "alice", {}, 1), kept(said("v", 1, "m")),
                                            channel_of("x", {"alice"}, 1), kept(said("x", 1, "m")),
                                            entry_of(1, "v")})
              .ok());
  const outsider app{database};
  for (const char* table : {"channels", "channel_messages", "stream_outbox"}) {
    CHECK(app.lists("alice", std::string{"SELECT count(*) FROM "} + table) == "0");
    CHECK(app.changes("alice", std::string{"DELETE FROM "} + table) == "0");
  }
  CHECK(app.changes("alice", "INSERT INTO channels VALUES ('v', 'alice', '', '[]', now())")
        == "refused");

  // Who deletes its own video call there takes the messages along, and nobody else's.
  const std::string make = "INSERT INTO video_calls (call_id, created_by) VALUES ('x', 'mallory')";
  CHECK(app.changes("mallory", make) == "1");
  CHECK(app.changes("mallory", "DELETE FROM video_calls") == "1");
  CHECK(page(*store, chat_of("x")) == "m");
  CHECK(app.changes("alice", "DELETE FROM video_calls") == "1");
  CHECK(page(*store, chat_of("v")).empty());
  CHECK(page(*store, chat_of("x")) == "m");
}

} // namespace carillon::persistence::test
