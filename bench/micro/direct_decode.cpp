#include "protocol/dialects/direct.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"

#include <string>

namespace carillon::micro {

namespace {

// As a session does it: the origin is made for each event.
void direct_decode(benchmark::State& state, std::string_view name, const std::string& data) {
  auto who = alice();
  const decode_limits limits;
  if (!works(state, direct::decode_event(name, data, who, limits).ok(), "the event is refused"))
    return;
  auto text = data;
  measure(state, [&] {
    keep(text);
    keep(direct::decode_event(name, text, origin{who.user, who.device}, limits));
  });
}

std::string about_the_call() { return R"({"callId":")" + the_call().str() + "\"}"; }

std::string call_bob() {
  return R"({"receiverId":")" + bob().user.str() + R"(","callType":"video"})";
}

BENCHMARK_CAPTURE(direct_decode, initiateCall, "initiateCall", call_bob());
BENCHMARK_CAPTURE(direct_decode, acceptCall, "acceptCall", about_the_call());
BENCHMARK_CAPTURE(direct_decode, rejectCall, "rejectCall", about_the_call());
BENCHMARK_CAPTURE(direct_decode, endCall, "endCall", about_the_call());
BENCHMARK_CAPTURE(direct_decode, sendOffer, "sendOffer", relay_data(relay_kind::offer));
BENCHMARK_CAPTURE(direct_decode, sendAnswer, "sendAnswer", relay_data(relay_kind::answer));
BENCHMARK_CAPTURE(direct_decode, sendIceCandidate, "sendIceCandidate",
                  relay_data(relay_kind::candidate));

} // namespace

} // namespace carillon::micro
