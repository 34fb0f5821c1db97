#include "protocol/event_log.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"

#include <cstdint>
#include <string>

namespace carillon::micro {

namespace {

/// Keeps one candidate more.
void add(event_log& log, std::uint64_t offset) {
  static const auto json = candidate_json();
  keep(log.add("receiveIceCandidate", {"{", std::string_view{json}.substr(1)}, offset, noon()));
}

// A busy device: the log is full, each event takes the place of the oldest.
void event_log_add(benchmark::State& state) {
  event_log log;
  std::uint64_t next = 0;
  while (next < 1024)
    add(log, ++next);
  measure(state, [&] { add(log, ++next); });
}
BENCHMARK(event_log_add);

// A usual device: the events of one call come, and go when they have arrived. One iteration is one
// event.
void event_log_add_and_trim(benchmark::State& state) {
  event_log log;
  std::uint64_t next = 0;
  allocation_meter meter;
  while (state.KeepRunningBatch(22)) {
    for (int i = 0; i < 22; ++i)
      add(log, ++next);
    log.trim(noon() + seconds{1});
  }
  meter.pause();
  meter.report(state);
}
BENCHMARK(event_log_add_and_trim);

// A device comes back and missed twenty events.
void event_log_since(benchmark::State& state) {
  event_log log;
  for (std::uint64_t next = 1; next <= 256; ++next)
    add(log, next);
  auto missed = log.since(236);
  if (!works(state, missed && missed->size() == 20, "the log is not what it should be"))
    return;
  measure(state, [&] { keep(log.since(236)); });
}
BENCHMARK(event_log_since);

} // namespace

} // namespace carillon::micro
