#include "protocol/utf8.hpp"

#include "tests/catch.hpp"

using namespace carillon;

TEST_CASE("characters are counted, not bytes", "[utf8]") {
  CHECK(characters_in("") == 0);
  CHECK(characters_in("abc") == 3);
  CHECK(characters_in("\xC3\xA9") == 1);
  CHECK(characters_in("\xE2\x82\xAC!") == 2);
  CHECK(characters_in("\xF0\x9F\x98\x80\xF0\x9F\x98\x80") == 2);
  // What shows as one may be several.
  CHECK(characters_in("e\xCC\x81") == 2);
}
