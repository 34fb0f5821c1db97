#include "protocol/call.hpp"

#include "protocol/device_list.hpp"
#include "protocol/policies/direct.hpp"
#include "protocol/policies/session.hpp"
#include "protocol/policies/video.hpp"

#include <algorithm>
#include <utility>

namespace carillon {

namespace {

/// In whose words a command was given.
call_kind family_of(const call_command& cmd) {
  return std::visit(
      [](const auto& what) {
        if constexpr (requires { what.from; })
          return what.from.family;
        else
          return call_kind::direct;
      },
      cmd);
}

/// When a command last changed what the record holds.
time_point changed_at(const call_record& record) {
  auto last = std::max(record.created_at, record.started_at.value_or(time_point{}));
  for (const auto& who : record.people)
    for (auto at : {who.responded_at, who.entered_at, who.left_at})
      last = std::max(last, at.value_or(time_point{}));
  if (const auto* video = std::get_if<video_part>(&record.part))
    last = std::max(last, video->updated_at);
  return last;
}

} // namespace

const call_policy& policy_of(call_kind kind) noexcept {
  static const direct_policy direct;
  static const session_policy session;
  static const video_policy video;
  if (kind == call_kind::session)
    return session;
  if (kind == call_kind::video)
    return video;
  return direct;
}

// -- construction ------------------------------------------------------------

call call::restore(const call_settings& settings, const call_record& record,
                   std::vector<user_view> users, time_point now) {
  auto result = closed(settings, record);
  result.core_.changed_at = changed_at(record);
  auto& legs = result.core_.legs;
  for (std::size_t i = 0; i < legs.size(); ++i) {
    legs[i].view = std::move(users[i]);
    legs[i].synced = true;
  }
  result.policy_->restored(result.core_, now);
  return result;
}

call call::closed(const call_settings& settings, const call_record& record) {
  call result{settings, record.kind()};
  result.core_.record = record;
  for (auto& user : record.users()) {
    leg one;
    one.user = std::move(user);
    result.core_.legs.push_back(std::move(one));
  }
  return result;
}

// -- observers ---------------------------------------------------------------

call_summary call::summary_for(const user_id& user) const {
  call_summary summary;
  summary.call = core_.record.id;
  summary.kind = core_.record.kind();
  summary.state = state();
  summary.is_caller = user == core_.record.caller;
  if (const auto* who = core_.find(user)) {
    summary.away = who->away();
    summary.device = summary.away ? device_id{} : who->bound;
    policy_->summarize(core_, *who, summary);
  }
  return summary;
}

bool call::occupies(const user_id& user) const {
  const auto* who = core_.find(user);
  return who && policy_->occupies(core_, *who);
}

bool call::leg_is_live_or_in_grace(const user_id& user, time_point now) const {
  const auto* who = core_.find(user);
  if (!who || !who->in)
    return false;
  if (who->away())
    return *who->grace_until > now;
  if (who->leased_until)
    return *who->leased_until > now;
  return who->bound.empty() ? !who->devices.empty() : contains(who->devices, who->bound);
}

// -- commands ----------------------------------------------------------------

outcome call::apply(call_command cmd, time_point now) {
  if (auto* what = std::get_if<command::presence>(&cmd))
    return on(*what, now);
  if (auto* what = std::get_if<command::report_quality>(&cmd))
    return on(*what, now);
  // A machine that was not opened yet does not know of its kind. The words of `stream` are about
  // calls of any.
  if (!std::holds_alternative<command::open>(cmd) && !std::holds_alternative<command::create>(cmd)
      && family_of(cmd) != core_.record.kind() && family_of(cmd) != call_kind::stream)
    return core_.refuse(error_code::call_not_found);
  auto out = policy_->run(core_, cmd, now);
  if (out.record)
    core_.changed_at = now;
  return out;
}

outcome call::on(command::report_quality& cmd, time_point now) {
  // A session's words are for sessions; those of direct calls name calls of all kinds, as
  // `call_states` does.
  auto as_session = cmd.from.family == call_kind::session;
  if (state() == call_state::ended || (as_session && core_.record.kind() != call_kind::session))
    return core_.refuse(error_code::call_not_found);
  auto* who = core_.find(cmd.from.user);
  // Over REST, and for a leg that has no device yet, any device of the user speaks.
  if (!who || !who->in
      || (!cmd.from.device.empty() && !who->bound.empty() && cmd.from.device != who->bound))
    return core_.refuse(error_code::not_authorized);
  if (who->reported) {
    auto next = *who->reported + core_.settings.quality_interval;
    if (now < next)
      return core_.refuse(error_code::rate_limited,
                          static_cast<int>(std::chrono::ceil<seconds>(next - now).count()));
  }
  who->reported = now;
  outcome out;
  out.sample = std::move(cmd.sample);
  out.sample->call = core_.record.id;
  out.sample->user = who->user;
  out.sample->at = now;
  out.sample->mos = mos_of(*out.sample);
  out.reply = core_.record;
  return out;
}

// -- devices -----------------------------------------------------------------

outcome call::on(command::presence& cmd, time_point now) {
  outcome out;
  auto* found = core_.find(cmd.user);
  if (state() == call_state::ended || !found)
    return out;
  auto& who = *found;
  auto before = std::exchange(who.devices, std::move(cmd.devices));
  who.lost = std::move(cmd.lost);
  // The first list is exactly the devices that the ring reached (or, for the caller, had already).
  auto first = !std::exchange(who.synced, true);
  if (first) {
    who.seen = who.devices;
    if (!who.bound.empty())
      call_core::enter(who, who.bound);
  }
  if (who.leased_until && !who.devices.empty())
    policy_->returned(core_, out, who, device_id{who.bound}, now);
  policy_->check_leg(core_, out, who, now);
  if (first)
    return out;
  // A leg whose own device is back does not move to another one that came with it.
  if (who.away() && contains(who.devices, who.bound))
    device_came(out, who, device_id{who.bound}, now);
  for (const auto& device : std::vector{who.devices})
    if (!contains(before, device))
      device_came(out, who, device, now);
  return out;
}

// A device that was here before has only its connection back: it was told already, and it does not
// take a leg from the device that has it.
void call::device_came(outcome& out, leg& who, const device_id& device, time_point now) {
  auto returns = contains(who.seen, device);
  if (!returns)
    who.seen.push_back(device);
  if (!who.away()) {
    if (!returns)
      policy_->met(core_, out, who, device, now);
  } else if (!returns || device == who.bound || who.bound.empty()) {
    auto before = std::exchange(who.bound, device);
    who.grace_until.reset();
    policy_->returned(core_, out, who, before, now);
  }
}

void call_policy::check_leg(call_core& call, outcome& out, leg& who, time_point now) const {
  if (!who.synced || !who.in || who.away())
    return;
  auto unbound = who.bound.empty();
  if (unbound ? (call.state() == call_state::active || call.record.kind() == call_kind::video)
                    && who.devices.empty()
              : !contains(who.devices, who.bound))
    lost(call, out, who, now);
}

// -- deadlines ---------------------------------------------------------------

outcome call::expire(time_point now) {
  outcome out;
  for (auto due = next_deadline(); due && *due <= now; due = next_deadline()) {
    auto gone = std::find_if(core_.legs.begin(), core_.legs.end(),
                             [&](const leg& one) {
                               return one.grace_until == due || one.leased_until == due;
                             });
    auto rang_out = core_.record.ring_deadline == due;
    // Timers may be late; but nothing ends before it became what it was.
    auto at = std::max(*due, core_.changed_at);
    if (gone != core_.legs.end())
      policy_->gave_up(core_, out, *gone, at);
    else if (rang_out)
      policy_->rang_out(core_, out, at);
    else
      policy_->timed_out(core_, out, at);
  }
  return out;
}

} // namespace carillon
