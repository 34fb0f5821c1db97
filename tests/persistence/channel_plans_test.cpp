// How both stores run the questions about channels and the outbox.

#include "persistence/postgres_channel_statements.hpp"
#include "persistence/sqlite_channel_statements.hpp"
#include "persistence/sqlite_session.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/plans.hpp"

namespace carillon::persistence::test {

namespace {

// Long chats and many short ones, channels of any age, and an outbox of which little is dead.
constexpr const char* much_chat[] = {
    "INSERT INTO channel_messages SELECT CASE WHEN n % 2 = 0 THEN 'long' ELSE 'c' || n % 500 END,"
    " n, 'm' || n, 'alice', 'text', '', now() FROM generate_series(1, 20000) AS n",
    "INSERT INTO channels SELECT 'c' || n, 'alice', 'default', '[\"alice\"]',"
    " now() - n * interval '1 minute', NULL FROM generate_series(1, 5000) AS n",
    "INSERT INTO stream_outbox SELECT n, 'cc', 'message', '/p', '{}', now(),"
    " CASE WHEN n % 100 = 0 THEN now() - n * interval '1 minute' END"
    " FROM generate_series(1, 20000) AS n",
    "INSERT INTO direct_calls (id, caller_id, receiver_id, call_type, status, reason, missed,"
    " via_rest, version, duration_s, ended_by, created_at, ended_at) SELECT 'd' || n, 'a', 'b',"
    " 'audio', 'completed', 'hung-up', false, false, 3, 1, 'a', now(), now()"
    " FROM generate_series(1, 5000) AS n",
    "INSERT INTO sessions (id, initiator_id, session_type, therapy_session_id, seats, "
    "call_settings,"
    " metadata, status, reason, version, duration_s, ended_by, created_at, invited_until)"
    " SELECT 's' || n, 'a', 'group', '', 8, '', '', 'waiting', '', 1, 0, '', now(), now()"
    " FROM generate_series(1, 5000) AS n",
    "INSERT INTO users VALUES ('u', '', '', '', '', '', '', '', '', now(), now())",
    "INSERT INTO video_calls (call_id, created_by) SELECT 'v' || n, 'u'"
    " FROM generate_series(1, 5000) AS n",
    "VACUUM (ANALYZE)"};

std::string sqlite_plan(sqlite_session& session, const std::string& sql) {
  std::string plan;
  auto q = session.query("EXPLAIN QUERY PLAN " + sql);
  while (q.step())
    plan.append(q.text(3)).append("\n");
  return plan;
}

const std::vector<page_from> beginnings{page_from::newest, page_from::before, page_from::after};

} // namespace

TEST_CASE("PostgreSQL reads channels by index", "[postgres][channels]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  store_at(database.url());
  for (const char* one : much_chat)
    database.script(one);
  const std::string mode = GENERATE("force_custom_plan", "force_generic_plan");
  const auto plan = [&](const postgres_statement& statement, const std::string& types,
                        const std::string& values) {
    const auto named = types.empty() ? std::string{} : "(" + types + ")";
    const auto given = values.empty() ? std::string{} : "(" + values + ")";
    return database.lines(
        {"SET plan_cache_mode = " + mode, "PREPARE asked" + named + " AS " + statement.sql},
        "EXPLAIN (COSTS OFF) EXECUTE asked" + given);
  };
  for (auto from : beginnings) {
    const bool whole = from == page_from::newest;
    const auto page =
        plan(postgres_sql::messages(from), whole ? "text, bigint" : "text, bigint, text",
             whole ? "'long', 51" : "'long', 51, 'm10000'");
    INFO(page);
    CHECK(count(page, "using channel_messages_pkey") == 1);
    CHECK(has(page, "Backward") == (from != page_from::after));
    CHECK(count(page, "using channel_messages_by_id") == (whole ? 0 : 1));
    CHECK_FALSE(has(page, "Seq Scan"));
    CHECK_FALSE(has(page, "Sort"));
  }
  {
    const auto last = plan(postgres_sql::last_seq(), "text", "'long'");
    INFO(last);
    CHECK(has(last, "Index Only Scan Backward using channel_messages_pkey"));
    CHECK_FALSE(has(last, "Sort"));
  }
  CHECK(has(plan(postgres_sql::find_message(), "text, text", "'long', 'm2'"),
            "using channel_messages_by_id"));
  CHECK(has(plan(postgres_sql::load_channel(), "text", "'c1'"), "using channels_pkey"));
  {
    const auto queued = plan(postgres_sql::outbox(), "bigint, bigint", "5, 100");
    INFO(queued);
    CHECK(has(queued, "using stream_outbox_")); // the queued ones', or the table's
    CHECK_FALSE(has(queued, "Seq Scan"));
    CHECK_FALSE(has(queued, "Sort"));
  }
  {
    const auto done =
        plan(postgres_sql::put_results(), "bigint[], boolean[], bigint[], bigint[], text[]",
             "'{5}', '{f}', '{1}', '{1}', '{x}'");
    INFO(done);
    CHECK(count(done, "using stream_outbox_pkey") == 2);
    CHECK_FALSE(has(done, "Seq Scan"));
  }
  {
    const auto erased = plan(postgres_sql::erase_channels(), "bigint, bigint", "1, 100");
    INFO(erased);
    CHECK(has(erased, "using channels_by_age"));
    CHECK(has(erased, "using channel_messages_pkey"));
    CHECK(has(erased, "using direct_calls_pkey"));
    CHECK(has(erased, "using sessions_pkey"));
    CHECK(has(erased, "using video_calls_call_id_key"));
    CHECK(has(erased, "Tid Scan"));
    CHECK_FALSE(has(erased, "Seq Scan"));
  }
  const auto letters = plan(postgres_sql::erase_dead_letters(), "bigint, bigint", "1, 100");
  INFO(letters);
  CHECK(has(letters, "stream_outbox_dead"));
  CHECK_FALSE(has(letters, "Seq Scan"));
}

TEST_CASE("SQLite reads channels by index", "[sqlite][channels]") {
  sqlite_database database;
  store_at(database.url());
  sqlite_session session{database.file()};
  session.open();
  for (auto from : beginnings) {
    const auto page = sqlite_plan(session, sqlite_sql::messages(from));
    INFO(page);
    CHECK(count(page, "SEARCH channel_messages USING PRIMARY KEY (call_id=?") == 1);
    CHECK(has(page, "seq<?") == (from == page_from::before));
    CHECK(has(page, "seq>?") == (from == page_from::after));
    CHECK(count(page, "USING COVERING INDEX channel_messages_by_id (call_id=? AND id=?)")
          == (from == page_from::newest ? 0 : 1));
    CHECK_FALSE(has(page, "SCAN channel"));
    CHECK_FALSE(has(page, "TEMP B-TREE"));
  }
  const auto check = [&](const std::string& sql, const std::vector<std::string>& parts) {
    const auto plan = sqlite_plan(session, sql);
    INFO(plan);
    for (const auto& part : parts)
      CHECK(has(plan, part));
    CHECK_FALSE(has(plan, "TEMP B-TREE"));
  };
  check(sqlite_sql::last_seq(), {"USING PRIMARY KEY (call_id=?)"});
  check(sqlite_sql::find_message(), {"channel_messages_by_id (call_id=? AND id=?)"});
  check(sqlite_sql::load_channel(), {"USING PRIMARY KEY (call_id=?)"});
  check(sqlite_sql::outbox(),
        {"SEARCH stream_outbox USING INDEX stream_outbox_queued (position>?)"});
  check(sqlite_sql::backlog(), {"INDEX stream_outbox_queued", "INDEX stream_outbox_dead"});
  check(sqlite_sql::drop_entry(), {"USING INTEGER PRIMARY KEY (rowid=?)"});
  check(sqlite_sql::erase_channels(),
        {"INDEX channels_by_age (created_at<?)", "SEARCH m USING PRIMARY KEY (call_id=?)",
         "SEARCH d USING", "SEARCH s USING", "SEARCH v USING"});
  check(sqlite_sql::erase_dead_letters(), {"INDEX stream_outbox_dead (failed_at"});
}

} // namespace carillon::persistence::test
