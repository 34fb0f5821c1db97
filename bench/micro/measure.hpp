#pragma once

#include "bench/micro/allocations.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <utility>
#include <vector>

namespace carillon::micro {

/// Counts what the measured code of one thread allocates, from the meter's making on.
class allocation_meter {
public:
  allocation_meter() noexcept
    : began_(allocated()) {}

  void pause() noexcept {
    auto now = allocated();
    counted_.calls += now.calls - began_.calls;
    counted_.bytes += now.bytes - began_.bytes;
  }
  void resume() noexcept { began_ = allocated(); }

  /// Puts the counts of one iteration beside its time. Once, paused.
  void report(benchmark::State& state) const {
    auto each = [](std::uint64_t sum) {
      return benchmark::Counter(static_cast<double>(sum), benchmark::Counter::kAvgIterations);
    };
    state.counters["allocs"] = each(counted_.calls);
    state.counters["alloc_bytes"] = each(counted_.bytes);
  }

private:
  allocation_count began_;
  allocation_count counted_;
};

/// Keeps the compiler from leaving out what made `what`.
template <class T>
void keep(T&& what) {
  benchmark::DoNotOptimize(what);
}

/// Measures `step()`; one iteration is one step. The first step is not measured: buffers that are
/// kept from then on (a parser's) are made in it.
template <class Step>
void measure(benchmark::State& state, Step step) {
  step();
  allocation_meter meter;
  for (auto _ : state)
    step();
  meter.pause();
  meter.report(state);
}

/// Measures `step(thing)` for things that `make()` gives, made out of the measured time and `batch`
/// at a time; one iteration is one step. What a step leaves of its thing is freed unmeasured too.
template <class Make, class Step>
void measure_prepared(benchmark::State& state, std::size_t batch, Make make, Step step) {
  std::vector<decltype(make())> things;
  things.reserve(batch);
  allocation_meter meter;
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(batch))) {
    state.PauseTiming();
    meter.pause();
    things.clear();
    while (things.size() < batch)
      things.push_back(make());
    meter.resume();
    state.ResumeTiming();
    for (auto& thing : things)
      step(thing);
  }
  meter.pause();
  meter.report(state);
}

/// How many things are made at a time where one step is short: few enough to stay in the caches,
/// enough that stopping the clock does not count.
inline constexpr std::size_t usual_batch = 128;

/// Whether what is to be measured works at all; the benchmark fails with `what` if it does not.
[[nodiscard]] inline bool works(benchmark::State& state, bool yes, const char* what) {
  if (!yes)
    state.SkipWithError(what);
  return yes;
}

} // namespace carillon::micro
