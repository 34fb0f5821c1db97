#include "persistence/op_check.hpp"

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"

namespace carillon::persistence::test {

TEST_CASE("only UTF-8 without NUL can be stored", "[op_check]") {
  for (const char* good : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                           "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
                           "z\xc3\xa5\xe2\x98\x8e\xf0\x9f\x93\x9e!"}) {
    INFO(good);
    CHECK(storable_text(good));
  }
  // Lone and missing continuations, overlong forms, surrogates, beyond U+10FFFF.
  for (const char* bad :
       {"\x80", "a\xbf", "\xc2", "\xc2z", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xe2\x98",
        "\xe2\x98z", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf0\x9f\x93",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    CHECK_FALSE(storable_text(bad));
  }
  CHECK_FALSE(storable_text(std::string_view("a\0b", 3)));
  CHECK_FALSE(storable_text(std::string_view("\xc2\x80", 1)));
}

TEST_CASE("ops that no store could write are told apart", "[op_check]") {
  CHECK_FALSE(why_unstorable(ringing("c1", "alice", "bob")).has_value());
  CHECK_FALSE(why_unstorable(person("alice")).has_value());
  CHECK_FALSE(why_unstorable(hide_op{user_id{"alice"}, call_id{"c1"}}).has_value());

  CHECK(why_unstorable(ringing("", "alice", "bob")).has_value());
  CHECK(why_unstorable(ringing("c1", "", "bob")).has_value());
  CHECK(why_unstorable(ringing("c1", "alice", "b\xff")).has_value());
  CHECK(why_unstorable(person("")).has_value());
  CHECK(why_unstorable(person("alice", "\xff")).has_value());
  CHECK(why_unstorable(user_ptr{}).has_value());
  CHECK(why_unstorable(hide_op{user_id{"\xff"}, call_id{"c1"}}).has_value());

  auto call = ringing("c1", "alice", "bob");
  call.ring_deadline = time_point::max();
  CHECK(why_unstorable(call).has_value());
  call.ring_deadline = from_epoch_ms(-1);
  CHECK(why_unstorable(call).has_value());
  call.ring_deadline = from_epoch_ms(0);
  CHECK_FALSE(why_unstorable(call).has_value());
  auto user = *person("alice");
  user.updated_at = time_point::min();
  CHECK(why_unstorable(std::make_shared<const user_record>(user)).has_value());
}

TEST_CASE("times are cut to what can be stored", "[op_check]") {
  CHECK(storable_time(at(5)) == at(5));
  CHECK(storable_time(time_point::min()) == from_epoch_ms(0));
  CHECK(to_iso8601(storable_time(time_point::max())) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("the log names an op without harm", "[op_check]") {
  CHECK(subject_of(ringing("c1", "alice", "bob")) == "call c1");
  CHECK(subject_of(person("alice")) == "user alice");
  CHECK(subject_of(hide_op{user_id{"alice"}, call_id{"c2"}}) == "call c2");
  CHECK(subject_of(person("a\n\xff" + std::string(1'000, 'x'))).size() == 160);
  CHECK(subject_of(person("a\n\xff")) == "user a??");
}

} // namespace carillon::persistence::test
