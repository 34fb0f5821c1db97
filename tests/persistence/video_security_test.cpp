// Row level security of the video tables, as roles see it that are not their owner.

#include "persistence/postgres_store.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/outsider.hpp"
#include "tests/persistence/plans.hpp"
#include "tests/persistence/videos.hpp"

namespace carillon::persistence::test {

namespace {

std::string id_of(const std::string& call) { return "'" + video_call_id(call).str() + "'"; }

// alice's call has bob in it and carol invited; dave's call is nothing to any of them.
void fill(record_store& store) {
  auto mine = entered(created("mine", "alice", {"bob", "carol"}, 1), "bob", 10);
  mine = gone(entered(activated(mine, 20), "erin", 30), "erin", 40);
  auto theirs = entered(activated(created("theirs", "dave", {"erin"}, 2), 20), "dave", 30);
  written(store, {person("alice"), person("bob"), person("carol"), person("dave"), person("erin"),
                  mine, theirs, created("quiet", "bob", {}, 3),
                  news("w1", "mine", "r1", recording_status::ready, "https://x/1"),
                  news("w2", "theirs", "r2", recording_status::ready, "https://x/2"),
                  token("alice", "sealed-a", 10), token("bob", "sealed-b", 10)});
}

} // namespace

TEST_CASE("a role sees the rows of the user that it asks for", "[postgres][video][security]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  if (!outsider::possible(database))
    return;
  auto store = store_at(database.url());
  fill(*store);
  const outsider app{database};
  const std::string calls = "SELECT call_id FROM video_calls ORDER BY created_at";
  CHECK(app.lists("alice", calls) == "mine");
  CHECK(app.lists("bob", calls) == "mine quiet");
  CHECK(app.lists("carol", calls).empty()); // invited, but took no part
  CHECK(app.lists("dave", calls) == "theirs");
  CHECK(app.lists("erin", calls) == "mine");
  CHECK(app.lists("nobody", calls).empty());
  CHECK(app.lists("", calls).empty());

  const std::string people = "SELECT user_id FROM video_call_participants ORDER BY user_id";
  CHECK(app.lists("alice", people).empty());
  CHECK(app.lists("bob", people) == "bob");
  CHECK(app.lists("erin", people) == "erin");
  CHECK(app.lists("", people).empty());

  const std::string recordings = "SELECT stream_recording_id FROM video_call_recordings";
  CHECK(app.lists("alice", recordings) == "r1");
  CHECK(app.lists("bob", recordings) == "r1");
  CHECK(app.lists("carol", recordings).empty());
  CHECK(app.lists("dave", recordings) == "r2");
  CHECK(app.lists("", recordings).empty());

  const std::string invited =
      "SELECT invited_user_id FROM video_call_invitations ORDER BY invited_user_id";
  CHECK(app.lists("alice", invited) == "bob carol");
  CHECK(app.lists("carol", invited) == "carol");
  CHECK(app.lists("dave", invited) == "erin");
  CHECK(app.lists("", invited).empty());

  const std::string tokens = "SELECT stream_video_token FROM stream_video_users";
  CHECK(app.lists("alice", tokens) == "sealed-a");
  CHECK(app.lists("carol", tokens).empty());
  CHECK(app.lists("", tokens).empty());

  const std::string users = "SELECT id FROM users ORDER BY id";
  CHECK(app.lists("carol", users) == "carol");
  CHECK(app.lists("erin", users) == "alice erin"); // who made the call that erin was in
  CHECK(app.lists("", users).empty());
  CHECK(app.lists("alice", "SELECT id FROM stream_webhooks").empty());

  // The owner, as which the server connects, sees all.
  CHECK(database.value("SELECT count(*) FROM video_calls") == "3");
  CHECK(database.value("SELECT count(*) FROM stream_webhooks") == "2");
}

TEST_CASE("the views show what their asker may see", "[postgres][video][security]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  if (!outsider::possible(database))
    return;
  auto store = store_at(database.url());
  fill(*store);
  database.script("UPDATE users SET name = '' WHERE id = 'alice'");
  const outsider app{database};
  const std::string active =
      "SELECT call_id, creator_email, creator_name, active_participants_count"
      " FROM active_video_calls ORDER BY created_at";
  // Of the count no more is told than the number: alice sees nobody's row.
  CHECK(app.sees("alice", active)
        == R"({"call_id":"mine","creator_email":"alice@example.org",)"
           R"("creator_name":"alice","active_participants_count":1})");
  CHECK(app.sees("erin", active) == app.sees("alice", active));
  CHECK(app.sees("carol", active).empty());
  CHECK(app.sees("", active).empty());
  CHECK(has(app.sees("dave", active), R"("creator_name":"Name")"));
  const std::string history =
      "SELECT call_id, status, user_role, user_duration_seconds, left_at IS NULL AS open,"
      " creator_name FROM user_call_history";
  CHECK(app.sees("erin", history)
        == R"({"call_id":"mine","status":"active","user_role":"participant",)"
           R"("user_duration_seconds":0,"open":false,"creator_name":"alice"})");
  CHECK(app.sees("alice", history).empty());
  CHECK(app.sees("", history).empty());
  CHECK(database.value("SELECT count(*) FROM active_video_calls") == "2");
  CHECK(database.value("SELECT count(*) FROM user_call_history") == "3");
  CHECK(database.value("SELECT string_agg(reloptions::text, ' ') FROM pg_class WHERE relkind = 'v'"
                       " AND relnamespace = current_schema()::regnamespace")
        == "{security_invoker=true} {security_invoker=true}");
}

TEST_CASE("how many are in a call is told to who sees it", "[postgres][video][security]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  if (!outsider::possible(database))
    return;
  auto store = store_at(database.url());
  fill(*store);
  const outsider app{database};
  const auto count = [](const std::string& call) {
    return "SELECT coalesce(video_call_active_count(" + id_of(call) + ")::text, 'nothing')";
  };
  CHECK(app.lists("alice", count("mine")) == "1");
  CHECK(app.lists("bob", count("mine")) == "1");
  CHECK(app.lists("erin", count("mine")) == "1"); // has left
  CHECK(app.lists("bob", count("quiet")) == "0");
  CHECK(app.lists("carol", count("mine")) == "nothing");
  CHECK(app.lists("alice", count("theirs")) == "nothing");
  CHECK(app.lists("", count("theirs")) == "nothing");
  CHECK(app.lists("alice", count("none such")) == "nothing");
  // The owner has it of all, whoever it asks for.
  CHECK(database.value(count("mine")) == "1");
  CHECK(database.value(count("theirs")) == "1");
  CHECK(database.value("SELECT sum(active_participants_count) FROM active_video_calls") == "2");
}

TEST_CASE("a creator without a name is called by the e-mail, or the id",
          "[postgres][video][security]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  auto store = store_at(database.url());
  fill(*store);
  const auto called = [&](const std::string& name, const std::string& email) {
    database.script("UPDATE users SET name = '" + name + "', email = '" + email
                    + "' WHERE id = 'alice'");
    auto active = database.value("SELECT creator_name FROM active_video_calls"
                                 " WHERE call_id = 'mine'");
    CHECK(active
          == database.value("SELECT DISTINCT creator_name FROM user_call_history"
                            " WHERE call_id = 'mine'"));
    return active;
  };
  CHECK(called("Alice", "al@example.org") == "Alice");
  CHECK(called("", "al@example.org") == "al");
  CHECK(called("", "@example.org") == "alice");
  CHECK(called("", "") == "alice");
}

TEST_CASE("a role cannot write rows of others", "[postgres][video][security]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  if (!outsider::possible(database))
    return;
  auto store = store_at(database.url());
  fill(*store);
  const outsider app{database};
  const auto moved = [&](const std::string& user, const std::string& sql) {
    return has(app.changes(user, sql), "stays with its call and its users");
  };

  SECTION("calls") {
    CHECK(app.changes("alice", "UPDATE video_calls SET call_name = 'n'") == "1");
    CHECK(app.changes("bob", "UPDATE video_calls SET call_name = 'n' WHERE call_id = 'mine'")
          == "0");
    CHECK(app.changes("", "UPDATE video_calls SET call_name = 'n'") == "0");
    CHECK(app.changes("bob", "DELETE FROM video_calls WHERE call_id = 'mine'") == "0");
    CHECK(app.changes("carol", "INSERT INTO video_calls (call_id, created_by) VALUES ('x', 'dave')")
          == "refused");
    CHECK(app.changes("", "INSERT INTO video_calls (call_id, created_by) VALUES ('x', 'dave')")
          == "refused");
    CHECK(
        app.changes("carol", "INSERT INTO video_calls (call_id, created_by) VALUES ('x', 'carol')")
        == "1");
    CHECK(moved("alice", "UPDATE video_calls SET created_by = 'bob'"));
    CHECK(moved("alice", "UPDATE video_calls SET call_id = 'other' WHERE call_id = 'mine'"));
    CHECK(app.changes("alice", "DELETE FROM video_calls") == "1");
    CHECK(database.value("SELECT count(*) FROM video_calls") == "3");
  }
  SECTION("participations") {
    const auto joins = [&](const std::string& as, const std::string& user, const std::string& call,
                           const std::string& role = "participant") {
      return app.changes(as, "INSERT INTO video_call_participants (call_id, user_id, role) VALUES ("
                                 + id_of(call) + ", '" + user + "', '" + role + "')");
    };
    CHECK(joins("carol", "carol", "theirs") == "refused"); // a stranger's call
    CHECK(joins("carol", "erin", "mine") == "refused");
    CHECK(joins("carol", "carol", "mine", "admin") == "refused");
    CHECK(joins("", "carol", "mine") == "refused");
    CHECK(joins("carol", "carol", "mine") == "1"); // is invited
    CHECK(joins("alice", "alice", "mine", "admin") == "1");
    const std::string leave = "UPDATE video_call_participants SET left_at = now()";
    CHECK(app.changes("bob", leave) == "1");
    CHECK(app.changes("bob", leave + " WHERE user_id = 'erin'") == "0");
    CHECK(app.changes("", leave) == "0");
    CHECK(moved("bob", "UPDATE video_call_participants SET call_id = " + id_of("theirs")));
    CHECK(moved("bob", "UPDATE video_call_participants SET user_id = 'dave'"));
    CHECK(app.changes("bob", "DELETE FROM video_call_participants") == "0");
    CHECK(database.value("SELECT count(*) FROM video_call_participants") == "5");
  }
  SECTION("invitations") {
    const auto invites = [&](const std::string& as, const std::string& by, const std::string& whom,
                             const std::string& call) {
      return app.changes(as, "INSERT INTO video_call_invitations (call_id, invited_by,"
                             " invited_user_id) VALUES ("
                                 + id_of(call) + ", '" + by + "', '" + whom + "')");
    };
    CHECK(invites("carol", "carol", "carol", "theirs") == "refused");
    CHECK(invites("carol", "dave", "carol", "theirs") == "refused");
    CHECK(invites("bob", "bob", "dave", "mine") == "refused"); // in it, but not its creator
    CHECK(invites("alice", "alice", "dave", "mine") == "1");
    const std::string answer = "UPDATE video_call_invitations SET status = 'declined'";
    CHECK(app.changes("carol", answer) == "1");
    CHECK(app.changes("alice", answer) == "0"); // sent them
    CHECK(app.changes("", answer) == "0");
    // The way into a call of others: an invitation that is made one to that call.
    CHECK(moved("carol", "UPDATE video_call_invitations SET call_id = " + id_of("theirs")));
    CHECK(moved("carol", "UPDATE video_call_invitations SET invited_by = 'dave'"));
    CHECK(app.changes("carol", "DELETE FROM video_call_invitations") == "0");
    CHECK(app.changes("alice", "DELETE FROM video_call_invitations") == "3");
    CHECK(database.value("SELECT count(*) FROM video_call_invitations") == "1");
  }
  SECTION("recordings") {
    const auto records = [&](const std::string& as, const std::string& call) {
      return app.changes(as, "INSERT INTO video_call_recordings (call_id, stream_recording_id)"
                             " VALUES ("
                                 + id_of(call) + ", 'new')");
    };
    CHECK(records("bob", "mine") == "refused"); // in it, but not its creator
    CHECK(records("alice", "theirs") == "refused");
    CHECK(records("alice", "mine") == "1");
    CHECK(app.changes("bob", "UPDATE video_call_recordings SET recording_url = 'x'") == "0");
    CHECK(app.changes("bob", "DELETE FROM video_call_recordings") == "0");
    CHECK(moved("alice", "UPDATE video_call_recordings SET call_id = " + id_of("quiet")));
    CHECK(app.changes("alice", "DELETE FROM video_call_recordings") == "2");
    CHECK(database.value("SELECT count(*) FROM video_call_recordings") == "1");
  }
  SECTION("tokens, users and webhooks") {
    CHECK(app.changes("alice", "UPDATE stream_video_users SET stream_video_token = 'x'") == "1");
    CHECK(app.changes("alice", "UPDATE stream_video_users SET user_id = 'carol'") == "refused");
    CHECK(app.changes("carol", "INSERT INTO stream_video_users (user_id) VALUES ('dave')")
          == "refused");
    CHECK(app.changes("carol", "DELETE FROM stream_video_users") == "0");
    CHECK(app.changes("alice", "UPDATE users SET name = 'x'") == "0");
    CHECK(app.changes("alice", "DELETE FROM users") == "0");
    CHECK(app.changes("alice", "INSERT INTO stream_webhooks VALUES ('w', now())") == "refused");
    CHECK(app.changes("alice", "DELETE FROM stream_webhooks") == "0");
    CHECK(database.value("SELECT stream_video_token FROM stream_video_users WHERE user_id = 'bob'")
          == "sealed-b");
  }
}

TEST_CASE("the samples of a call go with it, whoever deletes it", "[postgres][video][security]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  if (!outsider::possible(database))
    return;
  auto store = store_at(database.url());
  fill(*store);
  const outsider app{database};
  database.script("REVOKE ALL ON call_quality FROM " + app.name());
  quality_sample sample;
  sample.call = video_call_id("mine");
  sample.user = user_id{"bob"};
  sample.at = at(1);
  written(*store, {sample});
  CHECK(app.changes("alice", "DELETE FROM call_quality") == "refused");
  CHECK(app.changes("alice", "DELETE FROM video_calls") == "1");
  CHECK(database.value("SELECT count(*) FROM call_quality") == "0");
}

TEST_CASE("a server that is not the owner of the tables is refused",
          "[postgres][video][security]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  if (!outsider::possible(database))
    return;
  auto store = store_at(database.url());
  const outsider app{database};
  auto other = postgres_stores(app.url())->open();
  REQUIRE(other.ok());
  auto refused = (*other)->migrate();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == error_code::store_unavailable);
  INFO(refused.error().message());
  CHECK(has(refused.error().message(), "connect as the owner of the tables"));
  CHECK(store->migrate().ok());
}

TEST_CASE("every table that people query has its policies", "[postgres][video][security]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  store_at(database.url());
  CHECK(database.lines({}, "SELECT c.relname || ' ' || (SELECT string_agg(DISTINCT p.polcmd::text,"
                           " '' ORDER BY p.polcmd::text) FROM pg_policy AS p WHERE p.polrelid ="
                           " c.oid) FROM pg_class AS c WHERE c.relrowsecurity AND NOT"
                           " c.relforcerowsecurity AND c.relnamespace ="
                           " current_schema()::regnamespace AND EXISTS (SELECT FROM pg_policy AS p"
                           " WHERE p.polrelid = c.oid) ORDER BY 1")
        == "stream_video_users *\n"
           "users r\n"
           "video_call_invitations adrw\n"
           "video_call_participants arw\n"
           "video_call_recordings adrw\n"
           "video_calls adrw\n");
}

} // namespace carillon::persistence::test
