// Pages of messages: an input is the name of a channel and, behind a question mark, the query.

#include "protocol/dialects/stream.hpp"
#include "protocol/json.hpp"
#include "protocol/percent.hpp"
#include "tests/fuzz/target.hpp"

namespace carillon::fuzz {

namespace {

const user_id alice{"alice"};

} // namespace

void check(std::string_view input) {
  auto name = take_until(input, '?');
  auto query = stream::decode_messages(name, input, alice);
  if (!query) {
    const auto& why = query.error();
    FUZZ_REQUIRE(why.code == error_code::channel_not_found
                 || (why.code == error_code::invalid_query && !why.detail.empty()));
    FUZZ_REQUIRE(json::object::parse(stream::encode_rest_error(why, true)));
    return;
  }
  FUZZ_REQUIRE(query->user == alice && channel_name(query->call) == name);
  FUZZ_REQUIRE(query->limit >= 1 && query->limit <= 100);
  FUZZ_REQUIRE(query->before.empty() || is_id(query->before));
  FUZZ_REQUIRE(query->after.empty() || is_id(query->after));
  // Its canonical text asks the same.
  auto text = "limit=" + std::to_string(query->limit);
  if (!query->before.empty())
    text += "&before=" + percent_encoded(query->before);
  if (!query->after.empty())
    text += "&after=" + percent_encoded(query->after);
  auto back = stream::decode_messages(name, text, alice);
  FUZZ_REQUIRE(back && back->limit == query->limit && back->before == query->before);
  FUZZ_REQUIRE(back->after == query->after);
}

} // namespace carillon::fuzz
