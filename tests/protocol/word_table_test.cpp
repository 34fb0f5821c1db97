#include "protocol/word_table.hpp"

#include "tests/catch.hpp"

#include <type_traits>

using namespace carillon;

namespace {

enum class colour { red, green, blue };
using colours = word_table<colour, colour::blue>;

constexpr colours words{"red", "green", "blue"};

} // namespace

TEST_CASE("a word table leads from values to words and back", "[word_table]") {
  CHECK(words[colour::red] == "red");
  CHECK(words[colour::blue] == "blue");
  for (auto each : {colour::red, colour::green, colour::blue})
    CHECK(words.parse(words[each]) == each);
  for (auto word : {"", "Red", "red ", "yellow"})
    CHECK_FALSE(words.parse(word));
}

TEST_CASE("a word table has a word for each value, no fewer and no more", "[word_table]") {
  STATIC_REQUIRE(std::is_constructible_v<colours, const char*, const char*, const char*>);
  STATIC_REQUIRE_FALSE(std::is_constructible_v<colours, const char*, const char*>);
  STATIC_REQUIRE_FALSE(
      std::is_constructible_v<colours, const char*, const char*, const char*, const char*>);
}
