#include "persistence/database_url.hpp"

#include "tests/catch.hpp"
#include "tests/persistence/plans.hpp"

#include <utility>

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
  CHECK(has(plain, "&tcp_user_timeout=4000"));
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

TEST_CASE("a PostgreSQL URL is understood before it is needed", "[database_url]") {
  for (const char* good :
       {"postgresql://", "postgresql://localhost/calls", "postgresql://me:pw@[::1]:5432/calls",
        "postgresql://a:1,b,c:65535/calls?target_session_attrs=read-write",
        "postgresql://a,b/calls?port=1,",
        "postgresql:///calls?host=/run/postgresql&connect_timeout=60&sslmode=require",
        "postgresql:///c?host=@abstract", "postgresql://me%40there@host/at%40calls",
        "postgresql://me:p%40w@host/calls?keepalives=0&options=-csearch_path%3Dx"}) {
    INFO(good);
    CHECK(check_postgres_url(good).ok());
  }

  const std::vector<std::pair<std::string, std::string>> refused{
      {"postgresql://host:notaport/calls", "the port is not a number"},
      {"postgresql://host:0/calls", "the port is not a number"},
      {"postgresql://host:65536/calls", "the port is not a number"},
      {"postgresql://a:1,b:x/calls", "the port is not a number"},
      {"postgresql://me:secret@host/calls?bogus=1", "invalid URI query parameter: \"bogus\""},
      {"postgresql://me:secret@host/calls?bogus", "query parameter: \"bogus\""},
      {"postgresql://me:secret@host/calls?bo\ngus=1", "\"bo gus\""},
      {"postgresql://me:%zzsecret@host/calls", "percent-encoded token"},
      {"postgresql://me:secret@[::1/calls", "matching \"]\""},
      {"postgresql://me:secret@[::1]x/calls", "unexpected character \"x\""},
      {"postgresql://me:s@secret@host/calls", "written %40"},
      {"postgresql://me:5/secret@host/calls", "written %40"},
      {"postgresql://me:secret/x@host/calls", "written %40"},
      {"postgresql://me:secret/calls", "the port is not a number"},
      {"postgresql://me:secret@host/calls?connect_timeout=0", "connect_timeout is not"},
      {"postgresql://me:secret@host/calls?connect_timeout=x", "connect_timeout is not"},
      {"postgresql://me:secret@host/calls?sslmode=please", "sslmode is none of"},
      {"postgresql://me:secret@host/calls?keepalives_idle=x", "keepalives_idle is not"},
      {"postgresql://me:secret@host/calls?tcp_user_timeout=-1", "tcp_user_timeout is not"},
      {std::string{"postgresql://me:secret@host/calls\0", 34}, "NUL"},
  };
  for (const auto& [url, why] : refused) {
    INFO(url);
    const auto usable = check_postgres_url(url);
    REQUIRE_FALSE(usable.ok());
    const auto told = usable.error().message();
    INFO(told);
    CHECK(has(told, why));
    CHECK_FALSE(has(told, "secret"));
    CHECK_FALSE(has(told, "\n"));
  }
}

} // namespace carillon::persistence::test
