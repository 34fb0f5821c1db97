#include "persistence/sqlite_session.hpp"

#include "persistence/store_error.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"

#include <limits>

namespace carillon::persistence::test {

namespace {

std::optional<store_error::cause> cause_of(sqlite_session& session, const std::string& sql) {
  try {
    session.script(sql);
    return std::nullopt;
  } catch (const store_error& e) {
    return e.why();
  }
}

} // namespace

TEST_CASE("SQLite's values come back as they were bound", "[sqlite]") {
  sqlite_database database;
  sqlite_session session{database.file()};
  session.open();
  auto q = session.query("SELECT ?1, ?2, ?3, ?4, ?5");
  q.add(std::string_view{}).add("a\"b'c").add(std::numeric_limits<std::int64_t>::min());
  q.add(std::optional<std::int64_t>{}).add(std::optional<std::int64_t>{7});
  REQUIRE(q.step());
  CHECK_FALSE(q.null(0));
  CHECK(q.text(0).empty());
  CHECK(q.text(1) == "a\"b'c");
  CHECK(q.number(2) == std::numeric_limits<std::int64_t>::min());
  CHECK(q.null(3));
  CHECK(q.number(4) == 7);
  CHECK_FALSE(q.step());
}

TEST_CASE("a statement of SQLite starts afresh each time", "[sqlite]") {
  sqlite_database database;
  sqlite_session session{database.file()};
  session.open();
  for (int round = 0; round < 3; ++round) {
    auto q = session.query("SELECT ?1, ?2");
    q.add(std::int64_t{round});
    if (round == 0)
      q.add(std::string_view{"x"});
    REQUIRE(q.step());
    CHECK(q.number(0) == round);
    CHECK(q.null(1) == (round > 0)); // what is not bound is NULL, not what it was before
  }
}

TEST_CASE("SQLite's errors are the data's or the store's", "[sqlite]") {
  sqlite_database database;
  sqlite_session session{database.file()};
  session.open();
  using cause = store_error::cause;
  CHECK(cause_of(session, "CREATE TABLE t (n INTEGER PRIMARY KEY CHECK (n > 0)) STRICT")
        == std::nullopt);
  CHECK(cause_of(session, "INSERT INTO t VALUES (1)") == std::nullopt);
  CHECK(cause_of(session, "INSERT INTO t VALUES (1)") == cause::data);
  CHECK(cause_of(session, "INSERT INTO t VALUES (0)") == cause::data);
  CHECK(cause_of(session, "INSERT INTO t VALUES ('x')") == cause::data);
  CHECK(cause_of(session, "INSERT INTO missing VALUES (1)") == cause::away);
  CHECK(cause_of(session, "PRAGMA query_only = ON; DELETE FROM t") == cause::away);
}

TEST_CASE("a transaction of SQLite has the write lock from its beginning", "[sqlite]") {
  sqlite_database database;
  sqlite_session first{database.file()};
  first.open();
  sqlite_session second{database.file()};
  second.open();
  second.script("CREATE TABLE t (n INTEGER); PRAGMA busy_timeout = 0");
  {
    sqlite_transaction transaction{first};
    CHECK_THROWS_AS(sqlite_transaction{second}, store_error);
    first.script("INSERT INTO t VALUES (1)");
    // Not committed: rolled back.
  }
  sqlite_transaction transaction{second};
  second.script("INSERT INTO t VALUES (2)");
  transaction.commit();
  CHECK(database.value("SELECT group_concat(n) FROM t") == "2");
}

TEST_CASE("waiting for a lock ends with the patience, however many statements wait", "[sqlite]") {
  sqlite_database database;
  sqlite_session first{database.file()};
  first.open();
  first.script("CREATE TABLE t (n INTEGER)");
  sqlite_session second{database.file()};
  sqlite_transaction transaction{first};
  second.open(std::chrono::milliseconds{50});
  CHECK_THROWS_AS(sqlite_transaction{second}, store_error);
  // The patience is used up: this would wait an hour if it began anew with each statement.
  second.open(std::chrono::hours{1});
  second.open(std::chrono::milliseconds{0});
  for (int i = 0; i < 3; ++i)
    CHECK_THROWS_AS(sqlite_transaction{second}, store_error);
  transaction.commit();
  second.open();
  CHECK_NOTHROW(sqlite_transaction{second});
}

TEST_CASE("a session that was closed opens again", "[sqlite]") {
  sqlite_database database;
  sqlite_session session{database.file()};
  session.open();
  session.script("CREATE TABLE t (n INTEGER)");
  session.close();
  session.close();
  session.open();
  session.script("INSERT INTO t VALUES (1)");
  CHECK(database.value("SELECT n FROM t") == "1");
}

} // namespace carillon::persistence::test
