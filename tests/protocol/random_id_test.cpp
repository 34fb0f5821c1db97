#include "protocol/random_id.hpp"
#include "tests/catch.hpp"

#include <set>

TEST_CASE("ids are 20 URL-safe characters and do not repeat") {
  std::set<std::string> all;
  std::set<char> letters;
  for (int i = 0; i < 10'000; ++i) {
    auto id = carillon::random_id();
    REQUIRE(id.size() == 20);
    REQUIRE(id.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
            == std::string::npos);
    letters.insert(id.begin(), id.end());
    REQUIRE(all.insert(id).second);
  }
  CHECK(letters.size() == 64);
}
