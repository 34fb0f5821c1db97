// How both stores run the questions about video calls.

#include "persistence/postgres_video_reads.hpp"
#include "persistence/postgres_video_statements.hpp"
#include "persistence/sqlite_session.hpp"
#include "persistence/sqlite_video_statements.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/plans.hpp"

namespace carillon::persistence::test {

namespace {

// Many calls of few users, all in the documented columns; some are active.
constexpr const char* many_calls =
    "INSERT INTO users SELECT 'u' || n, '', '', '', '', '', '', '', '', now(), now()"
    " FROM generate_series(0, 199) AS n;"
    "INSERT INTO video_calls (call_id, created_by, status, started_at, ended_at, created_at)"
    " SELECT 'c' || n, 'u' || n % 200, CASE WHEN n % 100 = 0 THEN 'active' ELSE 'ended' END,"
    " now() - n * interval '1 minute',"
    " CASE WHEN n % 100 > 0 THEN now() - n * interval '1 minute' END,"
    " now() - n * interval '1 minute' FROM generate_series(1, 20000) AS n;"
    "INSERT INTO video_call_participants (call_id, user_id, joined_at, left_at)"
    " SELECT c.id, 'u' || (n + p * 7) % 200, c.started_at,"
    " CASE WHEN c.status = 'ended' THEN c.started_at END"
    " FROM (SELECT *, substr(call_id, 2)::integer AS n FROM video_calls) AS c,"
    " generate_series(0, 2) AS p;"
    "INSERT INTO video_call_invitations (call_id, invited_by, invited_user_id, expires_at)"
    " SELECT c.id, c.created_by, 'u' || substr(c.call_id, 2)::integer % 200, now()"
    " FROM video_calls AS c;"
    "VACUUM (ANALYZE)";

std::string postgres_plan(const postgres_database& database, const postgres_statement& statement,
                          const std::string& types, const std::string& values,
                          const std::string& mode) {
  const auto named = types.empty() ? std::string{} : "(" + types + ")";
  const auto given = values.empty() ? std::string{} : "(" + values + ")";
  return database.lines(
      {"SET plan_cache_mode = " + mode, "PREPARE asked" + named + " AS " + statement.sql},
      "EXPLAIN (COSTS OFF) EXECUTE asked" + given);
}

std::string sqlite_plan(sqlite_session& session, const std::string& sql) {
  std::string plan;
  auto q = session.query("EXPLAIN QUERY PLAN " + sql);
  while (q.step())
    plan.append(q.text(3)).append("\n");
  return plan;
}

} // namespace

TEST_CASE("PostgreSQL answers about video calls by index", "[postgres][video]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  store_at(database.url());
  for (std::string_view all = many_calls; !all.empty();) { // VACUUM runs on its own
    const auto end = std::min(all.find(';'), all.size());
    database.script(std::string{all.substr(0, end)});
    all.remove_prefix(std::min(end + 1, all.size()));
  }
  const std::string mode = GENERATE("force_custom_plan", "force_generic_plan");
  const auto plan = [&](const postgres_statement& statement, const char* types,
                        const char* values) {
    return postgres_plan(database, statement, types, values, mode);
  };
  {
    const auto page = plan(postgres_sql::video_history(), "text, bigint, bigint", "'u1', 25, 0");
    INFO(page);
    CHECK(has(page, "Index Only Scan using video_call_participants_history"));
    CHECK(has(page, "using video_calls_pkey"));
    CHECK(has(page, "using video_call_participants_call_id_user_id_key"));
    CHECK_FALSE(has(page, "Seq Scan"));
    CHECK_FALSE(has(page, "Sort"));
  }
  {
    const auto active = plan(postgres_sql::active_video_calls(), "text", "'u1'");
    INFO(active);
    CHECK(has(active, "video_calls_active_by_creator"));
    CHECK(has(active, "video_call_participants_open"));
    CHECK(has(active, "using video_calls_pkey"));
    CHECK_FALSE(has(active, "Seq Scan"));
  }
  {
    const auto call =
        plan(postgres_sql::load_video_call(), "uuid", "'00000000-0000-5000-8000-000000000000'");
    INFO(call);
    CHECK(count(call, "using video_calls_pkey") == 3);
    CHECK_FALSE(has(call, "Seq Scan"));
  }
  {
    const auto restart = plan(postgres_sql::awake_video_calls(), "", "");
    INFO(restart);
    CHECK(count(restart, "video_calls_awake") == 3);
    CHECK_FALSE(has(restart, "Seq Scan"));
  }
  {
    const auto pending = plan(postgres_sql::pending_video_invitations(), "text, bigint", "'u1', 0");
    INFO(pending);
    CHECK(has(pending, "video_call_invitations_pending"));
    CHECK(has(pending, "using video_calls_pkey"));
    const auto all = plan(postgres_sql::video_invitations(false), "text, bigint", "'u1', 0");
    INFO(all);
    CHECK_FALSE(has(all, "Seq Scan"));
  }
  {
    const auto erased = plan(postgres_sql::erase_video_calls(), "bigint, bigint", "0, 100");
    INFO(erased);
    CHECK(has(erased, "using video_calls_over"));
    CHECK(has(erased, "Tid Scan"));
  }
  const auto stats = plan(postgres_sql::video_stats(), "text", "'u1'");
  INFO(stats);
  CHECK(has(stats, "idx_video_calls_created_by"));
}

TEST_CASE("SQLite answers about video calls by index", "[sqlite][video]") {
  sqlite_database database;
  store_at(database.url());
  sqlite_session session{database.file()};
  session.open();
  {
    const auto page = sqlite_plan(session, sqlite_sql::video_history());
    INFO(page);
    CHECK(has(page, "USING COVERING INDEX video_call_participants_history (user_id=?"));
    CHECK(has(page, "SEARCH c USING INDEX sqlite_autoindex_video_calls_1 (id=?)"));
    CHECK(has(page, "SEARCH p USING INDEX sqlite_autoindex_video_call_participants_2"
                    " (call_id=? AND user_id=?)"));
    CHECK(count(page, "USE TEMP B-TREE") <= 1);
  }
  {
    const auto active = sqlite_plan(session, sqlite_sql::active_video_calls());
    INFO(active);
    CHECK(has(active, "INDEX video_calls_active_by_creator (created_by=?)"));
    CHECK(has(active, "INDEX video_call_participants_open (user_id=?)"));
    CHECK(has(active, "SEARCH p USING INDEX sqlite_autoindex_video_call_participants_2"));
  }
  const auto restart = sqlite_plan(session, sqlite_sql::awake_video_calls());
  INFO(restart);
  CHECK(count(restart, "INDEX video_calls_awake") == 3);
  CHECK(count(restart, "SCAN") <= 3);
  CHECK(has(sqlite_plan(session, sqlite_sql::pending_video_invitations()),
            "INDEX video_call_invitations_pending (invited_user_id=?"));
  CHECK(has(sqlite_plan(session, sqlite_sql::erase_video_calls()), "INDEX video_calls_over"));
  CHECK(has(sqlite_plan(session, sqlite_sql::video_stats()), "INDEX idx_video_calls_created_by"));
}

} // namespace carillon::persistence::test
