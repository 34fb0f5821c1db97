#include "protocol/ids.hpp"

#include "tests/catch.hpp"

#include <unordered_set>

using namespace carillon;

TEST_CASE("ids of clients are printable text without spaces", "[ids]") {
  for (auto good : {"a", "alice", "user-123", "a@b.c", "507f1f77bcf86cd799439011", "J\xC3\xBCrgen",
                    "\xE6\x9D\x8E", "\xF0\x9F\x98\x80", "a\"b\\c", "%00"})
    CHECK(is_id(good));
  using namespace std::literals;
  for (auto bad : {""sv, " "sv, "a b"sv, " a"sv, "a\n"sv, "a\tb"sv, "\0"sv, "a\0b"sv, "\x7F"sv,
                   "\xC2\x85"sv,     // next line, a C1 control
                   "\xC2\xA0"sv,     // no-break space
                   "\xE2\x80\x8B"sv, // zero width space
                   "\xE2\x80\xAE"sv, // right-to-left override
                   "\xE3\x80\x80"sv, // ideographic space
                   "\xEF\xBB\xBF"sv, // byte order mark
                   "\xFF"sv, "\xC3"sv, "\xED\xA0\x80"sv, "\xC0\x80"sv})
    CHECK_FALSE(is_id(bad));
}

TEST_CASE("ids are counted in characters", "[ids]") {
  CHECK(is_id(std::string(128, 'x')));
  CHECK_FALSE(is_id(std::string(129, 'x')));
  std::string wide;
  for (int i = 0; i < 128; ++i)
    wide += "\xF0\x9F\x98\x80";
  CHECK(is_id(wide));
  CHECK_FALSE(is_id(wide + "x"));
  CHECK_FALSE(is_id(std::string(100000, 'x')));
}

TEST_CASE("ids are regular values", "[ids]") {
  user_id none;
  user_id alice{"alice"};
  CHECK(none.empty());
  CHECK(alice == user_id{std::string{"alice"}});
  CHECK(alice < user_id{"bob"});
  std::unordered_set<user_id> set{alice, user_id{"bob"}, alice};
  CHECK(set.size() == 2);
}
