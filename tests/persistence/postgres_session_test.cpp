#include "persistence/postgres_session.hpp"

#include "persistence/store_error.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/plans.hpp"
#include "tests/persistence/stalling_proxy.hpp"

#include <array>
#include <optional>

namespace carillon::persistence::test {

namespace {

std::string shown(postgres_session& session, const std::string& setting) {
  std::string value;
  session.read([&](postgres_access& db) { value = db.script("SHOW " + setting)[0].text(0); });
  return value;
}

std::optional<store_error::cause> cause_of(postgres_session& session, const std::string& sql) {
  try {
    session.write([&](postgres_access& db) { db.script(sql); });
    return std::nullopt;
  } catch (const store_error& e) {
    return e.why();
  }
}

} // namespace

TEST_CASE("a session to PostgreSQL is never endless and always durable", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  postgres_session session{database.url()};
  CHECK(shown(session, "application_name") == "carillon");
  CHECK(shown(session, "statement_timeout") == "3500ms");
  CHECK(shown(session, "lock_timeout") == "3s");
  CHECK(shown(session, "synchronous_commit") == "on");

  // What the operator sets stays, except a commit that does not wait for the disk.
  postgres_session other{database.url()
                         + "%20-cstatement_timeout%3D7s%20-csynchronous_commit%3Doff"
                           "&application_name=mine"};
  CHECK(shown(other, "application_name") == "mine");
  CHECK(shown(other, "statement_timeout") == "7s");
  CHECK(shown(other, "synchronous_commit") == "on");
}

TEST_CASE("PostgreSQL's errors are the data's or the store's", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  database.script("CREATE TABLE t (n integer PRIMARY KEY CHECK (n > 0))");
  postgres_session session{database.url()};
  using cause = store_error::cause;
  CHECK(cause_of(session, "INSERT INTO t VALUES (1)") == std::nullopt);
  CHECK(cause_of(session, "INSERT INTO t VALUES (1)") == cause::data);
  CHECK(cause_of(session, "INSERT INTO t VALUES (0)") == cause::data);
  CHECK(cause_of(session, "INSERT INTO t VALUES (100000 * 100000)") == cause::data);
  CHECK(cause_of(session, "SELECT 1 / 0") == cause::data);
  CHECK(cause_of(session, "SELECT '\\xff'::bytea::text::integer") == cause::data);
  CHECK(cause_of(session, "SELECT convert_from('\\xff', 'UTF8')") == cause::data);
  CHECK(cause_of(session, "INSERT INTO missing VALUES (1)") == cause::away);
  CHECK(cause_of(session, "SET TRANSACTION READ ONLY; INSERT INTO t VALUES (2)") == cause::away);
  CHECK(cause_of(session, "SET LOCAL statement_timeout = 1; SELECT pg_sleep(30)") == cause::away);
  CHECK(cause_of(session, "SELECT pg_terminate_backend(pg_backend_pid())") == cause::away);
  CHECK(cause_of(session, "INSERT INTO t VALUES (3)") == std::nullopt);
}

TEST_CASE("an error does not quote the row", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  database.script("CREATE TABLE t (email text CHECK (email = ''))");
  postgres_session session{database.url()};
  try {
    session.write(
        [](postgres_access& db) { db.script("INSERT INTO t VALUES ('a' || '@' || 'b')"); });
    FAIL("it was written");
  } catch (const store_error& e) {
    CHECK(has(e.what(), "violates check constraint"));
    CHECK_FALSE(has(e.what(), "a@b"));
  }
}

TEST_CASE("work is done again on a new connection, but not without end", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  postgres_session session{database.url()};
  CHECK(shown(session, "lock_timeout") == "3s");
  int runs = 0;
  const auto fatal = [&](postgres_access& db) {
    ++runs;
    db.script("SELECT pg_terminate_backend(pg_backend_pid())");
  };
  CHECK_THROWS_AS(session.write(fatal), store_error);
  CHECK(runs == 2); // on the kept connection and on a new one
  CHECK_THROWS_AS(session.write(fatal), store_error);
  CHECK(runs == 3); // the connection was new
}

TEST_CASE("a serialization failure is tried again", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  postgres_session session{database.url()};
  int runs = 0;
  session.write([&](postgres_access& db) {
    if (++runs < 3)
      db.script("DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '40001'; END $$");
  });
  CHECK(runs == 3);
  CHECK_THROWS_AS(session.write([&](postgres_access& db) {
    ++runs;
    db.script("DO $$ BEGIN RAISE EXCEPTION 'made up' USING ERRCODE = '40P01'; END $$");
  }),
                  store_error);
  CHECK(runs == 6);
}

TEST_CASE("a server that accepts and says nothing is away", "[postgres]") {
  frozen_server server;
  postgres_session session{server.url(), milliseconds{200}};
  // The second time nobody waits, or again no longer.
  for (int i = 0; i < 2; ++i)
    CHECK(cause_of(session, "SELECT 1") == store_error::cause::away);
}

TEST_CASE("a server that lets one in and says nothing more is away", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  if (!stalling_proxy::possible(database))
    return;
  stalling_proxy proxy{database};
  proxy.stall_at_query();
  postgres_session session{proxy.url(), milliseconds{1000}};
  CHECK(cause_of(session, "SELECT 1") == store_error::cause::away);
  proxy.resume();
  CHECK(eventually([&] { return cause_of(session, "SELECT 1") == std::nullopt; }));
}

TEST_CASE("a server that stops answering is away until it answers again", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  if (!stalling_proxy::possible(database))
    return;
  database.script("CREATE TABLE t (n integer)");
  stalling_proxy proxy{database};
  postgres_session session{proxy.url(), milliseconds{1000}};
  const auto works = [&] { return cause_of(session, "SELECT 1") == std::nullopt; };
  REQUIRE(eventually(works));

  int runs = 0;
  const auto stalls_before_commit = [&](postgres_access& db) {
    ++runs;
    db.script("INSERT INTO t VALUES (1)");
    proxy.stall();
  };
  CHECK_THROWS_AS(session.write(stalls_before_commit), store_error);
  CHECK(runs <= 1); // nobody knows whether it counted
  proxy.resume();
  REQUIRE(eventually(works));

  const auto stalls_between = [&](postgres_access& db) {
    db.script("SELECT 1");
    proxy.stall();
    db.script("SELECT 2");
  };
  try {
    session.read(stalls_between);
    FAIL("it was read");
  } catch (const store_error& e) {
    CHECK(e.why() == store_error::cause::away);
    CHECK(has(e.what(), "within 1000 ms"));
  }
  CHECK(cause_of(session, "INSERT INTO t VALUES (2)") == store_error::cause::away);
  proxy.resume();
  CHECK(eventually(works));
  CHECK(database.value("SELECT count(*) FROM t WHERE n = 2") == "0");
}

TEST_CASE("a write without a bound may take longer than the patience", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  postgres_session session{database.url(), milliseconds{1000}};
  REQUIRE(eventually([&] { return cause_of(session, "SELECT 1") == std::nullopt; }));
  const auto takes_long = [](postgres_access& db) {
    db.script("SET LOCAL statement_timeout = 0");
    db.script("SELECT pg_sleep(1.5)");
  };
  CHECK_NOTHROW(session.write(takes_long, postgres_session::bound::none));
}

TEST_CASE("rows read as texts, numbers and nulls", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  postgres_session session{database.url()};
  const postgres_statement asked{"asked", "SELECT $1::text, $2::bigint, NULL, ''"};
  session.read([&](postgres_access& db) {
    const auto rows = db.run(asked, std::array<std::string, 2>{"\u260e", "-9223372036854775808"});
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].text(0) == "\u260e");
    CHECK(rows[0].number(1) == std::numeric_limits<std::int64_t>::min());
    CHECK(rows[0].null(2));
    CHECK_FALSE(rows[0].null(3));
    CHECK(rows[0].text(3).empty());
    CHECK_THROWS_AS(rows[0].number(0), store_error);
  });
}

} // namespace carillon::persistence::test
