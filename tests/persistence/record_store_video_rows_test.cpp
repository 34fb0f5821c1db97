// What stores do with rows of video calls that are odd, or made by others, and which they touch.

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/videos.hpp"

#include <algorithm>
#include <random>
#include <thread>
#include <type_traits>

namespace carillon::persistence::test {

TEMPLATE_TEST_CASE("a video call that a store cannot hold is refused, with its whole batch",
                   "[store][video]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto good = created("good", "alice", {"bob"});
  auto twice = entered(created("twice", "alice"), "bob", 1);
  twice.people.push_back(twice.people.back());
  auto bare = created("bare", "alice");
  bare.video().facts.reset();
  auto named = created("named", "alice");
  named.id = call_id{"named"};
  auto same = created("good", "alice"); // another id for the same call of a client
  same.id = video_call_id("other");
  for (const auto& op : std::vector<write_op>{twice, bare, named, same}) {
    auto refused = store->write(std::vector<write_op>{good, op});
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error().code == error_code::internal);
    CHECK(refused.error().detail.empty());
    CHECK(database.value("SELECT count(*) FROM video_calls") == "0");
  }
}

TEMPLATE_TEST_CASE("a video call that is not readable is passed over, or refused", "[store][video]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  for (int i = 1; i <= 4; ++i)
    written(*store,
            {entered(created("c" + std::to_string(i), "alice", {"bob"}, i), "bob", 10 + i)});
  const auto of_call = [](const std::string& id) { return " WHERE call_id = '" + id + "'"; };
  database.script("UPDATE video_calls SET reason = 'frozen'" + of_call("c2"));
  database.script("UPDATE video_calls SET members = '[{\"user\":1}]'" + of_call("c3"));
  database.script("UPDATE video_calls SET members = '['" + of_call("c4"));
  CHECK(awake_in(*store) == "c1");
  for (const char* id : {"c2", "c3", "c4"}) {
    auto found = store->load_call(call_kind::video, video_call_id(id));
    REQUIRE_FALSE(found.ok());
    CHECK(found.error().code == error_code::internal);
  }
  auto history = store->video_history({user_id{"bob"}});
  REQUIRE(history.ok());
  CHECK(names_of(*history) == "c4 c3 c1"); // who is named is nothing to a history
}

