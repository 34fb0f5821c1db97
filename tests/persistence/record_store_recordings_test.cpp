// What every store promises of recordings and of Stream's tokens.

#include "persistence/recording_change.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/videos.hpp"

namespace carillon::persistence::test {

namespace {

using status = recording_status;

// What the news does: `insert id`, `update id` and `nothing id`, with `was …` for a new name.
std::string change(const recording_news& what, const std::vector<recording>& known) {
  static const std::vector<std::string> words{"nothing", "insert", "update"};
  const auto done = change_by(what, known);
  return words.at(static_cast<std::size_t>(done.what)) + " " + done.id
         + (done.renames.empty() ? "" : " was " + done.renames);
}

recording row(const std::string& id, recording_status how, const std::string& url = {}) {
  recording one;
  one.id = id;
  one.status = how;
  one.url = url;
  return one;
}

recording_news told(const std::string& id, recording_status how, const std::string& url = {}) {
  return news("w", "c", id, how, url);
}

} // namespace

TEST_CASE("news of a recording only ever moves it on", "[recordings]") {
  CHECK(change(told("r", status::processing), {}) == "insert r");
  CHECK(change(told("r", status::ready, "https://x/1"), {row("q", status::ready)}) == "insert r");
  const std::vector<status> order{status::processing, status::failed, status::ready};
  for (auto before : order) {
    for (auto now : order)
      CHECK(change(told("r", now), {row("r", before)})
            == (now > before ? "update r" : "nothing r"));
  }
}

TEST_CASE("another file of a recording that is ready is one of its own", "[recordings]") {
  const std::vector<recording> known{row("r", status::ready, "https://x/a/1.mp4?s=1")};
  CHECK(change(told("r", status::ready, "https://x/a/1.mp4?s=2"), known) == "nothing r");
  CHECK(change(told("r", status::ready, "https://y/b/1.mp4#t"), known) == "nothing r");
  CHECK(change(told("r", status::ready, ""), known) == "nothing r");
  CHECK(change(told("r", status::ready, "https://x/a/2.mp4?s=1"), known) == "insert r/2.mp4");
  CHECK(change(told("r", status::failed, "https://x/a/2.mp4?s=1"), known) == "nothing r");
  auto both = known;
  both.push_back(row("r/2.mp4", status::ready, "https://x/a/2.mp4"));
  CHECK(change(told("r", status::ready, "https://x/a/2.mp4?s=9"), both) == "nothing r/2.mp4");
  CHECK(change(told("r", status::ready, "odd"), {row("r", status::ready, "strange")})
        == "insert r/odd");
  CHECK(change(told("r", status::ready, "x/"), {row("r", status::ready, "y/")}) == "insert r/x/");
}

TEST_CASE("a recording takes over the row that stood for it", "[recordings]") {
  auto ready = told("file", status::ready, "https://x/1");
  ready.adopts = "call#open";
  CHECK(change(ready, {}) == "insert file");
  CHECK(change(ready, {row("call#open", status::processing)}) == "update file was call#open");
  CHECK(change(ready, {row("call#open", status::processing), row("file", status::processing)})
        == "update file");
}

TEMPLATE_TEST_CASE("a recording is kept through its webhooks", "[store][video]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  // Of a call that is not known, and which is known later.
  const auto early = news("w0", "c", "r", status::processing, "", 1);
  CHECK(written(*store, {early}) == "0");
  CHECK(written(*store, {created("c", "alice")}) == "1");
  CHECK(recorded(*store, "c").empty());
  CHECK(written(*store, {early, early}) == "10");
  CHECK(recorded(*store, "c") == "r processing");

  auto ready = news("w1", "c", "r", status::ready, "https://x/1.mp4", 20);
  ready.what.file_bytes = 52'428'800'000;
  ready.what.duration_s = 1'800;
  CHECK(written(*store, {ready}) == "1");
  CHECK(written(*store, {ready}) == "0");
  auto found = store->recordings(video_call_id("c"));
  REQUIRE(found.ok());
  REQUIRE(found->size() == 1);
  auto expected = ready.what;
  expected.created_at = at(1);
  CHECK(found->front() == expected);
  CHECK(database.value("SELECT id FROM video_call_recordings") == recording_row_id("r"));

  // Late, of a file of its own, and of a failure: by other webhooks.
  CHECK(written(*store, {news("w2", "c", "r", status::processing, "", 30),
                         news("w3", "c", "r", status::ready, "https://x/2.mp4", 40),
                         news("w4", "c", "r", status::ready, "https://x/2.mp4?again", 50),
                         news("w5", "c", "s", status::failed, "", 60)})
        == "1111");
  const std::string all = "r ready https://x/1.mp4, r/2.mp4 ready https://x/2.mp4, s failed";
  CHECK(recorded(*store, "c") == all);
  CHECK(written(*store, {news("w6", "c", "s", status::ready, "https://x/3.mp4", 70)}) == "1");
  CHECK(recorded(*store, "c")
        == "r ready https://x/1.mp4, r/2.mp4 ready https://x/2.mp4, s ready https://x/3.mp4");

  // An id belongs to the call that had it first.
  CHECK(written(*store, {created("d", "alice"), news("w7", "d", "r", status::failed)}) == "11");
  CHECK(recorded(*store, "d").empty());
  CHECK(recorded(*store, "\xff").empty());
  auto odd = store->recordings(call_id{"odd"});
  REQUIRE(odd.ok());
  CHECK(odd->empty());
}

TEMPLATE_TEST_CASE("a recording without an id of its own gets one when it is ready",
                   "[store][video]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  written(*store, {created("c", "alice")});
  for (const std::string n : {"1", "2"}) { // twice: the row that stands for it is free again
    auto ready = news("ready" + n, "c", "file" + n, status::ready, "https://x/" + n, 10);
    ready.adopts = "default:c#open";
    CHECK(written(*store, {news("started" + n, "c", "default:c#open", status::processing), ready})
          == "11");
  }
  CHECK(recorded(*store, "c") == "file1 ready https://x/1, file2 ready https://x/2");
  CHECK(database.value("SELECT count(*) FROM video_call_recordings WHERE id = '"
                       + recording_row_id("file2") + "'")
        == "1");
}

TEMPLATE_TEST_CASE("a webhook is remembered for a week", "[store][video]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  constexpr std::int64_t week = 7 * 24 * 3'600'000;
  const auto first = news("w1", "c", "r", status::processing, "", 0);
  CHECK(written(*store, {created("c", "alice"), first}) == "11");
  CHECK(written(*store, {news("w2", "c", "r", status::processing, "", week)}) == "1");
  CHECK(written(*store, {first}) == "0");
  CHECK(written(*store, {news("w3", "c", "r", status::processing, "", week + 1)}) == "1");
  CHECK(database.value("SELECT count(*) FROM stream_webhooks") == "2");
  CHECK(written(*store, {first}) == "1");
  CHECK(recorded(*store, "c") == "r processing");
}

TEMPLATE_TEST_CASE("of a user's tokens the one that lives longest is kept", "[store][video]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto kept = [&](const std::string& user) {
    auto found = store->token_of(user_id{user});
    INFO((found ? "" : found.error().message()));
    REQUIRE(found.ok());
    return *found;
  };
  CHECK_FALSE(kept("alice").has_value());
  CHECK(written(*store, {person("alice"), token("alice", "one", 100)}) == "11");
  CHECK(kept("alice") == token("alice", "one", 100));
  CHECK(written(*store, {token("alice", "short", 99), token("bob", "other", 5)}) == "01");
  CHECK(kept("alice") == token("alice", "one", 100));
  CHECK(written(*store, {token("alice", "two", 100), token("alice", "three", 200)}) == "11");
  CHECK(kept("alice") == token("alice", "three", 200));
  CHECK(kept("bob") == token("bob", "other", 5));
  CHECK_FALSE(kept("carol").has_value());
  CHECK_FALSE(kept("\xff").has_value());
  // A row that others made without a token is none, and takes one.
  database.script("UPDATE stream_video_users SET stream_video_token = NULL, token_expires_at = NULL"
                  " WHERE user_id = 'bob'");
  CHECK_FALSE(kept("bob").has_value());
  CHECK(written(*store, {token("bob", "new", 1)}) == "1");
  CHECK(kept("bob") == token("bob", "new", 1));
}

} // namespace carillon::persistence::test
