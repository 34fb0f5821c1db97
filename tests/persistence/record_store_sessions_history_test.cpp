// A user's list of sessions, the same from every store.

#include "persistence/postgres_session_statements.hpp"
#include "persistence/sqlite_session.hpp"
#include "persistence/sqlite_session_statements.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/plans.hpp"
#include "tests/persistence/sessions.hpp"

#include <algorithm>
#include <random>
#include <tuple>

namespace carillon::persistence::test {

TEMPLATE_TEST_CASE("a page of sessions has those that a user began or was named in",
                   "[store][sessions]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  // Equal times: the greater id comes first.
  const auto waits = opened("s1", {"alice", "bob"}, 1);
  const auto active = joined(joined(opened("s2", {"bob", "alice"}, 1), "bob", 5), "alice", 6);
  const auto over = closed(opened("s3", {"carol", "bob", "alice"}, 0), 9);
  written(*store, {waits, active, over, opened("s4", {"carol", "bob"}, 3),
                   completed(ringing("c1", "alice", "bob", 2))});

  CHECK(listed(*store, sessions_of("alice")) == "s2 s1 s3 of 3");
  CHECK(listed(*store, sessions_of("bob")) == "s4 s2 s1 s3 of 4");
  CHECK(listed(*store, sessions_of("eve")) == "of 0");
  CHECK(listed(*store, sessions_of("")) == "of 0");
  CHECK(listed(*store, sessions_of(std::string("bob\0", 4))) == "of 0");
  CHECK(listed(*store, sessions_of("\xff")) == "of 0");
  auto found = store->sessions(sessions_of("alice"));
  REQUIRE(found.ok());
  CHECK(found->calls == std::vector<call_record>{active, waits, over});

  CHECK(listed(*store, sessions_of("alice", 1, 2)) == "s2 s1 of 3");
  CHECK(listed(*store, sessions_of("alice", 2, 2)) == "s3 of 3");
  CHECK(listed(*store, sessions_of("alice", 3, 2)) == "of 3");
  CHECK(listed(*store, sessions_of("alice", 2'000'000'000, 100)) == "of 3");
  CHECK(listed(*store, sessions_of("alice", 1, 3)) == "s2 s1 s3 of 3");
  CHECK(listed(*store, sessions_of("alice", 2, 3)) == "of 3");
  CHECK(listed(*store, sessions_of("alice", 1, 0)) == "of 3");
  CHECK(listed(*store, sessions_of("alice", 0, -1)) == "of 3");

  CHECK(listed(*store, sessions_of("alice", 1, 20, call_status::waiting)) == "s1 of 1");
  CHECK(listed(*store, sessions_of("alice", 1, 20, call_status::active)) == "s2 of 1");
  CHECK(listed(*store, sessions_of("alice", 1, 20, call_status::ended)) == "s3 of 1");
  CHECK(listed(*store, sessions_of("bob", 1, 1, call_status::waiting)) == "s4 of 2");
  CHECK(listed(*store, sessions_of("bob", 2, 1, call_status::waiting)) == "s1 of 2");
  CHECK(listed(*store, sessions_of("bob", 3, 1, call_status::waiting)) == "of 2");
}

TEMPLATE_TEST_CASE("pages of sessions are right whatever is asked", "[store][sessions]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random{seed};
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };

  std::vector<call_record> all;
  std::vector<write_op> ops;
  for (int i = 0; i < 120; ++i) {
    std::vector<std::string> people{"a", "b", "c", "d"};
    std::shuffle(people.begin(), people.end(), random);
    people.resize(static_cast<std::size_t>(2 + below(3)));
    auto call = opened("s" + std::to_string(below(1'000'000)), people, below(30));
    if (std::any_of(all.begin(), all.end(), [&](const auto& c) { return c.id == call.id; }))
      continue;
    if (below(3) > 0)
      call = joined(joined(call, people[0], 50), people[1], 60);
    if (below(2) > 0)
      call = closed(call, 90);
    ops.emplace_back(call);
    all.push_back(call);
  }
  REQUIRE(store->write(ops).ok());
  std::sort(all.begin(), all.end(), [](const call_record& x, const call_record& y) {
    return std::tie(x.created_at, x.id) > std::tie(y.created_at, y.id);
  });

  for (int round = 0; round < 200; ++round) {
    auto what =
        sessions_of(std::string(1, static_cast<char>('a' + below(4))), 1 + below(8), 1 + below(30));
    if (below(2) > 0)
      what.status = std::vector{call_status::waiting, call_status::active,
                                call_status::ended}[static_cast<std::size_t>(below(3))];
    std::vector<call_record> expected;
    std::int64_t total = 0;
    for (const auto& call : all) {
      if (!call.has(what.user) || (what.status && call.status != *what.status))
        continue;
      if (total >= what.skip() && total < what.skip() + what.limit)
        expected.push_back(call);
      ++total;
    }
    auto found = store->sessions(what);
    REQUIRE(found.ok());
    CHECK(found->calls == expected);
    CHECK(found->total == total);
  }
}

namespace {

// 16,000 sessions: half of them alice's, the others of one of a thousand users each; with somebody
// else, and with a sample. `series` names the numbers `i` from 1 on; `time` and `no` begin a time
// in milliseconds and say false, which the stores spell differently.
std::string many_sessions(const std::string& series, const std::string& time,
                          const std::string& no) {
  const std::string first = "CASE i % 2 WHEN 0 THEN 'alice' ELSE 'u' || (i % 997) END, ";
  const auto created = time + "(i * 1000), ";
  const auto insert = [&](const std::string& table, const std::string& values) {
    return "INSERT INTO " + table + " " + series + " SELECT 's' || i, " + values + " FROM n;";
  };
  const auto flags = no + ", " + no + ", " + no + ", ";
  const auto rest =
      no + ", '', '', " + flags + flags + "0, 1, " + created + "NULL, NULL, NULL, NULL";
  return insert("sessions", first + "'group', '', 8, '{}', '{}', 'ended', 'hangup', 3, 0, '', "
                                + created + created + "NULL, CASE WHEN i % 100 <> 1 THEN " + time
                                + "(i * 1000) END, NULL, NULL")
         + insert("session_participants", first + "0, 'initiator', 'none', " + rest)
         + insert("session_participants", "'v' || (i % 1000), 1, 'participant', 'pending', " + rest)
         + insert("call_quality", "'alice', " + created + "1, 1, 1, 1, 1, 1, 1, '', 4");
}

std::string plan_of(sqlite_session& session, const std::string& sql) {
  auto q = session.query("EXPLAIN QUERY PLAN " + sql);
  std::string plan;
  while (q.step())
    plan.append(q.text(3)).append("\n");
  return plan;
}

} // namespace

TEST_CASE("SQLite finds sessions by their indexes", "[sqlite][sessions]") {
  sqlite_database database;
  store_at(database.url());
  if (GENERATE(false, true))
    database.script(many_sessions("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                                  " WHERE i < 16000)",
                                  "", "0")
                    + "ANALYZE");
  sqlite_session session{database.file()};
  session.open();
  const auto check = [&](const std::string& sql, const std::vector<std::string>& parts) {
    const auto plan = plan_of(session, sql);
    INFO(sql << "\n" << plan);
    for (const auto& part : parts)
      CHECK(has(plan, part));
    for (const char* table : {"SCAN sessions", "SCAN s\n", "SCAN p\n", "SCAN m\n", "SCAN q\n",
                              "SCAN f\n", "SCAN call_quality", "SCAN session_participants"})
      CHECK_FALSE(has(plan, table));
  };
  const std::string of_user = "USING COVERING INDEX session_participants_by_user (user_id=?";
  const std::string people = "SEARCH p USING PRIMARY KEY (session_id=?)";
  const std::string one = "USING INDEX sqlite_autoindex_sessions_1 (id=?)";
  for (const bool of_status : {false, true}) {
    check(sqlite_sql::session_page(of_status), {"SEARCH m " + of_user, "SEARCH s " + one, people});
    check(sqlite_sql::count_sessions(of_status), {"SEARCH m " + of_user});
  }
  check(sqlite_sql::load_session(), {"SEARCH s " + one, people});
  check(sqlite_sql::live_sessions(), {"USING INDEX sessions_live", people});
  check(sqlite_sql::quality(), {"USING PRIMARY KEY (call_id=?)"});
  const std::string in_span =
      "INDEX session_participants_by_user (user_id=? AND created_at>? AND created_at<?)";
  check(sqlite_sql::usage(), {in_span, "SEARCH s " + one});
  check(sqlite_sql::usage_by_hour(), {in_span});
  check(sqlite_sql::usage_score(),
        {in_span, "SEARCH q USING PRIMARY KEY (call_id=? AND user_id=?)"});
  check(sqlite_sql::erase_sessions(), {"INDEX sessions_ended (created_at<?)"});
}

TEST_CASE("PostgreSQL finds sessions by their indexes", "[postgres][sessions]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  store_at(database.url());
  database.script(many_sessions("WITH n AS (SELECT generate_series(1, 16000) AS i)",
                                "'epoch'::timestamptz + interval '1 millisecond' * ", "false"));
  database.script("VACUUM (ANALYZE) sessions, session_participants, call_quality");
  const std::string mode = GENERATE("force_custom_plan", "force_generic_plan");
  const auto check = [&](const postgres_statement& statement, const std::string& types,
                         const std::string& values, const std::vector<std::string>& parts) {
    const auto in_brackets = [](const std::string& list) {
      return list.empty() ? list : "(" + list + ")";
    };
    const auto plan =
        database.lines({"SET plan_cache_mode = " + mode,
                        "PREPARE asked" + in_brackets(types) + " AS " + statement.sql},
                       "EXPLAIN (COSTS OFF) EXECUTE asked" + in_brackets(values));
    INFO(plan);
    for (const auto& part : parts)
      CHECK(has(plan, part));
    CHECK_FALSE(has(plan, "Seq Scan"));
  };
  const std::string of_user = "using session_participants_by_user on session_participants";
  const std::string people = "session_participants_pkey";
  const std::string one = "using sessions_pkey on sessions";
  using namespace postgres_sql;
  check(session_page(false), "text, bigint, bigint", "'alice', 20, 4000",
        {"Index Only Scan " + of_user, one, people});
  check(session_page(true), "text, bigint, bigint, text", "'alice', 20, 4000, 'ended'",
        {"Index Only Scan " + of_user, one, people});
  check(count_sessions(false), "text", "'u1'", {"Index Only Scan " + of_user});
  check(count_sessions(true), "text, text", "'u1', 'ended'", {of_user, one});
  check(load_session(), "text", "'s1'", {one, people});
  check(live_sessions(), "", "", {"sessions_live", people});
  check(quality(), "text", "'s1'", {"call_quality_pkey"});
  check(usage(), "text, bigint, bigint", "'u1', 0, 1", {of_user, one});
  check(usage_by_hour(), "text, bigint, bigint", "'u1', 0, 1", {of_user});
  check(usage_score(), "text, bigint, bigint", "'u1', 0, 1", {of_user, "call_quality_pkey"});
  check(erase_sessions(), "bigint, bigint", "0, 1000", {"using sessions_ended", "Tid Scan"});
}

TEST_CASE("PostgreSQL writes people and samples by look-ups", "[postgres][sessions]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  store_at(database.url());
  database.script(many_sessions("WITH n AS (SELECT generate_series(1, 16000) AS i)",
                                "'epoch'::timestamptz + interval '1 millisecond' * ", "false"));
  database.script("VACUUM (ANALYZE) sessions, session_participants, call_quality");
  std::string nothing = "'{}'";
  for (int i = 1; i < 21; ++i)
    nothing += ", '{}'";
  const auto plan = database.lines({"SET plan_cache_mode = force_generic_plan",
                                    "PREPARE asked AS " + postgres_sql::put_people().sql},
                                   "EXPLAIN (COSTS OFF) EXECUTE asked(" + nothing + ")");
  INFO(plan);
  CHECK(has(plan, "using session_participants_pkey on session_participants"));
  CHECK_FALSE(has(plan, "Seq Scan"));
  CHECK_FALSE(has(plan, "Hash"));
}

} // namespace carillon::persistence::test
