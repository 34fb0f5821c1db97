#include "protocol/dialects/sessions.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "protocol/dialects/relays.hpp"

#include <string>

namespace carillon::micro {

namespace {

std::string offer_data() {
  return R"({"sessionId":")" + the_call().str() + R"(","targetSocketId":")" + bob().device.str()
         + R"(","offer":)" + payload_of(relay_kind::offer) + "}";
}

// As a device does it: the origin is made for each event.
void sessions_decode(benchmark::State& state, std::string_view name, const std::string& data) {
  auto who = alice();
  const decode_limits limits;
  if (!works(state, sessions::decode_event(name, data, who, limits).ok(), "the event is refused"))
    return;
  auto text = data;
  measure(state, [&] {
    keep(text);
    keep(sessions::decode_event(name, text, origin{who.user, who.device}, limits));
  });
}

// What an offer costs that goes straight.
void sessions_find_relay(benchmark::State& state) {
  auto text = offer_data();
  const decode_limits limits;
  if (!works(state, find_relay("webrtc_offer", text, limits).has_value(), "nothing is found"))
    return;
  measure(state, [&] {
    keep(text);
    keep(find_relay("webrtc_offer", text, limits));
  });
}

/// A session of eight, as the last one to join it gets it.
event::session_joined eight_in() {
  auto now = std::make_shared<session_now>();
  session_facts facts;
  facts.settings = R"({"isVideoEnabled":true,"isAudioEnabled":true,"isRecordingEnabled":false,)"
                   R"("allowScreenShare":true})";
  facts.metadata = R"({"title":"Stand-up"})";
  now->call = the_call();
  now->facts = std::make_shared<const session_facts>(std::move(facts));
  for (std::uint64_t i = 0; i < 8; ++i) {
    participant one;
    one.user = nth_user(i);
    one.device = device_id{hex_id(i)};
    one.joined_at = one.entered_at = noon();
    now->in.push_back(std::move(one));
    now->names.push_back("Somebody");
  }
  return {std::move(now)};
}

void sessions_encode(benchmark::State& state, const call_event& what) {
  measure(state, [&] { keep(sessions::encode(what, R"([{"urls":"stun:s.org"}])", 1234)); });
}

BENCHMARK_CAPTURE(sessions_decode, webrtc_offer, "webrtc_offer", offer_data());
BENCHMARK_CAPTURE(sessions_decode, join_call_session, "join_call_session",
                  R"({"sessionId":")" + the_call().str() + "\"}");
BENCHMARK(sessions_find_relay);
BENCHMARK_CAPTURE(sessions_encode, call_session_joined, eight_in());

} // namespace

} // namespace carillon::micro
