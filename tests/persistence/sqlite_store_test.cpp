#include "persistence/sqlite_store.hpp"

#include "persistence/open.hpp"
#include "persistence/sqlite_session.hpp"
#include "persistence/sqlite_statements.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/plans.hpp"

#include <sys/stat.h>

#include <fstream>

namespace carillon::persistence::test {

namespace {

// 2,000 calls between two users.
constexpr const char* many_calls =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
    " INSERT INTO direct_calls SELECT 'c' || i, 'alice', 'bob', 'audio', 'missed', 'no-answer', 1, "
    "0,"
    " 2, 0, '', i, NULL, i, NULL, NULL, 0, 0 FROM n; ANALYZE";

std::string plan_of(sqlite_session& session, const std::string& sql) {
  auto q = session.query("EXPLAIN QUERY PLAN " + sql);
  std::string plan;
  while (q.step())
    plan.append(q.text(3)).append("\n");
  return plan;
}

std::unique_ptr<record_store> unmigrated(const std::string& url) {
  auto store = stores_at(url)->open();
  REQUIRE(store.ok());
  return std::move(*store);
}

} // namespace

TEST_CASE("SQLite walks the indexes of a history without sorting it", "[sqlite]") {
  sqlite_database database;
  store_at(database.url());
  const bool analyzed = GENERATE(false, true);
  if (analyzed)
    database.script(many_calls);
  sqlite_session session{database.file()};
  session.open();

  for (const auto type : {std::optional<media_type>{}, std::optional{media_type::audio}}) {
    for (const bool deep : {false, true}) {
      const auto plan = [&](bool missed_only) {
        return plan_of(session, deep ? sqlite_sql::page_from(missed_only, type)
                                     : sqlite_sql::page(missed_only, type));
      };
      const std::string by_key =
          deep ? " AND call_type=? AND (created_at,id)<(?,?))" : " AND call_type=?)";
      const auto both = plan(false);
      INFO(both);
      CHECK(has(both, "MERGE (UNION ALL)"));
      CHECK(has(both, "USING COVERING INDEX direct_calls_by_caller (caller_id=?" + by_key));
      CHECK(has(both, "USING COVERING INDEX direct_calls_by_receiver (receiver_id=?" + by_key));
      CHECK(has(both, "SEARCH d USING INDEX sqlite_autoindex_direct_calls_1 (id=?)"));
      CHECK_FALSE(has(both, "SCAN direct_calls"));
      // One for the rows of the page, after they were looked up; none for a stream.
      CHECK(count(both, "USE TEMP B-TREE") == 1);
      CHECK(both.rfind("USE TEMP B-TREE") > both.find("SEARCH d"));

      const auto missed_only = plan(true);
      INFO(missed_only);
      CHECK(has(missed_only, "USING COVERING INDEX direct_calls_missed (receiver_id=?" + by_key));
      CHECK_FALSE(has(missed_only, "SCAN direct_calls"));
      CHECK(count(missed_only, "USE TEMP B-TREE") <= 1);
      CHECK((missed_only.find("USE TEMP B-TREE") == std::string::npos
             || missed_only.rfind("USE TEMP B-TREE") > missed_only.find("SEARCH d")));
    }
    const auto place = plan_of(session, sqlite_sql::place(false, type));
    INFO(place);
    CHECK(has(place, "SEARCH history_blocks USING PRIMARY KEY (kind=? AND user_id=?)"));
    CHECK(has(place, "USING COVERING INDEX direct_calls_by_caller (caller_id=? AND call_type=?"
                     " AND (created_at,id)>(?,?))"));
    CHECK_FALSE(has(place, "SCAN direct_calls"));
    CHECK_FALSE(has(place, "SCAN history_blocks"));
  }
  for (const auto& sql : {sqlite_sql::fresh_entries(), sqlite_sql::make_blocks()}) {
    const auto plan = plan_of(session, sql);
    INFO(plan);
    CHECK(has(plan, " AND (created_at,id)>(?,?))"));
    CHECK_FALSE(has(plan, "SCAN direct_calls"));
  }
}

TEST_CASE("SQLite restarts and cleans up by index", "[sqlite]") {
  sqlite_database database;
  store_at(database.url());
  database.script(many_calls);
  sqlite_session session{database.file()};
  session.open();
  CHECK(has(plan_of(session, sqlite_sql::live_calls()), "INDEX direct_calls_live"));
  CHECK(
      has(plan_of(session, sqlite_sql::erase_aged()), "INDEX direct_calls_created (created_at<?)"));
  CHECK(has(plan_of(session, sqlite_sql::erase_hidden()), "INDEX direct_calls_hidden"));
  CHECK(has(plan_of(session, sqlite_sql::hide_call()), "(id=?)"));
}

TEST_CASE("a commit to SQLite is on the disk", "[sqlite]") {
  sqlite_database database;
  store_at(database.url());
  CHECK(database.value("PRAGMA journal_mode") == "wal");
  CHECK(database.value("PRAGMA synchronous") == "2"); // FULL
  CHECK(database.value("PRAGMA foreign_keys") == "1");
}

TEST_CASE("the SQLite file is made with its directories, for its owner only", "[sqlite]") {
  temporary_directory directory;
  const auto file = directory / "a/b/calls.db";
  store_at("sqlite:" + file.string());
  struct stat info {};
  REQUIRE(::stat(file.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("SQLite is read while somebody writes", "[sqlite]") {
  sqlite_database database;
  auto store = store_at(database.url());
  written(*store, {ringing("c1", "alice", "bob")});
  sqlite_session other{database.file()};
  other.open();
  sqlite_transaction writing{other};
  other.script("DELETE FROM direct_calls");

  query::history what;
  what.user = user_id{"alice"};
  auto page = store->history(what);
  REQUIRE(page.ok());
  CHECK(ids_of(page->calls) == "c1");
}

TEST_CASE("a file that is no database is left as it is", "[sqlite]") {
  temporary_directory directory;
  const auto file = directory / "calls.db";
  const std::string content(5'000, 'x');
  std::ofstream{file} << content;
  auto store = unmigrated("sqlite:" + file.string());

  auto migrated = store->migrate();
  REQUIRE_FALSE(migrated.ok());
  CHECK(migrated.error().code == error_code::store_unavailable);
  CHECK(has(migrated.error().message(), "not a database"));
  CHECK(has(migrated.error().message(), file.string()));

  auto page = store->history({user_id{"alice"}, {}, false, 50, 0});
  REQUIRE_FALSE(page.ok());
  CHECK(page.error().code == error_code::store_unavailable);
  CHECK(page.error().detail.empty()); // no paths for clients
  CHECK(page.error().retry_after_s > 0);

  std::ifstream in{file};
  CHECK(std::string{std::istreambuf_iterator<char>{in}, {}} == content);
}

TEST_CASE("a SQLite file that cannot be opened is tried again at the next call", "[sqlite]") {
  temporary_directory directory;
  const auto file = directory / "calls.db";
  std::filesystem::create_directory(file);
  auto store = unmigrated("sqlite:" + file.string());
  auto refused = store->migrate();
  REQUIRE_FALSE(refused.ok());
  CHECK(has(refused.error().message(), "unable to open database file"));

  std::filesystem::remove(file);
  CHECK(store->migrate().ok());
  CHECK(written(*store, {ringing("c1", "alice", "bob")}) == "1");
}

} // namespace carillon::persistence::test
