#include "protocol/call.hpp"

#include "protocol/call_address.hpp"

#include <algorithm>

namespace carillon {

namespace {

bool contains(const std::vector<device_id>& list, const device_id& what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

outcome refuse(error_code code, const call_id& call) {
  outcome out;
  out.reply = failure{code, call};
  return out;
}

} // namespace

// -- construction ------------------------------------------------------------

call call::restore(const call_settings& settings, const call_record& record, user_view caller,
                   user_view receiver, time_point now) {
  auto result = closed(settings, record);
  result.caller_view_ = std::move(caller);
  result.receiver_view_ = std::move(receiver);
  for (auto& leg : result.legs_)
    leg.synced = true;
  if (record.state() == call_state::ringing && !record.via_rest)
    result.legs_[0].grace_until = now + settings.ring_grace;
  if (record.state() == call_state::active)
    for (auto& leg : result.legs_)
      leg.grace_until = now + settings.reconnect_grace;
  return result;
}

call call::closed(const call_settings& settings, const call_record& record) {
  call result{settings};
  result.record_ = record;
  result.legs_[0].user = record.caller;
  result.legs_[1].user = record.receiver;
  return result;
}

// -- observers ---------------------------------------------------------------

std::optional<time_point> call::next_deadline() const {
  if (state() == call_state::ended)
    return std::nullopt;
  std::optional<time_point> next;
  auto consider = [&next](const std::optional<time_point>& t) {
    if (t && (!next || *t < *next))
      next = t;
  };
  consider(record_.ring_deadline);
  consider(record_.call_deadline);
  for (const auto& leg : legs_)
    consider(leg.grace_until);
  return next;
}

call_summary call::summary_for(const user_id& user) const {
  const auto& leg = leg_of(user);
  return {.call = record_.id,
          .state = state(),
          .is_caller = user == record_.caller,
          .peer = record_.peer_of(user),
          .ring_deadline = record_.ring_deadline,
          .device = leg.away() ? device_id{} : leg.bound};
}

bool call::leg_is_live_or_in_grace(const user_id& user, time_point now) const {
  const auto& leg = leg_of(user);
  if (leg.away())
    return *leg.grace_until > now;
  return leg.bound.empty() ? !leg.devices.empty() : contains(leg.devices, leg.bound);
}

call::leg_state& call::leg_of(const user_id& user) noexcept {
  return user == record_.caller ? legs_[0] : legs_[1];
}

const call::leg_state& call::leg_of(const user_id& user) const noexcept {
  return user == record_.caller ? legs_[0] : legs_[1];
}

call::leg_state& call::peer_of(const leg_state& which) noexcept {
  return &which == &legs_[0] ? legs_[1] : legs_[0];
}

// A device that rang and was not the one that accepted has no say in the call any more. Devices that
// came later, and REST, speak for the user.
bool call::lost_the_accept(const origin& by) const {
  const auto& leg = legs_[1];
  return by.user == leg.user && !by.device.empty() && !leg.bound.empty() && by.device != leg.bound
         && !contains(leg.late, by.device);
}

// -- commands ----------------------------------------------------------------

outcome call::apply(call_command cmd, time_point now) {
  return std::visit([&](auto& what) { return on(what, now); }, cmd);
}

outcome call::on(command::place& cmd, time_point now) {
  outcome out;
  record_.id = cmd.call;
  record_.caller = cmd.caller.user->id;
  record_.receiver = cmd.receiver.user->id;
  record_.type = cmd.type;
  record_.via_rest = cmd.from.device.empty();
  record_.created_at = now;
  caller_view_ = std::move(cmd.caller);
  receiver_view_ = std::move(cmd.receiver);
  caller().user = record_.caller;
  caller().bound = cmd.from.device;
  receiver().user = record_.receiver;
  if (cmd.verdict == placement::ring) {
    ring(out, cmd, now);
    return out;
  }
  auto busy = cmd.verdict == placement::receiver_busy;
  record_.missed = true;
  finish(out, call_status::missed, busy ? end_reason::busy : end_reason::offline, user_id{}, now);
  if (!cmd.from.device.empty()) {
    auto to = one(cmd.from);
    if (busy)
      out.events.push_back({to, event::rejected{record_.id, record_.receiver, true}});
    else
      out.events.push_back({to, event::not_available{record_.id, record_.receiver}});
  }
  out.reply = failure{busy ? error_code::user_busy : error_code::user_offline, record_.id};
  return out;
}

void call::ring(outcome& out, const command::place& cmd, time_point now) {
  record_.status = call_status::no_answer;
  record_.ring_deadline = now + settings_.ring_timeout;
  write(out);
  out.events.push_back({all_of(record_.receiver),
                        event::incoming{record_.id, caller_view_, record_.type}});
  // A call begun over REST is not bound to a device, so each of the caller's devices hears of it.
  out.events.push_back({cmd.from.device.empty() ? all_of(record_.caller) : one(cmd.from),
                        event::initiated{record_.id, record_.receiver, record_.type, false}, true});
  out.reply = record_;
}

outcome call::on(command::again& cmd, time_point now) {
  if (state() == call_state::ended)
    return refuse(error_code::call_not_found, record_.id);
  if (state() == call_state::active)
    return refuse(error_code::caller_busy, record_.id);
  outcome out;
  auto glare = cmd.from.user == record_.receiver;
  if (!cmd.from.device.empty())
    out.events.push_back({one(cmd.from),
                          event::initiated{record_.id, cmd.receiver, record_.type, glare}, true});
  if (glare) {
    answer(out, cmd.from, now);
  } else if (caller().away() && !cmd.from.device.empty()) {
    caller().bound = cmd.from.device;
    returned(out, caller());
    check_leg(out, caller(), now);
  }
  out.reply = record_;
  return out;
}

outcome call::on(command::accept& cmd, time_point now) {
  if (cmd.from.user != record_.receiver)
    return refuse(error_code::not_authorized, record_.id);
  if (state() != call_state::ringing)
    return refuse(error_code::already_processed, record_.id);
  outcome out;
  answer(out, cmd.from, now);
  out.reply = record_;
  return out;
}

outcome call::on(command::reject& cmd, time_point now) {
  if (cmd.from.user != record_.receiver)
    return refuse(error_code::not_authorized, record_.id);
  if (state() != call_state::ringing)
    return refuse(error_code::already_processed, record_.id);
  outcome out;
  decline(out, cmd.from, now);
  out.reply = record_;
  return out;
}

outcome call::on(command::end& cmd, time_point now) {
  if (!record_.has(cmd.from.user))
    return refuse(error_code::not_authorized, record_.id);
  outcome out;
  if (state() == call_state::active && !lost_the_accept(cmd.from)) {
    finish(out, call_status::completed, end_reason::hung_up, cmd.from.user, now);
    tell_end(out, caller());
    tell_end(out, receiver());
  } else if (state() == call_state::ringing && cmd.from.user == record_.caller) {
    record_.missed = true;
    finish(out, call_status::cancelled, end_reason::cancelled, cmd.from.user, now);
    tell_end(out, receiver());
    tell_end(out, caller(), cmd.from.device);
  } else if (state() == call_state::ringing) {
    decline(out, cmd.from, now);
  }
  // Also for a call that is over: the guide's client answers `callEnded` with another `endCall`.
  confirm_end(out, cmd.from);
  out.reply = record_;
  return out;
}

outcome call::on(command::relay& cmd, time_point now) {
  if (!record_.has(cmd.from.user))
    return refuse(error_code::not_authorized, record_.id);
  if (state() == call_state::ended)
    return refuse(error_code::call_not_found, record_.id);
  auto& sender = leg_of(cmd.from.user);
  auto& peer = peer_of(sender);
  if (cmd.to != peer.user)
    return refuse(error_code::not_authorized, record_.id);
  outcome out;
  if (auto why = claim(out, sender, cmd.from.device, now))
    return refuse(*why, record_.id);
  if (state() == call_state::ringing) {
    if (sender.early.size() >= settings_.early_relays)
      return refuse(error_code::early_relay_limit, record_.id);
    sender.early.push_back({cmd.from.device, cmd.kind, std::move(cmd.payload)});
  } else {
    // To the lost device too: its session keeps what it misses while it may still resume.
    auto to = peer.bound.empty() ? all_of(peer.user) : one(peer.user, peer.bound);
    out.events.push_back({std::move(to), event::relayed{record_.id, std::move(cmd.from.user),
                                                        cmd.kind, std::move(cmd.payload)}});
  }
  out.reply = record_;
  return out;
}

// Whether `device` may signal for the leg; binds an unbound leg to it.
std::optional<error_code> call::claim(outcome& out, leg_state& sender, const device_id& device,
                                      time_point now) {
  if (&sender == &receiver() && state() == call_state::ringing)
    return std::nullopt; // which device accepts is not known yet
  if (sender.away() && contains(sender.late, device)) {
    sender.bound = device;
    returned(out, sender);
    return std::nullopt;
  }
  if (sender.bound.empty() && !sender.away()) {
    sender.bound = device;
    if (&sender == &receiver())
      out.events.push_back({knowing(sender.user, device), event::answered_elsewhere{record_.id}});
    check_leg(out, sender, now);
    return std::nullopt;
  }
  if (sender.away() || sender.bound != device)
    return error_code::not_authorized;
  return std::nullopt;
}

outcome call::on(command::presence& cmd, time_point now) {
  outcome out;
  if (state() == call_state::ended || !record_.has(cmd.user))
    return out;
  auto& who = leg_of(cmd.user);
  auto before = std::exchange(who.devices, std::move(cmd.devices));
  // The first list is exactly the devices that the ring reached (or, for the caller, had already).
  auto first = !std::exchange(who.synced, true);
  std::erase_if(who.late, [&](const device_id& d) { return !contains(who.devices, d); });
  check_leg(out, who, now);
  if (!first)
    for (const auto& device : std::vector<device_id>{who.devices})
      if (!contains(before, device))
        device_came(out, who, device);
  return out;
}

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
  receiver().late.clear();
  write(out);
  if (by.device.empty()) {
    out.events.push_back({all_of(record_.receiver), event::accepted_confirm{record_.id}});
  } else {
    out.events.push_back({one(by), event::accepted_confirm{record_.id}});
    out.events.push_back({knowing(record_.receiver, by.device),
                          event::answered_elsewhere{record_.id}});
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
                                           std::move(kept.payload)}});
    }
    sender.early = {};
  }
}

