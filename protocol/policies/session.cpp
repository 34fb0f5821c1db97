#include "protocol/policies/session.hpp"

#include "protocol/call_address.hpp"
#include "protocol/policies/session_steps.hpp"

#include <algorithm>
#include <variant>

namespace carillon {

namespace {

// More than were ever on their way to the store.
constexpr std::uint32_t versions_uncommitted = 65536;
// Far less than changes can follow one another for long; and after a day what a second crash within
// milliseconds may do matters less than that the numbers last.
constexpr milliseconds one_version{10};
constexpr std::chrono::hours day{24};

} // namespace

std::uint32_t version_after_restart(const call_record& record, time_point now) {
  auto age = std::clamp<milliseconds>(now - record.created_at, milliseconds{0}, day);
  return record.version + versions_uncommitted + static_cast<std::uint32_t>(age / one_version);
}

outcome session_policy::run(call_core& call, call_command& cmd, time_point now) const {
  return std::visit(session_steps{*this, call, now}, cmd);
}

void session_policy::restored(call_core& call, time_point now) const {
  call.record.version = version_after_restart(call.record, now);
  for (auto& who : call.legs) {
    const auto& person = call.person(who);
    if (!person.in())
      continue;
    call_core::enter(who, person.device);
    who.grace_until = now + call.settings.reconnect_grace;
  }
}

void session_policy::lost(call_core& call, outcome&, leg& who, time_point now) const {
  who.grace_until = now + call.settings.reconnect_grace;
}

void session_policy::returned(call_core& call, outcome& out, leg& who, const device_id& before,
                              time_point now) const {
  if (who.bound != before)
    session_steps{*this, call, now}.move(out, who, before);
}

void session_policy::met(call_core& call, outcome& out, leg& who, const device_id& device,
                         time_point now) const {
  session_steps{*this, call, now}.invite(out, who, one(who.user, device));
}

void session_policy::gave_up(call_core& call, outcome& out, leg& who, time_point at) const {
  session_steps{*this, call, at}.take_out(out, who, true);
}

void session_policy::rang_out(call_core& call, outcome& out, time_point at) const {
  session_steps step{*this, call, at};
  const auto& people = call.record.people;
  if (std::none_of(people.begin(), people.end(),
                   [](const participant& p) { return p.joined_at.has_value(); })) {
    step.end(out, end_reason::no_answer, user_id{});
    return;
  }
  call.record.ring_deadline.reset();
  step.expire_invitations();
  call.write(out);
}

void session_policy::timed_out(call_core& call, outcome& out, time_point at) const {
  session_steps{*this, call, at}.end(out, end_reason::timeout, user_id{});
}

void session_policy::summarize(const call_core& call, const leg& who, call_summary& summary) const {
  const auto& part = call.record.session();
  summary.type = part.facts->type;
  summary.joined = who.in;
  if (call.person(who).invited == invitation::pending)
    summary.ring_deadline = part.invited_until;
}

bool session_policy::occupies(const call_core& call, const leg& who) const {
  return call.state() != call_state::ended && who.live();
}

} // namespace carillon
