// The queries of video history and invitations: an input is the text behind the question mark.

#include "protocol/dialects/video.hpp"
#include "protocol/json.hpp"
#include "tests/fuzz/target.hpp"

namespace carillon::fuzz {

namespace {

const user_id alice{"alice"};

void check_refusal(const failure& why) {
  FUZZ_REQUIRE(why.code == error_code::invalid_query && !why.detail.empty());
  FUZZ_REQUIRE(json::object::parse(video::encode_history_error(why, true)));
}

void check_history(std::string_view input) {
  auto query = video::decode_history(input, alice);
  if (!query)
    return check_refusal(query.error());
  FUZZ_REQUIRE(query->user == alice && query->limit >= 1 && query->limit <= 100);
  FUZZ_REQUIRE(query->offset >= 0 && query->offset <= 1'000'000);
  // Its canonical text asks the same.
  auto back = video::decode_history(
      "limit=" + std::to_string(query->limit) + "&offset=" + std::to_string(query->offset), alice);
  FUZZ_REQUIRE(back && back->limit == query->limit && back->offset == query->offset);
}

void check_invitations(std::string_view input) {
  auto query = video::decode_invitations(input, alice);
  if (!query)
    return check_refusal(query.error());
  FUZZ_REQUIRE(query->user == alice);
  FUZZ_REQUIRE(!query->status || parse_invitation(*query->status));
}

} // namespace

void check(std::string_view input) {
  check_history(input);
  check_invitations(input);
}

} // namespace carillon::fuzz
