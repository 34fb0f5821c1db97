// REST bodies of the stream family: an input is one. It is tried with every route.

#include "protocol/dialects/stream.hpp"
#include "protocol/json.hpp"
#include "protocol/utf8.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <set>

namespace carillon::fuzz {

namespace {

const user_id alice{"alice"};
const call_id c1{"c1"};

void check_refusal(const failure& why) {
  FUZZ_REQUIRE(why.code < error_code::count_ && why.code != error_code::internal);
  FUZZ_REQUIRE(json::object::parse(stream::encode_rest_error(why, true)));
}

void check_profile(const profile_changes& what) {
  for (const auto& text : {what.name, what.email, what.image, what.role})
    if (text) {
      FUZZ_REQUIRE(is_utf8(*text) && characters_in(*text) <= 512);
      FUZZ_REQUIRE(std::none_of(text->begin(), text->end(),
                                [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
    }
  user_record row;
  row.id = alice;
  if (auto changed = merge_profile(row, what, {}))
    FUZZ_REQUIRE(json::object::parse(stream::encode_user(*changed)));
}

void check_token(std::string_view input) {
  auto out = stream::decode_token(input, alice);
  if (!out)
    return check_refusal(out.error());
  FUZZ_REQUIRE(out->user == alice && !out->profile.role && !out->profile.email);
  check_profile(out->profile);
}

void check_command(const command::upsert_user& what) {
  FUZZ_REQUIRE(!what.profile.empty());
  check_profile(what.profile);
}

void check_command(const command::open_channel& what) {
  FUZZ_REQUIRE(is_id(what.call.str()) && what.call_type.size() <= 32);
  FUZZ_REQUIRE(what.members.size() < stream::most_members);
  std::set<user_id> once{alice};
  for (const auto& one : what.members)
    FUZZ_REQUIRE(is_id(one.str()) && once.insert(one).second);
}

void check_command(const command::close_channel& what) { FUZZ_REQUIRE(is_id(what.call.str())); }

void check_command(const command::report_quality& what) {
  const auto& sample = what.sample;
  FUZZ_REQUIRE(what.call == c1 && sample.call == c1 && sample.user.empty());
  FUZZ_REQUIRE(sample.rtt_ms && sample.jitter_ms && sample.packet_loss && sample.bitrate_kbps);
  FUZZ_REQUIRE(*sample.packet_loss >= 0 && *sample.packet_loss <= 100);
}

void check_command(const command::send_message& what) {
  FUZZ_REQUIRE(is_id(what.call.str()) && (!what.text.empty() || !what.attachments.empty()));
}

template <class Command>
void check_as(const result<client_command>& out) {
  if (!out)
    return check_refusal(out.error());
  const auto& what = std::get<Command>(*out);
  FUZZ_REQUIRE(what.from == (origin{alice, {}, call_kind::stream}));
  check_command(what);
}

} // namespace

void check(std::string_view input) {
  check_token(input);
  check_as<command::upsert_user>(stream::decode_upsert(input, alice, true));
  auto own = stream::decode_upsert(input, alice, false);
  FUZZ_REQUIRE(!own || !std::get<command::upsert_user>(*own).profile.role);
  check_as<command::open_channel>(stream::decode_create(input, alice));
  check_as<command::close_channel>(stream::decode_end(input, alice, false));
  check_as<command::report_quality>(stream::decode_quality(input, alice, c1));
  check_as<command::send_message>(stream::decode_send(input, alice));
}

} // namespace carillon::fuzz
