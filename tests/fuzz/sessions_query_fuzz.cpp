// The queries of session history and analytics: an input is the text behind the question mark.

#include "protocol/dialects/sessions.hpp"
#include "protocol/json.hpp"
#include "tests/fuzz/target.hpp"

namespace carillon::fuzz {

namespace {

const user_id alice{"alice"};

void check_refusal(const failure& why) {
  FUZZ_REQUIRE(why.code == error_code::invalid_query && !why.detail.empty());
  FUZZ_REQUIRE(json::object::parse(sessions::encode_rest_error(why, true)));
}

void check_history(std::string_view input) {
  auto query = sessions::decode_history(input, alice);
  if (!query)
    return check_refusal(query.error());
  FUZZ_REQUIRE(query->user == alice && query->page >= 1 && query->skip() >= 0);
  FUZZ_REQUIRE(query->limit >= 1 && query->limit <= 100);
  // Its canonical text asks the same.
  auto text = "page=" + std::to_string(query->page) + "&limit=" + std::to_string(query->limit);
  if (query->status)
    text += "&status=" + std::string{to_string(*query->status)};
  auto back = sessions::decode_history(text, alice);
  FUZZ_REQUIRE(back && back->page == query->page && back->limit == query->limit);
  FUZZ_REQUIRE(back->status == query->status);
}

void check_usage(std::string_view input) {
  auto query = sessions::decode_usage(input, alice);
  if (!query)
    return check_refusal(query.error());
  FUZZ_REQUIRE(query->user == alice && query->days >= 1 && query->days <= 366);
}

} // namespace

void check(std::string_view input) {
  check_history(input);
  check_usage(input);
}

} // namespace carillon::fuzz
