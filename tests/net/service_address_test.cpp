#include "net/service_address.hpp"
#include "tests/catch.hpp"

using namespace carillon;
using namespace carillon::net;

namespace {

std::string shown(std::string_view url) {
  auto parsed = parse_service_address(url);
  if (!parsed)
    return "refused";
  return parsed->host + " " + std::to_string(parsed->port) + " " + parsed->base_path + " "
         + parsed->host_header();
}

} // namespace

TEST_CASE("the address of an HTTPS service is taken apart") {
  CHECK(shown("https://chat.example") == "chat.example 443  chat.example");
  CHECK(shown("https://chat.example/") == "chat.example 443  chat.example");
  CHECK(shown("https://chat.example:8443/a/b//") == "chat.example 8443 /a/b chat.example:8443");
  CHECK(shown("https://chat.example:443") == "chat.example 443  chat.example");
  CHECK(shown("https://[::1]:9/x") == "::1 9 /x [::1]:9");
  CHECK(shown("https://[::1]") == "::1 443  [::1]");
}

TEST_CASE("what is no address of an HTTPS service is refused") {
  for (auto bad :
       {"", "http://a", "https://", "https:///a", "https://:1", "https://a:", "https://a:0",
        "https://a:65536", "https://a:1x", "https://u@a", "https://a?b", "https://a#b",
        "https://a b", "https://[::1", "https://[::1]x", "https://a\r\nx: y", "https://\xc3\xa4"}) {
    CAPTURE(bad);
    CHECK(shown(bad) == "refused");
  }
}
