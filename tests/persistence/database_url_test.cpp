#include "persistence/database_url.hpp"

#include "tests/catch.hpp"
#include "tests/persistence/plans.hpp"

namespace carillon::persistence::test {

TEST_CASE("a SQLite URL names a file", "[database_url]") {
  CHECK(sqlite_file("sqlite:data/x.db").value() == "data/x.db");
  CHECK(sqlite_file("sqlite:/var/x.db").value() == "/var/x.db");
  CHECK(sqlite_file("sqlite:///var/x.db").value() == "/var/x.db");
  CHECK(sqlite_file("sqlite:with space?x=1.db").value() == "with space?x=1.db");
  CHECK_FALSE(sqlite_file("sqlite:").ok());
  CHECK_FALSE(sqlite_file("sqlite::memory:").ok());
}

TEST_CASE("a connection has a name and bounds unless the URL has others", "[database_url]") {
  const auto plain = with_connection_defaults("postgresql://me:pw@host/db");
  CHECK(has(plain, "postgresql://me:pw@host/db?application_name=carillon&"));
  CHECK(has(plain, "&connect_timeout=3"));
  CHECK(has(plain, "&tcp_user_timeout=10000"));
  CHECK(count(plain, "?") == 1);

  const auto own =
      with_connection_defaults("postgresql://h/db?connect_timeout=9&xconnect_timeout=1");
  CHECK(has(own, "?connect_timeout=9&"));
  CHECK(count(own, "&connect_timeout=") == 0);
  CHECK(has(own, "&application_name=carillon"));

  // A question mark in a password begins no query.
  CHECK(has(with_connection_defaults("postgresql://me:p?w@host/db"), "@host/db?application_name="));
  // A name that only begins like a parameter is not that parameter.
  CHECK(has(with_connection_defaults("postgresql://h/db?application_name_x=1"),
            "&application_name=carillon"));
}

} // namespace carillon::persistence::test
