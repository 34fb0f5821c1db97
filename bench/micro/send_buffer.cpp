#include "net/send_buffer.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"

#include <string>

namespace carillon::micro {

namespace {

// Frames are added and written; one iteration is one frame, `range(0)` of them leave in one write.
void send_buffer_add(benchmark::State& state, relay_kind kind) {
  auto head = std::string{"42[\"receiveIt\","};
  auto data = relay_data(kind);
  auto burst = state.range(0);
  net::send_buffer waiting{256, 1 << 20};
  auto round = [&] {
    for (std::int64_t i = 0; i < burst; ++i)
      waiting.add(net::ws::opcode::text, {head, data, ",\"1234\"]"});
    keep(waiting.rest());
    waiting.wrote(waiting.rest().size());
  };
  round();
  allocation_meter meter;
  while (state.KeepRunningBatch(burst))
    round();
  meter.pause();
  meter.report(state);
}
BENCHMARK_CAPTURE(send_buffer_add, candidate, relay_kind::candidate)->Arg(1)->Arg(2)->Arg(22);
BENCHMARK_CAPTURE(send_buffer_add, offer, relay_kind::offer)->Arg(1);

} // namespace

} // namespace carillon::micro
