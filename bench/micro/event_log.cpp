#include "protocol/event_log.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"

#include <string>
#include <vector>

namespace carillon::micro {

namespace {

/// Candidates with offsets from 1.
std::vector<wire_event_ptr> candidates(std::size_t count) {
  std::vector<wire_event_ptr> made;
  for (std::size_t i = 1; i <= count; ++i)
    made.push_back(std::make_shared<const wire_event>("receiveIceCandidate", candidate_json(), i));
  return made;
}

// A busy device: the log is full, each event takes the place of the oldest.
void event_log_add(benchmark::State& state) {
  auto events = candidates(1024);
  event_log log;
  for (const auto& event : events)
    log.add(event, noon());
  std::size_t next = 0;
  measure(state, [&] { log.add(events[next++ % events.size()], noon()); });
}
BENCHMARK(event_log_add);

// A usual device: the events of one call come, and go when they have arrived. One iteration is one
// event.
void event_log_add_and_trim(benchmark::State& state) {
  auto events = candidates(22);
  event_log log;
  allocation_meter meter;
  while (state.KeepRunningBatch(22)) {
    for (const auto& event : events)
      log.add(event, noon());
    log.trim(noon() + seconds{1});
  }
  meter.pause();
  meter.report(state);
}
BENCHMARK(event_log_add_and_trim);

// A device comes back and missed twenty events.
void event_log_since(benchmark::State& state) {
  auto events = candidates(256);
  event_log log;
  for (const auto& event : events)
    log.add(event, noon());
  auto missed = log.since(236);
  if (!works(state, missed && missed->size() == 20, "the log is not what it should be"))
    return;
  measure(state, [&] { keep(log.since(236)); });
}
BENCHMARK(event_log_since);

} // namespace

} // namespace carillon::micro
