#include "persistence/video_rows.hpp"

#include "config/log.hpp"
#include "protocol/json.hpp"

#include <initializer_list>

namespace carillon::persistence {

namespace {

std::string listed(std::initializer_list<std::string> columns) {
  std::string text;
  for (const auto& column : columns)
    text.append(text.empty() ? "" : ", ").append(column);
  return text;
}

std::string flag(std::string_view column) { return "CAST(" + std::string{column} + " AS integer)"; }

// A NULL has a type where several queries make one answer.
constexpr const char* no_text = "CAST(NULL AS text)";
constexpr const char* no_number = "CAST(NULL AS bigint)";

std::string call_part(bool texts, spell_time times) {
  return listed({"c.id",
                 "c.call_id",
                 "c.call_type",
                 "c.created_by",
                 "c.call_name",
                 "c.status",
                 times("c.started_at"),
                 times("c.ended_at"),
                 "c.duration_seconds",
                 times("c.created_at"),
                 times("c.updated_at"),
                 "c.event_id",
                 "c.max_participants",
                 flag("c.recording_enabled"),
                 flag("c.screensharing_enabled"),
                 texts ? "c.settings" : "''",
                 texts ? "c.members" : "''",
                 "c.reason",
                 "c.ended_by",
                 "c.version",
                 times("c.invited_until"),
                 times("c.join_deadline"),
                 times("c.invitations_deadline")});
}

std::string person_part(video_person who, spell_time times) {
  switch (who) {
  case video_person::participant:
    return listed({"p.user_id", "p.role", times("p.joined_at"), times("p.left_at"),
                   "p.duration_seconds", times("p.entered_at"), "p.present_ms", "p.device_id",
                   times("p.lease_until"), flag("p.dropped"), "p.version", no_text, no_number});
  case video_person::invited:
    return listed({"i.invited_user_id", no_text, no_number, no_number, no_number, no_number,
                   no_number, no_text, no_number, no_number, "i.version", "i.status",
                   times("i.responded_at")});
  case video_person::itself:
    break;
  }
  return listed({no_text, no_text, no_number, no_number, no_number, no_number, no_number, no_text,
                 no_number, no_number, no_number, no_text, no_number});
}

participant_role role_of(const video_member& member) {
  const auto role = parse_participant_role(member.role);
  const bool special =
      role && (*role == participant_role::admin || *role == participant_role::moderator);
  return special ? *role : participant_role::participant;
}

bool unreadable(const call_id& call, std::string_view what, std::string_view word) {
  log::error("video_call_not_readable", {{"call", call.str()}, {"what", what}, {"word", word}});
  return false;
}

} // namespace

std::string video_columns(video_person who, spell_time times) {
  return call_part(who == video_person::itself, times) + ", " + person_part(who, times);
}

bool set_words(call_record& call, video_facts& facts, std::string_view type,
               std::string_view status, std::string_view reason) {
  const auto known_type = parse_video_call_type(type);
  if (!known_type)
    return unreadable(call.id, "type", type);
  const auto known_status = parse_call_status(status);
  if (!known_status)
    return unreadable(call.id, "status", status);
  const auto known_reason =
      reason.empty() ? std::optional{end_reason::none} : parse_end_reason(reason);
  if (!known_reason)
    return unreadable(call.id, "reason", reason);
  facts.type = *known_type;
  call.status = *known_status;
  call.reason = *known_reason;
  return true;
}

bool set_video_words(participant& who, const call_id& call, std::string_view role,
                     std::string_view invited) {
  const auto known_role = parse_participant_role(role);
  if (!known_role)
    return unreadable(call, "role", role);
  const auto known_invitation = parse_invitation(invited);
  if (!known_invitation)
    return unreadable(call, "invitation", invited);
  who.role = *known_role;
  who.invited = *known_invitation;
  return true;
}

bool set_word(recording& what, std::string_view status) {
  const auto known = parse_recording_status(status);
  if (!known)
    return unreadable(what.call, "recording", status);
  what.status = *known;
  return true;
}

std::string members_text(const std::vector<video_member>& members) {
  json::writer out;
  out.begin_array();
  for (const auto& one : members)
    out.begin_object().field("user_id", one.user.str()).field("role", one.role).end_object();
  return std::move(out.end_array()).take();
}

std::optional<std::vector<video_member>> read_members(const call_id& call, std::string_view text) {
  auto elements = json::parse_array(text);
  std::vector<video_member> members;
  if (!elements) {
    unreadable(call, "members", "");
    return std::nullopt;
  }
  for (const auto& element : *elements) {
    auto one = json::object::parse(element.raw);
    const auto user = one ? one->string("user_id") : std::nullopt;
    if (!user) {
      unreadable(call, "members", "");
      return std::nullopt;
    }
    members.push_back({user_id{*user}, std::string{one->string("role").value_or("")}});
  }
  return members;
}

void put_people_in_order(call_record& call) {
  std::unordered_map<std::string_view, participant*> rest;
  auto read = std::move(call.people);
  for (auto& one : read)
    rest.emplace(one.user.str(), &one);
  call.people.clear();
  // Whoever never joined has the role that it was named with.
  const auto add = [&](const user_id& user, participant_role role) {
    const auto known = rest.find(user.str());
    participant one;
    if (known == rest.end()) {
      one.user = user;
      one.invited = invitation::none;
      one.version = std::min(call.version, 1u);
    } else {
      one = *known->second; // a copy: the keys are its texts
      rest.erase(known);
    }
    if (!one.joined_at)
      one.role = role;
    call.people.push_back(std::move(one));
  };
  add(call.caller, participant_role::admin);
  for (const auto& member : call.video().facts->members) {
    if (member.user != call.caller && !call.find(member.user))
      add(member.user, role_of(member));
  }
  for (auto& one : read) {
    if (rest.contains(one.user.str()))
      call.people.push_back(one);
  }
}

void settle_times(call_record& call) {
  if (call.status == call_status::created)
    call.started_at.reset();
  if (call.status == call_status::active && !call.started_at)
    call.started_at = call.created_at;
  if (call.status == call_status::created || call.status == call_status::active)
    call.ended_at.reset();
  else if (!call.ended_at)
    call.ended_at = call.video().updated_at;
}

void video_reader::finish() {
  if (!current_)
    return;
  if (readable_) {
    if (what_ == video_rows::whole)
      put_people_in_order(*current_);
    calls_.push_back(std::move(*current_));
  }
  current_.reset();
  places_.clear();
}

participant& video_reader::entry_of(const user_id& user) {
  auto& people = current_->people;
  const auto [place, is_new] = places_.try_emplace(user.str(), people.size());
  if (is_new) {
    people.emplace_back();
    people.back().user = user;
    people.back().invited = invitation::none;
  }
  return people[place->second];
}

} // namespace carillon::persistence
