#include "protocol/policies/video_steps.hpp"

#include "protocol/call_address.hpp"
#include "protocol/policies/video.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace carillon {

namespace {

participant_role role_of(std::string_view word) {
  auto role = parse_participant_role(word);
  return role == participant_role::admin || role == participant_role::moderator
             ? *role
             : participant_role::participant;
}

} // namespace

// -- what steps share --------------------------------------------------------

participant& video_steps::change(const leg& who) {
  auto& person = call_.person(who);
  person.version = call_.record.version + 1;
  return person;
}

bool video_steps::is_seen_by(const origin& by, bool as_admin) const {
  return as_admin || facts().open() || call_.find(by.user) != nullptr;
}

bool video_steps::touch(leg* who) {
  auto until = now_ + call_.settings.rest_lease;
  if (!who || !who->leased_until || *who->leased_until == until)
    return false;
  who->leased_until = change(*who).lease_until = until;
  return true;
}

outcome video_steps::answer_unchanged(const user_id& asker) {
  outcome out;
  if (touch(call_.find(asker)))
    write(out);
  out.reply = call_.record;
  return out;
}

void video_steps::settle() {
  auto& record = call_.record;
  const auto& people = record.people;
  record.call_deadline.reset();
  record.ring_deadline.reset();
  if (std::any_of(people.begin(), people.end(),
                  [](const participant& p) { return p.invited == invitation::pending; }))
    record.call_deadline = record.video().invited_until;
  if (record.started_at && std::none_of(people.begin(), people.end(), [](const participant& p) {
        return p.joined_at.has_value();
      }))
    record.ring_deadline = *record.started_at + call_.settings.first_join_timeout;
}

void video_steps::write(outcome& out) {
  settle();
  call_.record.video().updated_at = now_;
  call_.write(out);
}

std::shared_ptr<const call_record> video_steps::snapshot() const {
  return std::make_shared<const call_record>(call_.record);
}

void video_steps::tell_all(outcome& out, const call_event& what) {
  out.events.reserve(out.events.size() + call_.legs.size());
  for (const auto& who : call_.legs)
    out.events.push_back({all_of(who.user), what, true});
}

// -- creating ----------------------------------------------------------------

outcome video_steps::operator()(command::create& cmd) {
  if (call_.record.version > 0) {
    if (cmd.from.user != call_.record.caller || cmd.facts->call_id != facts().call_id)
      return call_.refuse(error_code::video_call_exists);
    return answer_unchanged(cmd.from.user);
  }
  begin(cmd);
  outcome out;
  write(out);
  tell_all(out, event::video_created{snapshot()});
  out.reply = call_.record;
  return out;
}

void video_steps::begin(command::create& cmd) {
  auto& record = call_.record;
  record.id = cmd.call;
  record.caller = cmd.people.front().user->id;
  record.status = call_status::created;
  record.created_at = now_;
  record.part = video_part{std::move(cmd.facts), now_ + call_.settings.invitation_ttl, now_};
  for (std::size_t i = 0; i < cmd.people.size(); ++i) {
    participant person;
    person.user = cmd.people[i].user->id;
    person.version = 1;
    person.role = i == 0 ? participant_role::admin : role_of(facts().members[i - 1].role);
    person.invited = i == 0 ? invitation::none : invitation::pending;
    record.people.push_back(std::move(person));
    leg who;
    who.user = record.people.back().user;
    who.view = std::move(cmd.people[i]);
    call_.legs.push_back(std::move(who));
  }
}

void video_steps::announce(outcome& out, const leg& who, address to) {
  if (call_.person(who).invited == invitation::pending)
    out.events.push_back({std::move(to), event::video_created{snapshot()}, true});
}

// -- status ------------------------------------------------------------------

outcome video_steps::operator()(command::set_status& cmd) {
  if (!is_seen_by(cmd.from, cmd.as_admin))
    return call_.refuse(error_code::call_not_found);
  if (cmd.from.user != call_.record.caller)
    return call_.refuse(error_code::not_authorized);
  auto waits = call_.state() == call_state::ringing;
  auto lives = call_.state() != call_state::ended;
  outcome out;
  if (cmd.status == call_status::active && waits) {
    call_.start(std::chrono::minutes{0}, now_); // it has no call timeout
    touch(call_.find(cmd.from.user));
    write(out);
    tell_all(out, event::video_updated{snapshot()});
  } else if (cmd.status == call_status::ended && lives) {
    end(out, call_status::ended, end_reason::hung_up, cmd.from.user);
  } else if (cmd.status == call_status::cancelled && waits) {
    end(out, call_status::cancelled, end_reason::cancelled, cmd.from.user);
  } else {
    return call_.refuse(error_code::invalid_status_change);
  }
  out.reply = call_.record;
  return out;
}

outcome video_steps::operator()(command::end& cmd) {
  // In the family's own words a status ends it.
  if (cmd.from.family != call_kind::stream || !is_seen_by(cmd.from, cmd.as_admin))
    return call_.refuse(error_code::call_not_found);
  if (cmd.from.user != call_.record.caller && !cmd.as_admin)
    return call_.refuse(error_code::not_authorized);
  outcome out;
  if (call_.state() != call_state::ended)
    end(out, call_status::ended, end_reason::hung_up, cmd.from.user);
  out.reply = call_.record;
  return out;
}

void video_steps::give_up_waiting(outcome& out) {
  const auto& people = call_.record.people;
  if (std::none_of(people.begin(), people.end(),
                   [](const participant& p) { return p.joined_at.has_value(); }))
    end(out, call_status::ended, end_reason::no_answer, user_id{});
  else // a row that was changed by hand; whatever else it says, the deadline is not to stay
    write(out);
}

void video_steps::end(outcome& out, call_status as, end_reason why, const user_id& by) {
  lapse();
  call_.record.video().updated_at = now_;
  call_.finish(out, as, why, by, now_);
  tell_all(out, event::video_ended{snapshot()});
}

// -- invitations -------------------------------------------------------------

outcome video_steps::operator()(command::answer_invitation& cmd) {
  if (!is_seen_by(cmd.from, cmd.as_admin))
    return call_.refuse(error_code::call_not_found);
  auto* who = call_.find(cmd.from.user);
  if (!who || call_.person(*who).invited == invitation::none)
    return call_.refuse(error_code::not_invited_to_call);
  if (call_.state() == call_state::ended)
    return call_.refuse(error_code::call_over);
  auto wanted = cmd.accepts ? invitation::accepted : invitation::declined;
  auto stands = call_.person(*who).invited;
  if (stands == wanted)
    return answer_unchanged(cmd.from.user);
  if (stands == invitation::expired || now_ >= call_.record.video().invited_until)
    return call_.refuse(error_code::invitation_expired);
  if (who->in) // nobody declines from inside
    return call_.refuse(error_code::invalid_status_change);
  auto& person = change(*who);
  person.invited = wanted;
  person.responded_at = now_;
  outcome out;
  write(out);
  tell_all(out, event::video_updated{snapshot()});
  out.reply = call_.record;
  return out;
}

bool video_steps::lapse() {
  auto any = false;
  for (const auto& who : call_.legs)
    if (call_.person(who).invited == invitation::pending) {
      change(who).invited = invitation::expired;
      any = true;
    }
  return any;
}

void video_steps::expire_invitations(outcome& out) {
  auto any = lapse();
  write(out); // in any case: the deadline is not to stay
  if (any)
    tell_all(out, event::video_updated{snapshot()});
}

} // namespace carillon
