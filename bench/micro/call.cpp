#include "protocol/call.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"

#include <memory>
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

// -- sessions ------------------------------------------------------------------

origin member(std::uint64_t number) {
  return {nth_user(number), device_id{hex_id(1000 + number)}, call_kind::session};
}

/// A session in which all of `members` are in.
call full_session(std::uint64_t members) {
  call machine{call_settings{}, call_kind::session};
  command::open opening{member(0), the_call(), std::make_shared<session_facts>(), {}};
  for (std::uint64_t i = 0; i < members; ++i)
    opening.people.push_back({record_of(member(i).user), true});
  keep(machine.apply(std::move(opening), noon()));
  for (std::uint64_t i = 0; i < members; ++i) {
    keep(machine.apply(command::presence{member(i).user, {member(i).device}}, noon()));
    keep(machine.apply(command::join{member(i), the_call(), {}}, noon()));
  }
  return machine;
}

/// What goes the slow way: the first of a connection, and what goes to somebody who is away.
void session_relay(benchmark::State& state) {
  auto machine = full_session(static_cast<std::uint64_t>(state.range(0)));
  auto relayed = [&] {
    return call_command{command::relay{member(0),
                                       the_call(),
                                       {},
                                       relay_kind::candidate,
                                       payload_of(relay_kind::candidate),
                                       member(1).device}};
  };
  if (!works(state, machine.apply(relayed(), noon()).events.size() == 1, "nothing is relayed"))
    return;
  measure_prepared(state, usual_batch, relayed,
                   [&](call_command& step) { keep(machine.apply(std::move(step), noon())); });
}
BENCHMARK(session_relay)->Arg(2)->Arg(8);

/// One leaves a session and comes back; the others hear of it.
void session_leave_and_join(benchmark::State& state) {
  auto members = static_cast<std::uint64_t>(state.range(0));
  auto machine = full_session(members);
  auto left = machine;
  if (!works(state,
             left.apply(command::leave{member(0), the_call()}, noon()).events.size() == members - 1,
             "nobody is told"))
    return;
  measure(state, [&] {
    keep(machine.apply(command::leave{member(0), the_call()}, noon()));
    keep(machine.apply(command::join{member(0), the_call(), {}}, noon()));
  });
}
BENCHMARK(session_leave_and_join)->Arg(3)->Arg(8);

void session_routes(benchmark::State& state) {
  auto machine = full_session(static_cast<std::uint64_t>(state.range(0)));
  measure(state, [&] { keep(machine.routes()); });
}
BENCHMARK(session_routes)->Arg(2)->Arg(8);

// -- all kinds -------------------------------------------------------------------

void call_next_deadline(benchmark::State& state) {
  auto machine = active_call();
  measure(state, [&] { keep(machine.next_deadline()); });
}
BENCHMARK(call_next_deadline);

} // namespace

} // namespace carillon::micro
