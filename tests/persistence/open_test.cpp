#include "persistence/open.hpp"

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/plans.hpp"

#include <fstream>

namespace carillon::persistence::test {

TEST_CASE("a database URL is one of two kinds", "[open]") {
  temporary_directory directory;
  CHECK(open_store("sqlite:" + (directory / "x/y.db").string()).ok());
  CHECK(std::filesystem::is_directory(directory / "x"));
  CHECK(open_store("sqlite://" + (directory / "z/y.db").string()).ok());
  CHECK(std::filesystem::is_directory(directory / "z"));
  CHECK(open_store("postgresql://localhost/calls").ok());
  CHECK(open_store("postgres://localhost/calls").ok());

  for (const char* bad : {"", "mysql://localhost/calls", "carillon.db", "postgresql:localhost",
                          "SQLITE:x.db", "postgresql://h:x/calls", "postgresql://h/calls?bogus=1",
                          "sqlite:", "sqlite://", "sqlite::memory:"}) {
    INFO(bad);
    CHECK_FALSE(open_store(bad).ok());
  }
}

TEST_CASE("a place where no directory can be made is told", "[open]") {
  temporary_directory directory;
  std::ofstream{directory / "file"} << "x";
  const auto refused = open_store("sqlite:" + (directory / "file/calls.db").string());
  REQUIRE_FALSE(refused.ok());
  CHECK(has(refused.error().message(), (directory / "file").string()));
}

TEST_CASE("passwords do not get into the log", "[open]") {
  CHECK(without_password("sqlite:data/carillon.db") == "sqlite:data/carillon.db");
  CHECK(without_password("postgresql://host:5432/db") == "postgresql://host:5432/db");
  CHECK(without_password("postgresql://me@host/db") == "postgresql://me@host/db");
  CHECK(without_password("postgresql://me:pw@host:5432/db?sslmode=require")
        == "postgresql://me:***@host:5432/db?sslmode=require");
  CHECK(without_password("postgres://me:@host/db") == "postgres://me:***@host/db");
  CHECK(without_password("postgresql://host/db?user=me&password=pw&sslpassword=x&a=b")
        == "postgresql://host/db?user=me&password=***&sslpassword=***&a=b");
  CHECK(without_password("postgresql://host/db?password=pw")
        == "postgresql://host/db?password=***");
  // Passwords that somebody forgot to escape.
  for (const char* odd : {"postgresql://me:p@w@host/db", "postgresql://me:p/w@host/db",
                          "postgresql://me:p?w@host/db", "postgresql://me:p:w@host/db"}) {
    INFO(odd);
    CHECK(without_password(odd) == "postgresql://me:***@host/db");
  }
}

} // namespace carillon::persistence::test
