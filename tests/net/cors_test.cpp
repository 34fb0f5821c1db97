#include "net/cors.hpp"
#include "tests/catch.hpp"

using namespace carillon::net;

namespace {

std::string value_of(const header_list& headers, std::string_view name) {
  for (auto& [key, value] : headers)
    if (key == name)
      return value;
  return "-";
}

header_list decorated(const cors_policy& policy, std::string_view origin) {
  header_list headers;
  policy.decorate(headers, origin);
  return headers;
}

header_list preflight(const cors_policy& policy, std::string_view origin) {
  header_list headers;
  policy.decorate_preflight(headers, origin, "GET, HEAD, OPTIONS");
  return headers;
}

} // namespace

TEST_CASE("without origins nothing is said to other pages") {
  cors_policy policy{{}};
  CHECK(decorated(policy, "https://a.example").empty());
  CHECK(preflight(policy, "https://a.example").empty());
}

TEST_CASE("listed origins are let in and named back") {
  cors_policy policy{{"https://a.example", "https://b.example"}};
  auto headers = decorated(policy, "https://b.example");
  CHECK(value_of(headers, "Access-Control-Allow-Origin") == "https://b.example");
  CHECK(value_of(headers, "Access-Control-Expose-Headers") == "Retry-After");
  CHECK(value_of(headers, "Vary") == "Origin");
  auto asked = preflight(policy, "https://a.example");
  CHECK(value_of(asked, "Access-Control-Allow-Methods") == "GET, HEAD, OPTIONS");
  CHECK(value_of(asked, "Access-Control-Allow-Headers") == "Authorization, Content-Type");
}

TEST_CASE("other origins are not, though caches are told that answers differ") {
  cors_policy policy{{"https://a.example"}};
  for (auto* origin :
       {"https://b.example", "http://a.example", "https://a.example.evil", "null", ""}) {
    CHECK(decorated(policy, origin) == header_list{{"Vary", "Origin"}});
    CHECK(preflight(policy, origin).empty());
  }
}

TEST_CASE("a star lets every page in") {
  cors_policy policy{{"*"}};
  auto headers = decorated(policy, "https://anything.example");
  CHECK(value_of(headers, "Access-Control-Allow-Origin") == "*");
  CHECK(value_of(headers, "Vary") == "-");
  CHECK(decorated(policy, "").empty());
}
