#include "protocol/policies/direct.hpp"

#include "protocol/call_address.hpp"
#include "protocol/policies/direct_steps.hpp"

#include <variant>

namespace carillon {

outcome direct_policy::run(call_core& call, call_command& cmd, time_point now) const {
  return std::visit(direct_steps{*this, call, now}, cmd);
}

void direct_policy::restored(call_core& call, time_point now) const {
  auto ringing = call.state() == call_state::ringing;
  call.legs[0].in = true;
  call.legs[1].in = !ringing;
  if (ringing && !call.record.direct().via_rest)
    call.legs[0].grace_until = now + call.settings.ring_grace;
  if (!ringing)
    for (auto& one : call.legs)
      one.grace_until = now + call.settings.reconnect_grace;
}

void direct_policy::lost(call_core& call, outcome& out, leg& who, time_point now) const {
  if (call.state() == call_state::ringing) {
    if (&who == &call.legs[0])
      who.grace_until = now + call.settings.ring_grace;
    return;
  }
  who.grace_until = now + call.settings.reconnect_grace;
  const auto& peer = direct_steps::peer_of(call, who);
  out.events.push_back(
      {direct_steps::side_of(peer), event::peer_reconnecting{call.record.id, who.user}});
}

void direct_policy::returned(call_core& call, outcome& out, leg& who, const device_id&,
                             time_point) const {
  if (call.state() != call_state::active)
    return;
  const auto& peer = direct_steps::peer_of(call, who);
  out.events.push_back(
      {direct_steps::side_of(peer), event::peer_reconnected{call.record.id, who.user}});
  if (peer.away())
    out.events.push_back(
        {one(who.user, who.bound), event::peer_reconnecting{call.record.id, peer.user}});
}

void direct_policy::met(call_core& call, outcome& out, leg& who, const device_id& device,
                        time_point) const {
  if (call.state() == call_state::ringing && &who == &call.legs[1])
    out.events.push_back({one(who.user, device), event::incoming{call.record.id, call.legs[0].view,
                                                                 call.record.direct().type}});
}

void direct_policy::gave_up(call_core& call, outcome& out, leg& who, time_point at) const {
  auto ringing = call.state() == call_state::ringing;
  call.record.direct().missed = ringing;
  direct_steps{*this, call, at}.end(out, ringing ? call_status::cancelled : call_status::completed,
                                    end_reason::connection_lost, who.user);
}

void direct_policy::rang_out(call_core& call, outcome& out, time_point at) const {
  call.record.direct().missed = true;
  direct_steps{*this, call, at}.end(out, call_status::missed, end_reason::no_answer, user_id{});
}

void direct_policy::timed_out(call_core& call, outcome& out, time_point at) const {
  direct_steps{*this, call, at}.end(out, call_status::completed, end_reason::timeout, user_id{});
}

void direct_policy::summarize(const call_core& call, const leg& who, call_summary& summary) const {
  summary.peer = call.record.peer_of(who.user);
  summary.ring_deadline = call.record.ring_deadline;
}

bool direct_policy::occupies(const call_core& call, const leg&) const {
  return call.state() != call_state::ended;
}

} // namespace carillon
