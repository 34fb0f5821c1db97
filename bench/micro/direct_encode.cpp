#include "protocol/dialects/direct.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "protocol/dialects/families.hpp"

namespace carillon::micro {

namespace {

void direct_encode(benchmark::State& state, const call_event& what) {
  if (!works(state, direct::encode(what, 1234) != nullptr, "the event has no words"))
    return;
  measure(state, [&] { keep(direct::encode(what, 1234)); });
}

// Of the calls of all families, so none of them words it.
void families_encode(benchmark::State& state, const call_event& what) {
  auto who = alice();
  const ice_settings ice;
  const families::audience to{who.user, ice, noon()};
  if (!works(state, families::encode(what, to, 1234) != nullptr, "the event has no words"))
    return;
  measure(state, [&] { keep(families::encode(what, to, 1234)); });
}

event::relayed relayed(relay_kind kind) {
  return {the_call(), alice().user, kind, payload_of(kind)};
}

call_summary live_call() {
  return {the_call(), call_state::active, true, bob().user, {}, alice().device};
}

BENCHMARK_CAPTURE(direct_encode, callInitiated,
                  event::initiated{the_call(), bob().user, media_type::video, false});
BENCHMARK_CAPTURE(direct_encode, incomingCall,
                  event::incoming{the_call(), {record_of(alice().user), true}, media_type::video});
BENCHMARK_CAPTURE(direct_encode, callAccepted, event::accepted{the_call(), bob().user});
BENCHMARK_CAPTURE(direct_encode, callAcceptedConfirm, event::accepted_confirm{the_call()});
BENCHMARK_CAPTURE(direct_encode, callRejected, event::rejected{the_call(), bob().user, true});
BENCHMARK_CAPTURE(direct_encode, callRejectedConfirm, event::rejected_confirm{the_call()});
BENCHMARK_CAPTURE(direct_encode, callAnsweredElsewhere, event::answered_elsewhere{the_call()});
BENCHMARK_CAPTURE(direct_encode, callEnded,
                  event::ended{the_call(), alice().user, end_reason::hung_up, 125});
BENCHMARK_CAPTURE(direct_encode, callEndedConfirm,
                  event::ended_confirm{the_call(), call_status::completed, 125});
BENCHMARK_CAPTURE(direct_encode, userNotAvailable, event::not_available{the_call(), bob().user});
BENCHMARK_CAPTURE(direct_encode, peerReconnecting,
                  event::peer_reconnecting{the_call(), bob().user});
BENCHMARK_CAPTURE(direct_encode, peerReconnected, event::peer_reconnected{the_call(), bob().user});
BENCHMARK_CAPTURE(direct_encode, receiveOffer, relayed(relay_kind::offer));
BENCHMARK_CAPTURE(direct_encode, receiveAnswer, relayed(relay_kind::answer));
BENCHMARK_CAPTURE(direct_encode, receiveIceCandidate, relayed(relay_kind::candidate));
BENCHMARK_CAPTURE(families_encode, callState, event::call_states{{live_call()}});

} // namespace

} // namespace carillon::micro
