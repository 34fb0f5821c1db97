#include "persistence/one_line.hpp"

#include "tests/catch.hpp"

namespace carillon::persistence::test {

TEST_CASE("a message of several lines becomes one", "[one_line]") {
  CHECK(one_line("").empty());
  CHECK(one_line(" \n\t").empty());
  CHECK(one_line("plain text") == "plain text");
  CHECK(one_line("\nrefused\n\tIs the server running?\r\n") == "refused Is the server running?");
  CHECK(one_line("a\x7F\x01z") == "a z");
  CHECK(one_line("gr\u00fc\u00dfe\n") == "gr\u00fc\u00dfe");
}

} // namespace carillon::persistence::test
