#include "protocol/policies/video.hpp"

#include "protocol/call_address.hpp"
#include "protocol/policies/video_steps.hpp"

#include <variant>

namespace carillon {

outcome video_policy::run(call_core& call, call_command& cmd, time_point now) const {
  return std::visit(video_steps{*this, call, now}, cmd);
}

void video_policy::restored(call_core& call, time_point now) const {
  for (auto& who : call.legs) {
    const auto& person = call.person(who);
    if (!person.in())
      continue;
    call_core::enter(who, person.device);
    who.leased_until = person.lease_until;
    if (!who.leased_until)
      who.grace_until = now + call.settings.reconnect_grace;
  }
}

void video_policy::lost(call_core& call, outcome&, leg& who, time_point now) const {
  if (!who.leased_until)
    who.grace_until = now + call.settings.reconnect_grace;
}

void video_policy::returned(call_core& call, outcome& out, leg& who, const device_id& before,
                            time_point now) const {
  if (before.empty())
    who.bound = {}; // begun over REST: any of its devices will do, not just this one
  video_steps{*this, call, now}.keep_by_device(out, who);
}

void video_policy::met(call_core& call, outcome& out, leg& who, const device_id& device,
                       time_point now) const {
  video_steps{*this, call, now}.announce(out, who, one(who.user, device));
}

void video_policy::gave_up(call_core& call, outcome& out, leg& who, time_point at) const {
  using why = event::video_left::why;
  video_steps{*this, call, at}.take_out(
      out, who, who.leased_until ? why::timeout : why::connection_lost, user_id{});
}

void video_policy::rang_out(call_core& call, outcome& out, time_point at) const {
  video_steps{*this, call, at}.give_up_waiting(out);
}

void video_policy::timed_out(call_core& call, outcome& out, time_point at) const {
  video_steps{*this, call, at}.expire_invitations(out);
}

void video_policy::summarize(const call_core& call, const leg& who, call_summary& summary) const {
  const auto& part = call.record.video();
  const auto& person = call.person(who);
  summary.shown_as = part.facts->call_id;
  summary.role = person.role;
  summary.joined = who.in;
  if (person.invited == invitation::pending)
    summary.ring_deadline = part.invited_until;
}

bool video_policy::occupies(const call_core&, const leg&) const { return false; }

} // namespace carillon
