#include "net/outbox.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "net/inbox.hpp"
#include "net/rate_limits.hpp"

#include <memory>
#include <string>

namespace carillon::micro {

namespace {

net::frame candidate_frame() { return std::make_shared<const std::string>(candidate_json()); }

// One iteration is one frame; `range(0)` of them wait at a time.
void outbox_push_pop(benchmark::State& state) {
  auto frame = candidate_frame();
  auto burst = state.range(0);
  net::outbox waiting{256, 1 << 20};
  allocation_meter meter;
  while (state.KeepRunningBatch(burst)) {
    for (std::int64_t i = 0; i < burst; ++i)
      keep(waiting.push(frame));
    while (auto next = waiting.pop())
      keep(next);
  }
  meter.pause();
  meter.report(state);
}
BENCHMARK(outbox_push_pop)->Arg(1)->Arg(2)->Arg(22);

// What another thread leaves for a connection.
void inbox_leave_take(benchmark::State& state) {
  auto frame = candidate_frame();
  auto burst = state.range(0);
  net::inbox left{256};
  allocation_meter meter;
  while (state.KeepRunningBatch(burst)) {
    for (std::int64_t i = 0; i < burst; ++i)
      keep(left.leave(frame));
    keep(left.take());
  }
  meter.pause();
  meter.report(state);
}
BENCHMARK(inbox_leave_take)->Arg(1)->Arg(22);

// Each event of a device takes a token.
void token_bucket_take(benchmark::State& state) {
  net::token_bucket bucket;
  const net::rate at{50, 200};
  net::instant now{};
  measure(state, [&] {
    now += std::chrono::milliseconds{25};
    keep(bucket.take(at, now));
  });
}
BENCHMARK(token_bucket_take);

} // namespace

} // namespace carillon::micro
