#include "protocol/plain_frame.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"

#include <string>

namespace carillon::micro {

namespace {

void plain_decode(benchmark::State& state, std::string_view name, relay_kind kind) {
  auto text = R"({"event":")" + std::string{name} + R"(","data":)" + relay_data(kind) + "}";
  if (!works(state, decode_plain(text).ok(), "the frame is refused"))
    return;
  measure(state, [&] {
    keep(text);
    keep(decode_plain(text));
  });
}
BENCHMARK_CAPTURE(plain_decode, candidate, "sendIceCandidate", relay_kind::candidate);
BENCHMARK_CAPTURE(plain_decode, offer, "sendOffer", relay_kind::offer);

} // namespace

} // namespace carillon::micro
