#include "protocol/policies/session_steps.hpp"

#include "protocol/call_address.hpp"
#include "protocol/device_list.hpp"
#include "protocol/policies/session.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace carillon {

participant& session_steps::change(const leg& who) {
  auto& person = call_.person(who);
  person.version = call_.record.version + 1;
  return person;
}

// -- who hears -------------------------------------------------------------------

template <class Event>
void session_steps::tell_others(outcome& out, const leg& who, const Event& what) {
  for (const auto& other : call_.legs)
    if (other.in && &other != &who)
      out.events.push_back({one(other.user, other.bound), what});
}

void session_steps::tell_joined(outcome& out, const leg& who) {
  auto list = std::make_shared<session_now>();
  list->call = call_.record.id;
  list->facts = call_.record.session().facts;
  list->version = call_.record.version;
  for (const auto& other : call_.legs)
    if (other.in) {
      list->in.push_back(call_.person(other));
      list->names.push_back(other.view.user->display_name());
    }
  out.events.push_back({one(who.user, who.bound), event::session_joined{std::move(list)}});
}

// `who` has its leg on a device, or under a peer id, that the others do not know.
void session_steps::tell_arrival(outcome& out, const leg& who, const device_id& previous) {
  const auto& record = call_.record;
  tell_joined(out, who);
  if (who.bound != previous)
    out.events.push_back(
        {knowing(who.user, who.bound), event::taken_elsewhere{record.id, who.bound}});
  tell_others(out, who,
              event::user_joined{record.id, call_.person(who), who.view.user->display_name(),
                                 previous, record.version});
}

void session_steps::invite(outcome& out, const leg& who, address to) {
  if (call_.person(who).invited != invitation::pending)
    return;
  const auto& part = call_.record.session();
  out.events.push_back({std::move(to), event::invited{call_.record.id, call_.legs.front().view,
                                                      part.facts, part.invited_until}});
}

// -- opening ---------------------------------------------------------------------

outcome session_steps::operator()(command::open& cmd) {
  auto& record = call_.record;
  record.id = cmd.call;
  record.caller = cmd.people.front().user->id;
  record.status = call_status::waiting;
  record.created_at = now_;
  record.ring_deadline = now_ + call_.settings.ring_timeout;
  if (call_.settings.session_timeout.count() > 0)
    record.call_deadline = now_ + call_.settings.session_timeout;
  record.part = session_part{std::move(cmd.facts), *record.ring_deadline};
  for (auto& view : cmd.people) {
    participant person;
    person.user = view.user->id;
    person.version = 1;
    if (record.people.empty()) {
      person.role = participant_role::initiator;
      person.invited = invitation::none;
    }
    record.people.push_back(std::move(person));
    leg who;
    who.user = view.user->id;
    who.view = std::move(view);
    call_.legs.push_back(std::move(who));
  }
  outcome out;
  call_.write(out);
  for (const auto& who : call_.legs)
    invite(out, who, all_of(who.user));
  out.reply = record;
  return out;
}

// -- joining ---------------------------------------------------------------------

std::optional<error_code> session_steps::why_not(const leg* who) const {
  if (call_.state() == call_state::ended)
    return error_code::call_not_found;
  if (!who)
    return error_code::not_invited;
  // Who is away keeps the seat until its grace is over.
  if (!who->in && call_.record.count_in() >= facts().seats)
    return error_code::session_full;
  return std::nullopt;
}

outcome session_steps::operator()(command::ask_to_join& cmd) {
  if (auto why = why_not(call_.find(cmd.from.user)))
    return call_.refuse(*why);
  outcome out;
  out.reply = call_.record;
  return out;
}

outcome session_steps::operator()(command::join& cmd) {
  auto* found = call_.find(cmd.from.user);
  if (auto why = why_not(found))
    return call_.refuse(*why);
  if (cmd.from.device.empty())
    return call_.refuse(error_code::not_authorized); // a leg needs a socket
  auto& who = *found;
  if (who.in && who.bound == cmd.from.device)
    return join_again(who, cmd);
  outcome out;
  auto previous = who.bound;
  auto& person = change(who);
  person.device = cmd.from.device;
  person.peer_id = std::move(cmd.peer_id);
  if (!who.in)
    begin_stay(person);
  call_core::enter(who, cmd.from.device);
  who.grace_until.reset();
  if (call_.state() == call_state::ringing && call_.record.count_in() >= 2)
    call_.start(call_.settings.session_timeout, now_);
  call_.write(out);
  tell_arrival(out, who, previous);
  policy_.check_leg(call_, out, who, now_);
  out.reply = call_.record;
  return out;
}

// The device that has the leg asks again: perhaps it missed the list, perhaps it has a new peer id.
outcome session_steps::join_again(leg& who, const command::join& cmd) {
  outcome out;
  // News of devices come by another way; without them the leg may as well be lost for good.
  if (contains(who.devices, who.bound))
    who.grace_until.reset();
  if (cmd.peer_id.empty() || cmd.peer_id == call_.person(who).peer_id) {
    tell_joined(out, who);
  } else {
    change(who).peer_id = cmd.peer_id;
    call_.write(out);
    tell_arrival(out, who, who.bound);
  }
  out.reply = call_.record;
  return out;
}

