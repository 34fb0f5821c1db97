// REST bodies of video calls: an input is one, for creating a call, its status and a removal.

#include "protocol/dialects/video.hpp"
#include "protocol/json.hpp"
#include "tests/fuzz/target.hpp"

#include <set>

namespace carillon::fuzz {

namespace {

const user_id alice{"alice"};
const origin asking{alice, {}, call_kind::video};

void check_refusal(const failure& why) {
  FUZZ_REQUIRE(why.code == error_code::invalid_field || why.code == error_code::invalid_json
               || why.code == error_code::unknown_participant);
  auto said = json::object::parse(video::encode_rest_error(why, true));
  FUZZ_REQUIRE(said && said->string("error") && said->string("message"));
}

void check_members(const video_facts& facts) {
  std::set<user_id> once{alice};
  FUZZ_REQUIRE(facts.members.size() <= 200);
  for (const auto& one : facts.members) {
    FUZZ_REQUIRE(is_id(one.user.str()) && once.insert(one.user).second);
    FUZZ_REQUIRE(!one.role.empty());
  }
}

/// What was kept is JSON, has what was left out, and says what the flags say.
void check_settings(const video_facts& facts) {
  auto settings = json::object::parse(facts.settings);
  FUZZ_REQUIRE(settings);
  for (auto name : {"audio", "video", "screensharing", "recording", "transcription"})
    FUZZ_REQUIRE(settings->find(name) != nullptr);
  auto recording = json::object::parse(settings->find("recording")->raw);
  const auto* mode = recording ? recording->find("mode") : nullptr;
  FUZZ_REQUIRE(facts.recording == (mode && mode->raw != "null" && mode->text != "disabled"));
}

void check_created(std::string_view input) {
  auto decoded = video::decode_create(input, alice);
  if (!decoded)
    return check_refusal(decoded.error());
  const auto& create = std::get<command::create>(*decoded);
  FUZZ_REQUIRE(create.from == asking && create.facts != nullptr);
  const auto& facts = *create.facts;
  FUZZ_REQUIRE(is_id(facts.call_id) && create.call == video_call_id(facts.call_id));
  FUZZ_REQUIRE(facts.seats >= 1 && facts.seats <= 1000);
  FUZZ_REQUIRE(facts.name.find('\0') == std::string::npos);
  FUZZ_REQUIRE(facts.event_id.find('\0') == std::string::npos);
  check_members(facts);
  check_settings(facts);
}

} // namespace

void check(std::string_view input) {
  check_created(input);
  auto status = video::decode_status(input, alice, false, "c-1");
  if (status)
    FUZZ_REQUIRE(std::get<command::set_status>(*status).call == video_call_id("c-1"));
  else
    check_refusal(status.error());
  auto kick = video::decode_kick(input, alice, false, "c-1");
  if (kick)
    FUZZ_REQUIRE(is_id(std::get<command::kick>(*kick).whom.str()));
  else
    check_refusal(kick.error());
}

} // namespace carillon::fuzz