TEMPLATE_TEST_CASE("a row made of the documented columns alone is a video call", "[store][video]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const bool sqlite = std::is_same_v<TestType, sqlite_database>;
  const auto time = [&](int ms) {
    return sqlite ? std::to_string(ms)
                  : "'epoch'::timestamptz + " + std::to_string(ms) + " * interval '1 ms'";
  };
  const auto id = video_call_id("c").str();
  written(*store, {person("alice"), person("bob"), person("carol")});
  database.script(
      "INSERT INTO video_calls (id, call_id, created_by, status, created_at, updated_at)"
      " VALUES ('"
      + id + "', 'c', 'alice', 'active', " + time(5) + ", " + time(7) + ")");
  const auto joins = [&](const std::string& user, const std::string& left, const char* duration,
                         int ms) {
    database.script("INSERT INTO video_call_participants (id, call_id, user_id, joined_at, left_at,"
                    " duration_seconds, created_at, updated_at) VALUES ('"
                    + video_call_id(user).str() + "', '" + id + "', '" + user + "', " + time(ms)
                    + ", " + left + ", " + duration + ", " + time(ms) + ", " + time(ms) + ")");
  };
  joins("bob", "NULL", "NULL", 9);
  joins("carol", time(1'500), "1", 10);
  auto call = stored_video(*store, "c");
  CHECK(call.state() == call_state::active);
  CHECK(call.started_at == from_epoch_ms(5));
  CHECK(call.video().facts->seats == 50);
  CHECK(call.video().facts->sharing);
  CHECK(call.video().facts->open());
  REQUIRE(call.people.size() == 3);
  CHECK(call.people[0].role == participant_role::admin);
  CHECK_FALSE(call.people[0].joined_at.has_value());
  CHECK(call.people[1].entered_at == from_epoch_ms(9));
  CHECK_FALSE(call.people[2].in());
  CHECK(call.people[2].present == seconds{1});

  // A server goes on with it.
  call.version = 1;
  CHECK(written(*store, {trimmed(gone(call, "bob", 0), 1)}) == "1");
  CHECK(stored_video(*store, "c").people[1].left_at == at(0));
  database.script("UPDATE video_calls SET status = 'ended', ended_at = NULL");
  CHECK(stored_video(*store, "c").ended_at == at(0));
  database.script("UPDATE video_calls SET status = 'created'");
  CHECK(stored_video(*store, "c").state() == call_state::ringing);
}

TEMPLATE_TEST_CASE("a database from before there were video calls keeps what it has",
                   "[migrations][video]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  migrate_to(database, 3);
  const bool sqlite = std::is_same_v<TestType, sqlite_database>;
  const std::string time = sqlite ? "1" : "'epoch'::timestamptz";
  database.script("INSERT INTO users VALUES ('alice', 'Alice', '', '', '', '', '', '', '', " + time
                  + ", " + time + ")");
  database.script("INSERT INTO sessions (id, initiator_id, session_type, therapy_session_id, seats,"
                  " call_settings, metadata, status, reason, version, duration_s, ended_by,"
                  " created_at, invited_until) VALUES ('s1', 'alice', 'group', '', 8, '{}', '{}',"
                  " 'waiting', '', 1, 0, '', "
                  + time + ", " + time + ")");
  auto store = store_at(database.url());
  auto user = store->load_user(user_id{"alice"});
  REQUIRE(user.ok());
  REQUIRE(user->has_value());
  CHECK((*user)->profile.name == "Alice");
  CHECK(database.value("SELECT count(*) FROM sessions") == "1");
  CHECK(written(*store, {created("c", "alice", {"bob"})}) == "1");
  CHECK(stored_video(*store, "c") == created("c", "alice", {"bob"}));
  CHECK(database.value("SELECT name FROM users WHERE id = 'alice'") == "Alice");
}

TEST_CASE("PostgreSQL touches only rows of a video call that say something new",
          "[postgres][video]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  auto store = store_at(database.url());
  const auto row = [&](const std::string& table, const std::string& column,
                       const std::string& user) {
    return database.value("SELECT xmin || ' ' || xmax FROM " + table + " WHERE " + column + " = '"
                          + user + "'");
  };
  const auto person = [&](const std::string& user) {
    return row("video_call_participants", "user_id", user);
  };
  const auto invited = [&](const std::string& user) {
    return row("video_call_invitations", "invited_user_id", user);
  };
  auto call = entered(entered(created("c", "alice", {"bob", "carol"}), "bob", 1), "alice", 2);
  CHECK(written(*store, {call}) == "1");
  const auto alice = person("alice");
  const auto bob = person("bob");
  const auto bobs = invited("bob");
  const auto carols = invited("carol");
  call = gone(call, "bob", 5);
  CHECK(written(*store, {call}) == "1");
  CHECK(person("bob") != bob);
  CHECK(person("alice") == alice); // neither written nor locked
  CHECK(invited("bob") == bobs);   // was accepted before
  CHECK(invited("carol") == carols);
  CHECK(stored_video(*store, "c") == call);
}

TEST_CASE("servers that write the same video calls do not lock each other out",
          "[postgres][video]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  store_at(database.url());
  constexpr int servers = 4;
  std::vector<int> failures(servers);
  std::vector<std::thread> threads;
  for (int server = 0; server < servers; ++server) {
    threads.emplace_back([&, server, stores = stores_at(database.url())] {
      auto store = stores->open();
      std::mt19937 random{static_cast<unsigned>(server)};
      for (std::uint32_t round = 1; round <= 20; ++round) {
        std::vector<write_op> ops;
        for (int i = 0; i < 12; ++i) {
          const auto id = "c" + std::to_string(i);
          auto call = entered(created(id, "alice", {"bob", "carol"}, i), "zoe", i);
          call.version = round;
          for (auto& one : call.people)
            one.version = round;
          ops.emplace_back(call);
          ops.emplace_back(token("u" + std::to_string(i), "t", round));
          ops.emplace_back(
              news("w" + id + std::to_string(round), id, "r" + id, recording_status::processing));
        }
        std::shuffle(ops.begin(), ops.end(), random);
        if (!store || !(*store)->write(ops))
          ++failures[static_cast<std::size_t>(server)];
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  CHECK(failures == std::vector<int>(servers, 0));
  CHECK(database.value("SELECT min(version) FROM video_calls") == "20");
  CHECK(database.value("SELECT min(version) FROM video_call_participants") == "20");
}

} // namespace carillon::persistence::test