void call::decline(outcome& out, const origin& by, time_point now) {
  finish(out, call_status::rejected, end_reason::rejected, by.user, now);
  if (!by.device.empty())
    out.events.push_back({one(by), event::rejected_confirm{record_.id}, true});
  out.events.push_back({knowing(record_.caller),
                        event::rejected{record_.id, record_.receiver, false}});
  tell_end(out, receiver(), by.device);
}

void call::finish(outcome& out, call_status as, end_reason why, const user_id& by,
                  time_point at) {
  record_.status = as;
  record_.reason = why;
  record_.ended_by = by;
  record_.ended_at = at;
  if (record_.started_at)
    record_.duration_s = std::max<std::int64_t>(
      0, std::chrono::floor<seconds>(at - *record_.started_at).count());
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
  out.events.push_back({knowing(who.user, except),
                        event::ended{record_.id, record_.ended_by, record_.reason,
                                     record_.duration_s}});
}

void call::confirm_end(outcome& out, const origin& by) const {
  if (!by.device.empty())
    out.events.push_back({one(by),
                          event::ended_confirm{record_.id, record_.status, record_.duration_s},
                          true});
}

void call::device_came(outcome& out, leg_state& who, const device_id& device) {
  if (state() == call_state::ringing && &who == &receiver()) {
    out.events.push_back({one(who.user, device),
                          event::incoming{record_.id, caller_view_, record_.type}});
    return;
  }
  if (who.away()) {
    who.bound = device;
    returned(out, who);
    return;
  }
  if (device != who.bound)
    who.late.push_back(device);
}

void call::returned(outcome& out, leg_state& who) {
  who.grace_until.reset();
  std::erase(who.late, who.bound);
  if (state() != call_state::active)
    return;
  const auto& peer = peer_of(who);
  out.events.push_back({state_address(peer.user, peer.bound, peer.away()),
                        event::peer_reconnected{record_.id, who.user}});
  if (peer.away())
    out.events.push_back({one(who.user, who.bound),
                          event::peer_reconnecting{record_.id, peer.user}});
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

// A bound leg lives as long as its device, one begun over REST as long as its user has any. Commands and
// presence come by different ways: a leg can be bound to a device that is known to be gone.
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
