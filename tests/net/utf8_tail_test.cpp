#include "net/utf8_tail.hpp"
#include "tests/catch.hpp"

using carillon::net::ends_inside_character;

TEST_CASE("a text that ends with a whole character is whole") {
  for (const char* text : {"", "a", "\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "a\xC3\xBC z"})
    CHECK_FALSE(ends_inside_character(text));
}

TEST_CASE("a text that ends inside a character is not") {
  for (const char* text : {"\xC3", "a\xE2", "a\xE2\x82", "\xF0", "\xF0\x9F", "ok \xF0\x9F\x98"})
    CHECK(ends_inside_character(text));
}
