#include "net/ws_frames.hpp"

#include "bench/load/ws_frame.hpp"
#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "protocol/utf8.hpp"

#include <string>

namespace carillon::micro {

namespace {

using net::ws::frame_reader;

// Frames of a client as one read brings them; one iteration is one frame. The reader unmasks in
// place, so that each round masks again what the one before unmasked: the same work.
void ws_read(benchmark::State& state, relay_kind kind) {
  auto frames = state.range(0);
  std::string bytes;
  for (std::int64_t i = 0; i < frames; ++i)
    load::ws::append_frame(bytes, load::ws::opcode::text, "42" + relay_data(kind), 0xA1B2'C3D4);
  frame_reader reader{0};
  std::int64_t got = 0;
  auto round = [&] {
    reader.feed(bytes.data(), bytes.size());
    for (auto item = reader.next(); item.what == frame_reader::event::text; item = reader.next()) {
      keep(item);
      ++got;
    }
  };
  round();
  if (!works(state, got == frames, "frames are missing"))
    return;
  allocation_meter meter;
  while (state.KeepRunningBatch(frames))
    round();
  meter.pause();
  meter.report(state);
}
BENCHMARK_CAPTURE(ws_read, candidate, relay_kind::candidate)->Arg(1)->Arg(22);
BENCHMARK_CAPTURE(ws_read, offer, relay_kind::offer)->Arg(1);

void utf8_check(benchmark::State& state, relay_kind kind) {
  auto text = relay_data(kind);
  measure(state, [&] {
    keep(text);
    keep(is_utf8(text));
  });
}
BENCHMARK_CAPTURE(utf8_check, candidate, relay_kind::candidate);
BENCHMARK_CAPTURE(utf8_check, offer, relay_kind::offer);

} // namespace

} // namespace carillon::micro
