#include "protocol/socket_io.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"

#include <string>

namespace carillon::micro {

namespace {

void socket_io_decode(benchmark::State& state, relay_kind kind) {
  auto text = "2[\"sendIt\"," + relay_data(kind) + "]";
  measure(state, [&] {
    keep(text);
    keep(socket_io::decode(text));
  });
}
BENCHMARK_CAPTURE(socket_io_decode, candidate, relay_kind::candidate);
BENCHMARK_CAPTURE(socket_io_decode, offer, relay_kind::offer);

void socket_io_split_event(benchmark::State& state, std::string_view name, relay_kind kind) {
  auto payload = "[\"" + std::string{name} + "\"," + relay_data(kind) + "]";
  if (!works(state, socket_io::split_event(payload).ok(), "the event is refused"))
    return;
  measure(state, [&] {
    keep(payload);
    keep(socket_io::split_event(payload));
  });
}
BENCHMARK_CAPTURE(socket_io_split_event, candidate, "sendIceCandidate", relay_kind::candidate);
BENCHMARK_CAPTURE(socket_io_split_event, offer, "sendOffer", relay_kind::offer);

void socket_io_encode_event(benchmark::State& state, std::string_view name, relay_kind kind) {
  auto data = payload_of(kind);
  measure(state, [&] { keep(socket_io::encode_event(name, data, "1234")); });
}
BENCHMARK_CAPTURE(socket_io_encode_event, candidate, "receiveIceCandidate", relay_kind::candidate);
BENCHMARK_CAPTURE(socket_io_encode_event, offer, "receiveOffer", relay_kind::offer);

void socket_io_encode_ack(benchmark::State& state) {
  measure(state, [] { keep(socket_io::encode_ack(1234, R"({"ok":true})")); });
}
BENCHMARK(socket_io_encode_ack);

void socket_io_encode_connect(benchmark::State& state) {
  auto sid = alice().device.str();
  auto pid = bob().device.str();
  measure(state, [&] { keep(socket_io::encode_connect("/", sid, pid)); });
}
BENCHMARK(socket_io_encode_connect);

} // namespace

} // namespace carillon::micro
