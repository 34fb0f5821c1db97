#include "protocol/call.hpp"

#include "protocol/call_address.hpp"
#include "protocol/device_list.hpp"

#include <utility>

namespace carillon {

namespace {

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

std::vector<relay_route> call::routes() const {
  auto ready = [](const leg_state& leg) { return !leg.bound.empty() && !leg.away(); };
  if (state() != call_state::active || !ready(legs_[0]) || !ready(legs_[1]))
    return {};
  origin caller{legs_[0].user, legs_[0].bound};
  origin receiver{legs_[1].user, legs_[1].bound};
  return {{caller, {receiver}}, {receiver, {caller}}};
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

// A device that rang while another one got the call has no say in it any more. Other devices, and
// REST, speak for the user.
bool call::lost_the_accept(const origin& by) const {
  return by.user == record_.receiver && contains(legs_[1].losers, by.device);
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
  out.events.push_back(
      {all_of(record_.receiver), event::incoming{record_.id, caller_view_, record_.type}});
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
    out.events.push_back(
        {one(cmd.from), event::initiated{record_.id, cmd.receiver, record_.type, glare}, true});
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
    sender.early.push_back(
        {cmd.from.device, cmd.kind, std::move(cmd.payload), std::move(cmd.under_way)});
  } else {
    // To the lost device too: its session keeps what it misses while it may still resume.
    auto to = peer.bound.empty() ? all_of(peer.user) : one(peer.user, peer.bound);
    out.events.push_back(
        {std::move(to), event::relayed{record_.id, std::move(cmd.from.user), cmd.kind,
                                       std::move(cmd.payload), std::move(cmd.under_way)}});
  }
  out.reply = record_;
  return out;
}

// Whether `device` may signal for the leg; binds an unbound leg to it.
std::optional<error_code> call::claim(outcome& out, leg_state& sender, const device_id& device,
                                      time_point now) {
  if (&sender == &receiver() && state() == call_state::ringing)
    return std::nullopt; // which device accepts is not known yet
  if (sender.away() && contains(sender.devices, device) && !contains(sender.losers, device)) {
    sender.bound = device;
    returned(out, sender);
    return std::nullopt;
  }
  if (sender.bound.empty() && !sender.away()) {
    bind_unbound(out, sender, device, now);
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
  if (first) {
    who.seen = who.devices;
    if (!who.bound.empty())
      pass_over(who);
  }
  check_leg(out, who, now);
  if (!first)
    for (const auto& device : std::vector<device_id>{who.devices})
      if (!contains(before, device))
        device_came(out, who, device);
  return out;
}

} // namespace carillon
