#include "protocol/client_link.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "protocol/dialects/direct.hpp"

namespace carillon::micro {

namespace {

wire_event_ptr relayed(relay_kind kind) {
  return direct::encode(event::relayed{the_call(), alice().user, kind, payload_of(kind)}, 1234);
}

// The first receiver of an event frames it, the others only take the frame.
void frame_socket_io(benchmark::State& state, relay_kind kind) {
  measure_prepared(
      state, usual_batch, [&] { return relayed(kind); },
      [](wire_event_ptr& event) { keep(event->socket_io()); });
}
BENCHMARK_CAPTURE(frame_socket_io, candidate, relay_kind::candidate);
BENCHMARK_CAPTURE(frame_socket_io, offer, relay_kind::offer);

void frame_socket_io_again(benchmark::State& state) {
  auto event = relayed(relay_kind::candidate);
  measure(state, [&] { keep(event->socket_io()); });
}
BENCHMARK(frame_socket_io_again);

void frame_plain(benchmark::State& state, relay_kind kind) {
  measure_prepared(
      state, usual_batch, [&] { return relayed(kind); },
      [](wire_event_ptr& event) { keep(event->plain()); });
}
BENCHMARK_CAPTURE(frame_plain, candidate, relay_kind::candidate);
BENCHMARK_CAPTURE(frame_plain, offer, relay_kind::offer);

} // namespace

} // namespace carillon::micro
