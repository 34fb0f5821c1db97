// Socket events of sessions: an input is the JSON that comes with one. It is tried with every
// event, and what goes the straight way must be what the decoder makes of it.

#include "protocol/dialects/families.hpp"
#include "protocol/dialects/relays.hpp"
#include "protocol/dialects/sessions.hpp"
#include "protocol/json.hpp"
#include "tests/fuzz/target.hpp"

#include <array>

namespace carillon::fuzz {

namespace {

constexpr std::array<std::string_view, 8> names{
    "join_call_session",    "leave_call_session",  "webrtc_offer",   "webrtc_answer",
    "webrtc_ice_candidate", "media_state_changed", "quality_report", "no_such_event"};

const origin alice{user_id{"alice"}, device_id{"d1"}};
const decode_limits limits{256};

/// A refusal can be told in each of the ways there are.
void check_refusal(const failure& why) {
  FUZZ_REQUIRE(why.code < error_code::count_ && why.code != error_code::internal);
  FUZZ_REQUIRE(why.call.empty() || is_id(why.call.str()));
  for (const auto& text : {sessions::encode_error(why)->data, sessions::encode_ack(why),
                           sessions::encode_rest_error(why, true)})
    FUZZ_REQUIRE(json::object::parse(text));
}

template <class Command>
void check_command(const Command&, std::string_view) {}

void check_command(const command::join& what, std::string_view) {
  FUZZ_REQUIRE(what.peer_id.size() <= 128);
}

void check_command(const command::set_media& what, std::string_view) {
  FUZZ_REQUIRE(what.video || what.audio || what.sharing);
}

bool in_bounds(const std::optional<double>& figure, double most) {
  return !figure || (*figure >= 0 && *figure <= most);
}

void check_command(const command::report_quality& what, std::string_view) {
  const auto& sample = what.sample;
  FUZZ_REQUIRE(sample.call == what.call && sample.user.empty() && !sample.mos);
  FUZZ_REQUIRE(in_bounds(sample.packet_loss, 100) && in_bounds(sample.audio_level, 1));
  for (const auto& figure : {sample.rtt_ms, sample.jitter_ms, sample.bitrate_kbps,
                             sample.connection_time_ms, sample.video_fps})
    FUZZ_REQUIRE(in_bounds(figure, 1e9));
  FUZZ_REQUIRE(sample.resolution.size() <= 32);
}

/// The value that goes to the target is the client's own, byte for byte.
void check_command(const command::relay& what, std::string_view data) {
  FUZZ_REQUIRE(what.to.empty() != what.to_device.empty());
  FUZZ_REQUIRE(data.find(what.payload) != std::string_view::npos && json::valid(what.payload));
  FUZZ_REQUIRE(what.kind == relay_kind::candidate || what.payload.size() <= limits.sdp_bytes);
  event::relayed passed{what.call,    what.from.user,   what.kind,
                        what.payload, what.from.device, call_kind::session};
  auto event = sessions::encode(passed, {});
  auto fields = json::object::parse(event->data);
  FUZZ_REQUIRE(fields && fields->members().size() == 4);
  FUZZ_REQUIRE(fields->members()[3].raw == what.payload);
  FUZZ_REQUIRE(fields->string("sessionId") == what.call.str());
  FUZZ_REQUIRE(fields->string("fromUserId") == "alice");
  auto words = sessions::words_of_relays(what.call, what.from);
  const auto& frame = words.by_kind[static_cast<std::size_t>(what.kind)];
  FUZZ_REQUIRE(frame.before + what.payload + frame.after == event->data);
}

void check_straight(std::string_view name, std::string_view data,
                    const result<client_command>& decoded) {
  auto found = find_relay(name, data, limits);
  // An id that none can have is none of a permit either.
  if (!found || !is_id(found->call))
    return;
  FUZZ_REQUIRE(decoded.ok() && found->family == call_kind::session);
  const auto& relay = std::get<command::relay>(*decoded);
  FUZZ_REQUIRE(found->call == relay.call.str() && found->payload == relay.payload);
  FUZZ_REQUIRE(found->kind == relay.kind);
  FUZZ_REQUIRE(found->to == (relay.to_device.empty() ? relay.to.str() : relay.to_device.str()));
}

} // namespace

void check(std::string_view input) {
  for (auto name : names) {
    auto decoded = families::decode_event(name, input, alice, limits);
    // Only what is JSON gets as far as the straight way.
    if (json::valid(input))
      check_straight(name, input, decoded);
    if (!decoded) {
      check_refusal(decoded.error());
      continue;
    }
    FUZZ_REQUIRE(sessions::knows(name));
    FUZZ_REQUIRE(families::family_of(*decoded) == families::family_of(name, input));
    std::visit(
        [&](const auto& what) {
          FUZZ_REQUIRE(what.from.user == alice.user && what.from.device == alice.device);
          check_command(what, input);
        },
        *decoded);
  }
}

} // namespace carillon::fuzz
