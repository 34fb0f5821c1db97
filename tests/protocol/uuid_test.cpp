#include "protocol/uuid.hpp"
#include "tests/catch.hpp"

#include <set>
#include <stdexcept>

using carillon::uuid_of;

namespace {

constexpr const char* dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";

} // namespace

TEST_CASE("a name has the UUID that the RFC gives it", "[uuid]") {
  CHECK(uuid_of(dns, "www.example.com") == "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  CHECK(uuid_of("6BA7B811-9DAD-11D1-80B4-00C04FD430C8", "http://example.com/")
        == uuid_of("6ba7b811-9dad-11d1-80b4-00c04fd430c8", "http://example.com/"));
}

TEST_CASE("every UUID of a name says that it is one", "[uuid]") {
  std::set<std::string> all;
  for (int i = 0; i < 500; ++i) {
    auto uuid = uuid_of(dns, std::to_string(i));
    REQUIRE(uuid.size() == 36);
    CHECK(uuid.find_first_not_of("0123456789abcdef-") == std::string::npos);
    CHECK(uuid[14] == '5');
    CHECK(std::string_view{"89ab"}.find(uuid[19]) != std::string_view::npos);
    for (auto dash : {8, 13, 18, 23})
      CHECK(uuid[static_cast<std::size_t>(dash)] == '-');
    all.insert(uuid);
  }
  CHECK(all.size() == 500);
}

TEST_CASE("a name may be any text, in any space", "[uuid]") {
  CHECK(uuid_of(dns, "") != uuid_of(dns, std::string_view{"\0", 1}));
  CHECK(uuid_of(dns, "a") != uuid_of("6ba7b811-9dad-11d1-80b4-00c04fd430c8", "a"));
  CHECK(uuid_of(dns, std::string(100'000, 'x')).size() == 36);
}

TEST_CASE("a space that is no UUID is refused", "[uuid]") {
  for (auto space :
       {"", "dns", "6ba7b810-9dad-11d1-80b4-00c04fd430c", "6ba7b810-9dad-11d1-80b4-00c04fd430cg",
        "6ba7b810_9dad-11d1-80b4-00c04fd430c8", "6ba7b8109dad-11d1-80b4-00c04fd430c8-"})
    CHECK_THROWS_AS(uuid_of(space, "a"), std::invalid_argument);
}
