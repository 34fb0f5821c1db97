#include "protocol/user_session.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "protocol/call_address.hpp"

namespace carillon::micro {

namespace {

call_summary summary(call_state now) {
  return {the_call(), now, true, bob().user, {}, alice().device};
}

// One device, one call: what a relay needs.
void user_session_recipients(benchmark::State& state) {
  user_session session;
  keep(session.attach(alice().device));
  session.update(summary(call_state::active));
  auto to = one(alice());
  auto id = the_call();
  if (!works(state, session.recipients(to, id).size() == 1, "nobody is told"))
    return;
  measure(state, [&] { keep(session.recipients(to, id)); });
}
BENCHMARK(user_session_recipients);

// One user's share of a call with ten candidates each way.
void user_session_whole_call(benchmark::State& state) {
  user_session session;
  keep(session.attach(alice().device));
  auto ringing = summary(call_state::ringing);
  auto active = summary(call_state::active);
  auto to_all = all_of(alice().user);
  auto to_one = one(alice());
  auto to_knowing = knowing(alice().user);
  measure(state, [&] {
    session.update(ringing);
    keep(session.recipients(to_all, ringing.call));
    session.update(active);
    for (int i = 0; i < 12; ++i)
      keep(session.recipients(to_one, active.call));
    keep(session.in_call(to_one.device));
    keep(session.recipients(to_knowing, active.call));
    session.drop(active.call);
  });
}
BENCHMARK(user_session_whole_call);

void user_session_attach_detach(benchmark::State& state) {
  user_session session;
  auto device = alice().device;
  measure(state, [&] {
    keep(session.attach(device));
    keep(session.detach(device));
  });
}
BENCHMARK(user_session_attach_detach);

} // namespace

} // namespace carillon::micro
