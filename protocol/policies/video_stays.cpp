#include "protocol/device_list.hpp"
#include "protocol/policies/video.hpp"
#include "protocol/policies/video_steps.hpp"

#include <utility>

// How users come into a video call, stay, and leave it.

namespace carillon {

namespace {

end_reason reason_of(event::video_left::why why) {
  switch (why) {
  case event::video_left::why::connection_lost:
    return end_reason::connection_lost;
  case event::video_left::why::timeout:
    return end_reason::timeout;
  default:
    return end_reason::last_left;
  }
}

} // namespace

// -- joining -----------------------------------------------------------------

outcome video_steps::operator()(command::enter_call& cmd) {
  const auto& record = call_.record;
  if (!is_seen_by(cmd.from, cmd.as_admin))
    return call_.refuse(error_code::call_not_found);
  if (call_.state() == call_state::ended)
    return call_.refuse(error_code::call_over);
  auto* found = call_.find(cmd.from.user);
  outcome out;
  if (found && found->in) {
    if (cmd.from.device.empty())
      return answer_unchanged(cmd.from.user);
    bind(out, *found, cmd.from.device);
    policy_.check_leg(call_, out, *found, now_);
    out.reply = record;
    return out;
  }
  if (record.count_in() >= facts().seats
      || (!found && record.people.size() >= call_.settings.max_people))
    return call_.refuse(error_code::call_full);
  auto& who = found ? *found : admit(out, cmd.who);
  begin_stay(who, cmd.from.device);
  write(out);
  tell_all(out, event::video_joined{snapshot(), call_.person(who), who.view.user->display_name()});
  policy_.check_leg(call_, out, who, now_);
  out.reply = record;
  return out;
}

leg& video_steps::admit(outcome& out, const user_view& who) {
  participant person;
  person.user = who.user->id;
  person.invited = invitation::none;
  call_.record.people.push_back(std::move(person));
  leg made;
  made.user = who.user->id;
  made.view = who;
  call_.legs.push_back(std::move(made));
  out.newcomers.push_back(who);
  return call_.legs.back();
}

void video_steps::begin_stay(leg& who, const device_id& device) {
  auto& person = change(who);
  person.entered_at = now_;
  if (!person.joined_at)
    person.joined_at = now_;
  person.left_at.reset();
  person.dropped = false;
  person.device = device;
  if (person.invited != invitation::none && person.invited != invitation::accepted) {
    person.invited = invitation::accepted;
    person.responded_at = now_;
  }
  call_core::enter(who, device);
  // Of a newcomer's devices nothing is known yet; if there are some, the lease ends at once.
  if (device.empty() && who.devices.empty())
    who.leased_until = person.lease_until = now_ + call_.settings.rest_lease;
}

void video_steps::bind(outcome& out, leg& who, const device_id& device) {
  if (who.bound != device) {
    call_core::enter(who, device);
    who.grace_until.reset();
  } else if (contains(who.devices, device)) {
    who.grace_until.reset(); // else its device may as well be lost for good
  }
  keep_by_device(out, who);
}

void video_steps::keep_by_device(outcome& out, leg& who) {
  const auto& stands = call_.person(who);
  if (!who.leased_until && stands.device == who.bound)
    return;
  who.leased_until.reset();
  auto& person = change(who);
  person.lease_until.reset();
  person.device = who.bound;
  write(out);
}

// -- leaving -----------------------------------------------------------------

outcome video_steps::operator()(command::leave& cmd) {
  if (!is_seen_by(cmd.from, cmd.as_admin))
    return call_.refuse(error_code::call_not_found);
  auto* who = call_.find(cmd.from.user);
  if (!who || !call_.person(*who).joined_at)
    return call_.refuse(error_code::not_in_call);
  outcome out;
  if (who->in)
    take_out(out, *who, event::video_left::why::left, user_id{});
  out.reply = call_.record; // who left before gets the same again
  return out;
}

std::optional<error_code> video_steps::why_not_removed(const command::kick& cmd) const {
  const auto* by = call_.find(cmd.from.user);
  const auto* target = call_.find(cmd.whom);
  auto mine = by ? call_.person(*by).role : participant_role::participant;
  auto its = target ? call_.person(*target).role : participant_role::participant;
  auto may = cmd.as_admin || mine == participant_role::admin
             || (mine == participant_role::moderator && its == participant_role::participant);
  if (!may || cmd.whom == call_.record.caller)
    return error_code::not_authorized;
  if (!target || !target->in)
    return error_code::not_in_call;
  return std::nullopt;
}

outcome video_steps::operator()(command::kick& cmd) {
  if (!is_seen_by(cmd.from, cmd.as_admin))
    return call_.refuse(error_code::call_not_found);
  if (auto why = why_not_removed(cmd))
    return call_.refuse(*why);
  touch(call_.find(cmd.from.user));
  outcome out;
  take_out(out, *call_.find(cmd.whom), event::video_left::why::kicked, cmd.from.user);
  out.reply = call_.record;
  return out;
}

void video_steps::take_out(outcome& out, leg& who, event::video_left::why why, const user_id& by) {
  auto& person = change(who);
  person.leave(now_);
  person.dropped = why == event::video_left::why::connection_lost;
  call_core::part(who);
  write(out);
  tell_all(out, event::video_left{snapshot(), person, why, by});
  if (call_.record.count_in() == 0)
    end(out, call_status::ended, reason_of(why), who.user);
}

} // namespace carillon