void session_steps::begin_stay(participant& who) {
  who.entered_at = now_;
  if (!who.joined_at)
    who.joined_at = now_;
  who.left_at.reset();
  who.dropped = false;
  who.media = {facts().video, facts().audio, false};
  who.note_media();
  if (who.invited == invitation::pending || who.invited == invitation::expired) {
    who.invited = invitation::accepted;
    who.responded_at = now_;
  }
}

void session_steps::move(outcome& out, leg& who, const device_id& before) {
  change(who).device = who.bound;
  call_.write(out);
  tell_arrival(out, who, before);
}

// -- inside ----------------------------------------------------------------------

// The sender's leg, which only the device that has it, or REST, speaks for; else null.
leg* session_steps::leg_of(const origin& by) {
  auto* who = call_.find(by.user);
  return who && who->in && (by.device.empty() || by.device == who->bound) ? who : nullptr;
}

outcome session_steps::operator()(command::set_media& cmd) {
  if (call_.state() == call_state::ended)
    return call_.refuse(error_code::call_not_found);
  auto* who = leg_of(cmd.from);
  if (!who)
    return call_.refuse(error_code::not_authorized);
  if (cmd.sharing.value_or(false) && !facts().may_share)
    return call_.refuse(error_code::screen_share_refused);
  const auto& now = call_.person(*who).media;
  media_state wanted{cmd.video.value_or(now.video), cmd.audio.value_or(now.audio),
                     cmd.sharing.value_or(now.sharing)};
  outcome out;
  if (wanted != now) {
    auto& person = change(*who);
    person.media = wanted;
    person.note_media();
    call_.write(out);
  }
  tell_others(out, *who, event::media_changed{call_.record.id, who->user, who->bound, wanted});
  out.reply = call_.record;
  return out;
}

outcome session_steps::operator()(command::relay& cmd) {
  if (call_.state() == call_state::ended)
    return call_.refuse(error_code::call_not_found);
  const auto* who = leg_of(cmd.from);
  if (!who)
    return call_.refuse(error_code::not_authorized);
  const auto& legs = call_.legs;
  auto to = std::find_if(legs.begin(), legs.end(), [&](const leg& other) {
    return other.in && &other != who
           && (cmd.to_device.empty() ? other.user == cmd.to : other.bound == cmd.to_device);
  });
  // To a lost device too: its session keeps what it misses while it may still resume. One that is
  // gone for good hears nothing any more; the others are told where its leg goes.
  if (to == legs.end() || (to->away() && !contains(to->lost, to->bound)))
    return call_.refuse(error_code::target_not_in_session);
  outcome out;
  out.events.push_back({one(to->user, to->bound),
                        event::relayed{call_.record.id, who->user, cmd.kind, std::move(cmd.payload),
                                       who->bound, call_kind::session, std::move(cmd.under_way)}});
  out.reply = call_.record;
  return out;
}

// -- leaving ---------------------------------------------------------------------

outcome session_steps::operator()(command::leave& cmd) {
  if (call_.state() == call_state::ended)
    return call_.refuse(error_code::call_not_found);
  auto* who = leg_of(cmd.from);
  if (!who)
    return call_.refuse(error_code::not_authorized);
  outcome out;
  take_out(out, *who, false);
  out.reply = call_.record;
  return out;
}

void session_steps::take_out(outcome& out, leg& who, bool dropped) {
  auto& person = change(who);
  person.leave(now_);
  person.dropped = dropped;
  event::user_left left{call_.record.id, who.user, who.bound, dropped, call_.record.version + 1};
  call_core::part(who);
  if (call_.record.count_in() == 0) {
    end(out, dropped ? end_reason::connection_lost : end_reason::last_left, who.user);
    return;
  }
  call_.write(out);
  tell_others(out, who, left);
  if (dropped) // it hears of it if it resumes after all
    out.events.push_back({one(who.user, left.device), left});
}

outcome session_steps::operator()(command::end& cmd) {
  if (call_.state() == call_state::ended)
    return call_.refuse(error_code::call_not_found);
  if (cmd.from.user != call_.record.caller && !cmd.as_admin)
    return call_.refuse(error_code::not_authorized);
  outcome out;
  end(out, end_reason::hung_up, cmd.from.user);
  out.reply = call_.record;
  return out;
}

void session_steps::expire_invitations() {
  for (const auto& who : call_.legs)
    if (call_.person(who).invited == invitation::pending)
      change(who).invited = invitation::expired;
}

void session_steps::end(outcome& out, end_reason why, const user_id& by) {
  expire_invitations();
  call_.finish(out, call_status::ended, why, by, now_);
  const auto& record = call_.record;
  for (const auto& who : call_.legs)
    out.events.push_back(
        {all_of(who.user),
         event::session_ended{record.id, record.ended_by, record.reason, record.duration_s}});
}

} // namespace carillon
