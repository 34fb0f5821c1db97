// REST bodies of sessions: an input is one, for beginning a session and for changing media.

#include "protocol/dialects/sessions.hpp"
#include "protocol/json.hpp"
#include "tests/fuzz/target.hpp"

#include <set>

namespace carillon::fuzz {

namespace {

const user_id alice{"alice"};

void check_refusal(const failure& why) {
  FUZZ_REQUIRE(why.code == error_code::invalid_field || why.code == error_code::invalid_json
               || why.code == error_code::unknown_participant);
  FUZZ_REQUIRE(json::object::parse(sessions::encode_rest_error(why, true)));
}

void check_named(const command::gather& what) {
  std::set<user_id> once{alice};
  FUZZ_REQUIRE(!what.named.empty());
  for (const auto& one : what.named)
    FUZZ_REQUIRE(is_id(one.str()) && once.insert(one).second);
  FUZZ_REQUIRE(what.facts.type != session_type::one_to_one || what.named.size() == 1);
}

/// What was kept is JSON and says what the flags say.
void check_facts(const session_facts& facts) {
  auto settings = json::object::parse(facts.settings);
  FUZZ_REQUIRE(settings && json::object::parse(facts.metadata));
  FUZZ_REQUIRE(settings->boolean("isVideoEnabled") == facts.video);
  FUZZ_REQUIRE(settings->boolean("isAudioEnabled") == facts.audio);
  FUZZ_REQUIRE(settings->boolean("allowScreenShare") == facts.may_share);
  FUZZ_REQUIRE(settings->boolean("isRecordingEnabled").has_value());
  FUZZ_REQUIRE(facts.seats == 0 || facts.seats >= 2);
  FUZZ_REQUIRE((facts.type == session_type::therapy) == !facts.therapy_session.empty());
}

} // namespace

void check(std::string_view input) {
  auto begun = sessions::decode_initiate(input, alice);
  if (begun) {
    const auto& gather = std::get<command::gather>(*begun);
    FUZZ_REQUIRE(gather.from == (origin{alice, {}, call_kind::session}));
    check_named(gather);
    check_facts(gather.facts);
  } else {
    check_refusal(begun.error());
  }
  auto media = sessions::decode_media(input, alice, call_id{"s1"});
  if (!media)
    return check_refusal(media.error());
  const auto& change = std::get<command::set_media>(*media);
  FUZZ_REQUIRE(change.call == call_id{"s1"} && change.from.family == call_kind::session);
  FUZZ_REQUIRE(change.video || change.audio || change.sharing);
}

} // namespace carillon::fuzz
