#include "net/url.hpp"
#include "tests/catch.hpp"

using namespace carillon::net;

TEST_CASE("a target is split at its question mark") {
  auto parts = split_target("/api/calls/history?limit=5&x=?");
  CHECK(parts.path == "/api/calls/history");
  CHECK(parts.query == "limit=5&x=?");
  CHECK(split_target("/").path == "/");
  CHECK(split_target("/a/").path == "/a");
  CHECK(split_target("/a?").query.empty());
  CHECK(split_target("/a#b?c=1").path == "/a");
  CHECK(split_target("/a#b?c=1").query.empty());
  CHECK(split_target("").path.empty());
}

TEST_CASE("percent signs are decoded") {
  CHECK(unescape("a%20b+c", false) == "a b+c");
  CHECK(unescape("a%20b+c", true) == "a b c");
  CHECK(unescape("%C3%a4", false) == "\xC3\xA4");
  for (auto* broken : {"%", "%1", "a%zz", "%0g", "%00"})
    CHECK(unescape(broken, false) == std::nullopt);
}

TEST_CASE("the first value of a name counts") {
  std::string_view query = "EIO=4&transport=websocket&EIO=3&empty=&flag&to%6ben=a%2Bb&bad=%";
  CHECK(query_value(query, "EIO") == "4");
  CHECK(query_value(query, "transport") == "websocket");
  CHECK(query_value(query, "empty") == "");
  CHECK(query_value(query, "flag") == "");
  CHECK(query_value(query, "token") == "a+b");
  CHECK(query_value(query, "bad") == std::nullopt);
  CHECK(query_value(query, "EI") == std::nullopt);
  CHECK(query_value("", "x") == std::nullopt);
}
