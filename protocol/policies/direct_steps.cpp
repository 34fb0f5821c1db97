#include "protocol/policies/direct_steps.hpp"

#include "protocol/call_address.hpp"
#include "protocol/device_list.hpp"
#include "protocol/policies/direct.hpp"

#include <utility>

namespace carillon {

const leg& direct_steps::peer_of(const call_core& call, const leg& who) {
  return &who == &call.legs[0] ? call.legs[1] : call.legs[0];
}

address direct_steps::side_of(const leg& who) {
  return state_address(who.user, who.bound, who.away());
}

// A device that rang while another one got the call has no say in it any more. Other devices, and
// REST, speak for the user.
bool direct_steps::lost_the_accept(const origin& by) {
  return by.user == receiver().user && contains(receiver().losers, by.device);
}

// -- ringing -------------------------------------------------------------------

outcome direct_steps::operator()(command::place& cmd) {
  auto& record = call_.record;
  record.id = cmd.call;
  record.caller = cmd.caller.user->id;
  record.created_at = now_;
  record.part = direct_part{cmd.receiver.user->id, cmd.type, false, cmd.from.device.empty()};
  call_.legs.resize(2);
  caller().user = record.caller;
  caller().view = std::move(cmd.caller);
  receiver().user = record.direct().receiver;
  receiver().view = std::move(cmd.receiver);
  call_core::enter(caller(), cmd.from.device);
  outcome out;
  if (cmd.verdict == placement::ring) {
    ring(out, cmd.from);
    return out;
  }
  auto busy = cmd.verdict == placement::receiver_busy;
  record.direct().missed = true;
  call_.finish(out, call_status::missed, busy ? end_reason::busy : end_reason::offline, user_id{},
               now_);
  if (!cmd.from.device.empty()) {
    auto to = one(cmd.from);
    if (busy)
      out.events.push_back({to, event::rejected{record.id, receiver().user, true}});
    else
      out.events.push_back({to, event::not_available{record.id, receiver().user}});
  }
  out.reply = failure{busy ? error_code::user_busy : error_code::user_offline, record.id};
  return out;
}

void direct_steps::ring(outcome& out, const origin& by) {
  auto& record = call_.record;
  const auto& part = record.direct();
  record.status = call_status::no_answer;
  record.ring_deadline = now_ + call_.settings.ring_timeout;
  call_.write(out);
  out.events.push_back(
      {all_of(part.receiver), event::incoming{record.id, caller().view, part.type}});
  // A call begun over REST is not bound to a device, so each of the caller's devices hears of it.
  out.events.push_back({by.device.empty() ? all_of(record.caller) : one(by),
                        event::initiated{record.id, part.receiver, part.type, false}, true});
  out.reply = record;
}

outcome direct_steps::operator()(command::again& cmd) {
  if (call_.state() == call_state::ended)
    return call_.refuse(error_code::call_not_found);
  if (call_.state() == call_state::active)
    return call_.refuse(error_code::caller_busy);
  outcome out;
  const auto& part = call_.record.direct();
  auto glare = cmd.from.user == part.receiver;
  if (!cmd.from.device.empty())
    out.events.push_back(
        {one(cmd.from), event::initiated{call_.record.id, cmd.receiver, part.type, glare}, true});
  if (glare) {
    answer(out, cmd.from);
  } else if (caller().away() && !cmd.from.device.empty()) {
    come_back(out, caller(), cmd.from.device);
    policy_.check_leg(call_, out, caller(), now_);
  }
  out.reply = call_.record;
  return out;
}

outcome direct_steps::operator()(command::accept& cmd) {
  if (cmd.from.user != receiver().user)
    return call_.refuse(error_code::not_authorized);
  if (call_.state() != call_state::ringing)
    return call_.refuse(error_code::already_processed);
  outcome out;
  answer(out, cmd.from);
  out.reply = call_.record;
  return out;
}

void direct_steps::answer(outcome& out, const origin& by) {
  call_.start(call_.settings.call_timeout, now_);
  call_.record.ring_deadline.reset();
  call_core::enter(receiver(), by.device);
  call_.write(out);
  const auto& id = call_.record.id;
  if (by.device.empty()) {
    out.events.push_back({all_of(by.user), event::accepted_confirm{id}});
  } else {
    out.events.push_back({one(by), event::accepted_confirm{id}});
    out.events.push_back({knowing(by.user, by.device), event::answered_elsewhere{id}});
  }
  out.events.push_back({side_of(caller()), event::accepted{id, by.user}});
  hand_over_early(out);
  // A caller that is away begins a grace of the active call.
  if (caller().away())
    policy_.lost(call_, out, caller(), now_);
  for (auto& one : call_.legs)
    policy_.check_leg(call_, out, one, now_);
}

outcome direct_steps::operator()(command::reject& cmd) {
  if (cmd.from.user != receiver().user)
    return call_.refuse(error_code::not_authorized);
  if (call_.state() != call_state::ringing)
    return call_.refuse(error_code::already_processed);
  outcome out;
  decline(out, cmd.from);
  out.reply = call_.record;
  return out;
}

void direct_steps::decline(outcome& out, const origin& by) {
  call_.finish(out, call_status::rejected, end_reason::rejected, by.user, now_);
  const auto& record = call_.record;
  if (!by.device.empty())
    out.events.push_back({one(by), event::rejected_confirm{record.id}, true});
  out.events.push_back(
      {knowing(record.caller), event::rejected{record.id, receiver().user, false}});
  tell_end(out, receiver(), by.device);
}

// -- the end -------------------------------------------------------------------

outcome direct_steps::operator()(command::end& cmd) {
  if (!call_.record.has(cmd.from.user))
    return call_.refuse(error_code::not_authorized);
  outcome out;
  if (call_.state() == call_state::active && !lost_the_accept(cmd.from)) {
    end(out, call_status::completed, end_reason::hung_up, cmd.from.user);
  } else if (call_.state() == call_state::ringing && cmd.from.user == call_.record.caller) {
    call_.record.direct().missed = true;
    call_.finish(out, call_status::cancelled, end_reason::cancelled, cmd.from.user, now_);
    tell_end(out, receiver());
    tell_end(out, caller(), cmd.from.device);
  } else if (call_.state() == call_state::ringing) {
    decline(out, cmd.from);
  }
  // Also for a call that is over: the guide's client answers `callEnded` with another `endCall`.
  confirm_end(out, cmd.from);
  out.reply = call_.record;
  return out;
}

void direct_steps::end(outcome& out, call_status as, end_reason why, const user_id& by) {
  call_.finish(out, as, why, by, now_);
  tell_end(out, caller());
  tell_end(out, receiver());
}

void direct_steps::tell_end(outcome& out, const leg& who, const device_id& except) {
  const auto& record = call_.record;
  out.events.push_back({knowing(who.user, except), event::ended{record.id, record.ended_by,
                                                                record.reason, record.duration_s}});
}

void direct_steps::confirm_end(outcome& out, const origin& by) {
  const auto& record = call_.record;
  if (!by.device.empty())
    out.events.push_back(
        {one(by), event::ended_confirm{record.id, record.status, record.duration_s}, true});
}

// -- relays --------------------------------------------------------------------

outcome direct_steps::operator()(command::relay& cmd) {
  if (!call_.record.has(cmd.from.user))
    return call_.refuse(error_code::not_authorized);
  if (call_.state() == call_state::ended)
    return call_.refuse(error_code::call_not_found);
  auto& sender = *call_.find(cmd.from.user);
  if (cmd.to != peer_of(call_, sender).user)
    return call_.refuse(error_code::not_authorized);
  outcome out;
  if (auto why = claim(out, sender, cmd.from.device))
    return call_.refuse(*why);
  kept_relay what{cmd.from.device, cmd.kind, std::move(cmd.payload), std::move(cmd.under_way)};
  if (call_.state() == call_state::active)
    pass_on(out, sender, std::move(what));
  else if (sender.early.size() >= call_.settings.early_relays)
    return call_.refuse(error_code::early_relay_limit);
  else
    sender.early.push_back(std::move(what));
  out.reply = call_.record;
  return out;
}

// To the lost device too: its session keeps what it misses while it may still resume.
void direct_steps::pass_on(outcome& out, const leg& sender, kept_relay what) {
  const auto& peer = peer_of(call_, sender);
  out.events.push_back(
      {peer.bound.empty() ? all_of(peer.user) : one(peer.user, peer.bound),
       event::relayed{call_.record.id, sender.user, what.kind, std::move(what.payload),
                      std::move(what.sender), call_kind::direct, std::move(what.under_way)}});
}

void direct_steps::hand_over_early(outcome& out) {
  for (auto& sender : call_.legs) {
    for (auto& kept : sender.early) {
      auto lost =
          &sender == &receiver() && !receiver().bound.empty() && kept.sender != receiver().bound;
      if (!lost)
        pass_on(out, sender, std::move(kept));
    }
    sender.early = {};
  }
}

// Whether `device` may signal for the leg; binds an unbound leg to it.
std::optional<error_code> direct_steps::claim(outcome& out, leg& sender, const device_id& device) {
  if (&sender == &receiver() && call_.state() == call_state::ringing)
    return std::nullopt; // whoever accepts gets the leg
  if (sender.away() && contains(sender.devices, device) && !contains(sender.losers, device)) {
    come_back(out, sender, device);
    return std::nullopt;
  }
  if (sender.bound.empty() && !sender.away()) {
    bind_unbound(out, sender, device);
    return std::nullopt;
  }
  if (sender.away() || sender.bound != device)
    return error_code::not_authorized;
  return std::nullopt;
}

void direct_steps::come_back(outcome& out, leg& who, const device_id& device) {
  auto before = std::exchange(who.bound, device);
  who.grace_until.reset();
  policy_.returned(call_, out, who, before, now_);
}

// The first device that signals for a leg begun over REST gets it.
void direct_steps::bind_unbound(outcome& out, leg& who, const device_id& device) {
  call_core::enter(who, device);
  if (&who == &receiver())
    out.events.push_back({knowing(who.user, device), event::answered_elsewhere{call_.record.id}});
  policy_.check_leg(call_, out, who, now_);
}

} // namespace carillon
