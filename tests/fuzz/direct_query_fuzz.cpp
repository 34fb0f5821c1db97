// The query of history and missed: an input is the text behind the question mark.

#include "protocol/dialects/direct.hpp"
#include "protocol/json.hpp"
#include "tests/fuzz/target.hpp"

namespace carillon::fuzz {

void check(std::string_view input) {
  const user_id alice{"alice"};
  for (bool missed : {false, true}) {
    auto query = direct::decode_history(input, alice, missed);
    if (!query) {
      const auto& why = query.error();
      FUZZ_REQUIRE(why.code == error_code::invalid_query);
      FUZZ_REQUIRE(why.detail == "type" || why.detail == "limit" || why.detail == "skip");
      FUZZ_REQUIRE(json::object::parse(direct::encode_rest_error(why)));
      continue;
    }
    FUZZ_REQUIRE(query->user == alice && query->missed_only == missed);
    FUZZ_REQUIRE(query->limit >= 1 && query->limit <= 100 && query->skip >= 0);
    // Its canonical text asks the same.
    auto text = "limit=" + std::to_string(query->limit) + "&skip=" + std::to_string(query->skip);
    if (query->type)
      text += "&type=" + std::string{to_string(*query->type)};
    auto back = direct::decode_history(text, alice, missed);
    FUZZ_REQUIRE(back && back->limit == query->limit && back->skip == query->skip);
    FUZZ_REQUIRE(back->type == query->type);
  }
}

} // namespace carillon::fuzz
