#include "protocol/call.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"

#include <vector>

namespace carillon::micro {

namespace {

/// One of Alice's.
command::relay relay(relay_kind kind) {
  return {alice(), the_call(), bob().user, kind, payload_of(kind)};
}

command::relay answered(relay_kind kind) {
  return {bob(), the_call(), alice().user, kind, payload_of(kind)};
}

/// What makes a ringing call of a new one, and then an active one.
std::vector<call_command> beginning() {
  return {command::place{alice(),
                         the_call(),
                         {record_of(alice().user), true},
                         {record_of(bob().user), true},
                         media_type::video,
                         placement::ring},
          command::presence{alice().user, {alice().device}},
          command::presence{bob().user, {bob().device}}, command::accept{bob(), the_call()}};
}

/// All commands of a call with `candidates` each way.
std::vector<call_command> whole_call(std::int64_t candidates) {
  auto steps = beginning();
  steps.emplace_back(relay(relay_kind::offer));
  steps.emplace_back(answered(relay_kind::answer));
  for (std::int64_t i = 0; i < candidates; ++i) {
    steps.emplace_back(relay(relay_kind::candidate));
    steps.emplace_back(answered(relay_kind::candidate));
  }
  steps.emplace_back(command::end{alice(), the_call()});
  return steps;
}

call active_call() {
  call machine{call_settings{}};
  for (auto& step : beginning())
    keep(machine.apply(std::move(step), noon()));
  return machine;
}

void call_whole(benchmark::State& state) {
  auto candidates = state.range(0);
  measure_prepared(
      state, 8, [&] { return whole_call(candidates); },
      [&](std::vector<call_command>& steps) {
        call machine{call_settings{}};
        for (auto& step : steps)
          keep(machine.apply(std::move(step), noon()));
        keep(machine);
      });
}
BENCHMARK(call_whole)->Arg(0)->Arg(10);

void call_relay(benchmark::State& state, relay_kind kind) {
  auto machine = active_call();
  if (!works(state, machine.apply(relay(kind), noon()).events.size() == 1, "nothing is relayed"))
    return;
  measure_prepared(
      state, usual_batch, [&] { return call_command{relay(kind)}; },
      [&](call_command& step) { keep(machine.apply(std::move(step), noon())); });
}
BENCHMARK_CAPTURE(call_relay, candidate, relay_kind::candidate);
BENCHMARK_CAPTURE(call_relay, offer, relay_kind::offer);

void call_next_deadline(benchmark::State& state) {
  auto machine = active_call();
  measure(state, [&] { keep(machine.next_deadline()); });
}
BENCHMARK(call_next_deadline);

} // namespace

} // namespace carillon::micro
