#include "protocol/call.hpp"

#include "protocol/call_address.hpp"
#include "protocol/device_list.hpp"

#include <algorithm>

// What the commands of `call.cpp` and the deadlines have in common.

namespace carillon {

// -- time --------------------------------------------------------------------

outcome call::expire(time_point now) {
  outcome out;
  if (state() == call_state::ringing)
    expire_ringing(out, now);
  else if (state() == call_state::active)
    expire_active(out, now);
  return out;
}

void call::expire_ringing(outcome& out, time_point now) {
  auto due = next_deadline();
  if (!due || *due > now)
    return;
  record_.missed = true;
  if (caller().away() && *caller().grace_until == *due)
    finish(out, call_status::cancelled, end_reason::connection_lost, record_.caller, *due);
  else
    finish(out, call_status::missed, end_reason::no_answer, user_id{}, *due);
  tell_end(out, caller());
  tell_end(out, receiver());
}

void call::expire_active(outcome& out, time_point now) {
  auto due = next_deadline();
  if (!due || *due > now)
    return;
  for (const auto& leg : legs_)
    if (state() == call_state::active && leg.away() && *leg.grace_until == *due)
      finish(out, call_status::completed, end_reason::connection_lost, leg.user, *due);
  if (state() == call_state::active)
    finish(out, call_status::completed, end_reason::timeout, user_id{}, *due);
  tell_end(out, caller());
  tell_end(out, receiver());
}

// -- steps -------------------------------------------------------------------

void call::answer(outcome& out, const origin& by, time_point now) {
  record_.status = call_status::active;
  record_.started_at = now;
  record_.ring_deadline.reset();
  if (settings_.call_timeout.count() > 0)
    record_.call_deadline = now + settings_.call_timeout;
  receiver().bound = by.device;
  if (!by.device.empty())
    pass_over(receiver());
  write(out);
  if (by.device.empty()) {
    out.events.push_back({all_of(record_.receiver), event::accepted_confirm{record_.id}});
  } else {
    out.events.push_back({one(by), event::accepted_confirm{record_.id}});
    out.events.push_back(
        {knowing(record_.receiver, by.device), event::answered_elsewhere{record_.id}});
  }
  out.events.push_back({state_address(caller().user, caller().bound, caller().away()),
                        event::accepted{record_.id, record_.receiver}});
  hand_over_early(out);
  // A caller who is away while it rings has the longer grace from here on, like any active leg.
  if (caller().away())
    leg_lost(out, caller(), now);
  for (auto& leg : legs_)
    check_leg(out, leg, now);
}

void call::hand_over_early(outcome& out) {
  for (auto& sender : legs_) {
    const auto& peer = peer_of(sender);
    for (auto& kept : sender.early) {
      if (&sender == &receiver() && !receiver().bound.empty() && kept.sender != receiver().bound)
        continue; // from a device that did not win
      out.events.push_back({peer.bound.empty() ? all_of(peer.user) : one(peer.user, peer.bound),
                            event::relayed{record_.id, sender.user, kept.kind,
                                           std::move(kept.payload), std::move(kept.under_way)}});
    }
    sender.early = {};
  }
}

void call::decline(outcome& out, const origin& by, time_point now) {
  finish(out, call_status::rejected, end_reason::rejected, by.user, now);
  if (!by.device.empty())
    out.events.push_back({one(by), event::rejected_confirm{record_.id}, true});
  out.events.push_back(
      {knowing(record_.caller), event::rejected{record_.id, record_.receiver, false}});
  tell_end(out, receiver(), by.device);
}

void call::finish(outcome& out, call_status as, end_reason why, const user_id& by, time_point at) {
  record_.status = as;
  record_.reason = why;
  record_.ended_by = by;
  record_.ended_at = at;
  if (record_.started_at)
    record_.duration_s =
        std::max<std::int64_t>(0, std::chrono::floor<seconds>(at - *record_.started_at).count());
  record_.ring_deadline.reset();
  record_.call_deadline.reset();
  for (auto& leg : legs_) {
    leg.grace_until.reset();
    leg.early = {};
  }
  out.ended = true;
  write(out);
}

void call::tell_end(outcome& out, const leg_state& who, const device_id& except) const {
  out.events.push_back(
      {knowing(who.user, except),
       event::ended{record_.id, record_.ended_by, record_.reason, record_.duration_s}});
}

void call::confirm_end(outcome& out, const origin& by) const {
  if (!by.device.empty())
    out.events.push_back(
        {one(by), event::ended_confirm{record_.id, record_.status, record_.duration_s}, true});
}

// The first device that signals for a leg begun over REST gets it.
void call::bind_unbound(outcome& out, leg_state& who, const device_id& device, time_point now) {
  who.bound = device;
  pass_over(who);
  if (&who == &receiver())
    out.events.push_back({knowing(who.user, device), event::answered_elsewhere{record_.id}});
  check_leg(out, who, now);
}

// The leg is bound: the other devices that were there have lost it.
void call::pass_over(leg_state& who) {
  who.losers = who.seen;
  std::erase(who.losers, who.bound);
}

// A device that was here before has only its connection back: it rang already, and it does not take
// a leg from the device that has it.
void call::device_came(outcome& out, leg_state& who, const device_id& device) {
  auto returns = contains(who.seen, device);
  if (!returns)
    who.seen.push_back(device);
  if (state() == call_state::ringing && &who == &receiver()) {
    if (!returns)
      out.events.push_back(
          {one(who.user, device), event::incoming{record_.id, caller_view_, record_.type}});
  } else if (who.away() && (!returns || device == who.bound)) {
    who.bound = device;
    returned(out, who);
  }
}

void call::returned(outcome& out, leg_state& who) {
  who.grace_until.reset();
  if (state() != call_state::active)
    return;
  const auto& peer = peer_of(who);
  out.events.push_back({state_address(peer.user, peer.bound, peer.away()),
                        event::peer_reconnected{record_.id, who.user}});
  if (peer.away())
    out.events.push_back(
        {one(who.user, who.bound), event::peer_reconnecting{record_.id, peer.user}});
}

void call::leg_lost(outcome& out, leg_state& who, time_point now) {
  if (state() == call_state::ringing) {
    if (&who == &caller())
      who.grace_until = now + settings_.ring_grace;
    return;
  }
  who.grace_until = now + settings_.reconnect_grace;
  const auto& peer = peer_of(who);
  out.events.push_back({state_address(peer.user, peer.bound, peer.away()),
                        event::peer_reconnecting{record_.id, who.user}});
}

// A bound leg lives as long as its device, one begun over REST as long as its user has any.
// Commands and presence come by different ways: a leg can be bound to a device that is known to be
// gone.
void call::check_leg(outcome& out, leg_state& who, time_point now) {
  if (!who.synced || who.away())
    return;
  auto unbound = who.bound.empty();
  if (unbound ? state() == call_state::active && who.devices.empty()
              : !contains(who.devices, who.bound))
    leg_lost(out, who, now);
}

void call::write(outcome& out) {
  ++record_.version;
  out.record = record_;
}

} // namespace carillon
