// What the stores find under the id of a channel: a row, a call of any kind, or both.

#include "persistence/channel_lookup.hpp"

#include "tests/catch.hpp"
#include "tests/persistence/channels.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/sessions.hpp"
#include "tests/persistence/videos.hpp"

namespace carillon::persistence::test {

namespace {

call_record refused(call_record call, end_reason why) {
  call = missed(std::move(call));
  call.reason = why;
  return call;
}

channel_record loaded(record_store& store, const std::string& call) {
  auto found = store.load_channel(call_id{call});
  INFO((found ? "" : found.error().message()));
  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  return **found;
}

} // namespace

TEMPLATE_TEST_CASE("a call of any kind has its channel", "[store][channels]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto session = joined(opened("s1", {"alice", "bob", "carol"}), "alice", 5);
  const auto video = entered(created("v1", "dave", {"erin"}), "zoe", 7);
  REQUIRE(store
              ->write(std::vector<write_op>{
                  ringing("live", "alice", "bob", 3), completed(ringing("over", "alice", "bob")),
                  session, closed(opened("s2", {"bob", "alice"}), 9), video,
                  over(created("v2", "dave"), 11),
                  refused(ringing("busy", "alice", "bob"), end_reason::busy),
                  refused(ringing("away", "alice", "bob"), end_reason::offline)})
              .ok());
  CHECK(channel_in(*store, "live") == "[alice bob]");
  CHECK(channel_in(*store, "over") == "[alice bob]!");
  CHECK(channel_in(*store, "s1") == "[alice bob carol]");
  CHECK(channel_in(*store, "s2") == "[bob alice]!");
  CHECK(channel_in(*store, "v1") == "[dave erin zoe]");
  CHECK(channel_in(*store, "v2") == "[dave]!");
  CHECK(channel_in(*store, video_call_id("v1").str()) == "none"); // its clients know another id
  CHECK(channel_in(*store, "busy") == "none");                    // never rang
  CHECK(channel_in(*store, "away") == "none");
  CHECK(channel_in(*store, "x") == "none");

  const auto live = loaded(*store, "live");
  CHECK(live.of_call);
  CHECK_FALSE(live.stored);
  CHECK(live.created_by == user_id{"alice"});
  CHECK(live.created_at == at(3));
  CHECK(loaded(*store, "s2").closed_at == at(9));
}

TEMPLATE_TEST_CASE("a channel that was made before its call is joined with it", "[store][channels]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  REQUIRE(
      store
          ->write(std::vector<write_op>{
              channel_of("friends", {"alice", "bob"}, 1), channel_of("guessed", {"alice"}, 1),
              channel_of("none", {"alice", "bob"}, 1), channel_of("busy", {"alice"}, 1),
              shut(channel_of("shut", {"alice"}, 1), 2), created("friends", "bob", {"carol"}, 5),
              created("guessed", "mallory", {}, 5), created("shut", "alice", {"bob"}, 5),
              refused(ringing("busy", "alice", "bob"), end_reason::busy)})
          .ok());
  CHECK(channel_in(*store, "friends") == "[alice bob carol]");
  CHECK(channel_in(*store, "guessed") == "[alice]");
  CHECK(channel_in(*store, "none") == "[alice bob]");
  CHECK(channel_in(*store, "busy") == "[alice]");
  CHECK(channel_in(*store, "shut") == "[alice bob]!");
  const auto friends = loaded(*store, "friends");
  CHECK(friends.stored);
  CHECK(friends.of_call);
  CHECK(friends.created_by == user_id{"alice"});
  CHECK_FALSE(loaded(*store, "none").of_call);
  CHECK_FALSE(loaded(*store, "busy").of_call);

  REQUIRE(
      store->write(std::vector<write_op>{over(created("friends", "bob", {"carol"}, 5), 9)}).ok());
  CHECK(loaded(*store, "friends").closed_at == at(9));
  CHECK(loaded(*store, "shut").closed_at == at(2));
}

TEMPLATE_TEST_CASE("nobody reads a chat by giving a video call the id of a call",
                   "[store][channels]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  REQUIRE(
      store
          ->write(std::vector<write_op>{ringing("c", "alice", "bob"), opened("s", {"alice", "bob"}),
                                        created("c", "mallory"), created("s", "mallory")})
          .ok());
  CHECK(channel_in(*store, "c") == "[alice bob]");
  CHECK(channel_in(*store, "s") == "[alice bob]");
}

TEST_CASE("a store that is away knows of no channel, nor of none", "[channels]") {
  auto store = stores_at("postgresql://me:secret@127.0.0.1:1/calls")->open();
  REQUIRE(store.ok());
  CHECK(channel_in(**store, "c") == "store_unavailable");
  CHECK(page(**store, chat_of("c")) == "store_unavailable");
  CHECK_FALSE((*store)->last_seq(call_id{"c"}).ok());
  CHECK_FALSE((*store)->find_message(call_id{"c"}, "m").ok());
  CHECK_FALSE((*store)->outbox(0, 1).ok());
  CHECK_FALSE((*store)->backlog().ok());
}

} // namespace carillon::persistence::test
