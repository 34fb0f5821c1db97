#include "protocol/dialects/video_parts.hpp"

#include <chrono>

namespace carillon::video {

namespace {

/// One of `members`, without the end of its object.
void begin_member(json::writer& out, const user_id& user, std::string_view role) {
  out.begin_object().field("user_id", user.str()).field("role", role);
}

/// Calls `finish(user)` before each member's object ends.
template <class Finish>
void write_each_member(json::writer& out, const call_record& call, Finish finish) {
  out.key("members").begin_array();
  begin_member(out, call.caller, to_string(participant_role::admin));
  finish(call.caller);
  out.end_object();
  for (const auto& one : facts_of(call).members) {
    begin_member(out, one.user, one.role);
    finish(one.user);
    out.end_object();
  }
  out.end_array();
}

} // namespace

const video_facts& facts_of(const call_record& call) noexcept { return *call.video().facts; }

void write_names(json::writer& out, const call_record& call) {
  const auto& facts = facts_of(call);
  std::string cid{to_string(facts.type)};
  cid += ':';
  cid += facts.call_id;
  out.field("call_id", facts.call_id).field("call_cid", cid);
}

void write_about(json::writer& out, const call_record& call) {
  const auto& facts = facts_of(call);
  out.field("id", call.id.str());
  write_text(out, "call_name", facts.name);
  out.field("status", to_string(call.status)).field("max_participants", std::int64_t{facts.seats});
  write_text(out, "event_id", facts.event_id);
  write_time(out, "created_at", call.created_at);
}

void write_members(json::writer& out, const call_record& call) {
  write_each_member(out, call, [](const user_id&) {});
}

void write_invited(json::writer& out, const call_record& call, time_point now) {
  write_each_member(out, call, [&](const user_id& user) {
    const auto* who = call.find(user);
    auto shown = who ? invitation_at(call, *who, now) : invitation::none;
    write_text(out, "invitation",
               shown == invitation::none ? std::string_view{} : to_string(shown));
  });
}

void write_seconds(json::writer& out, std::string_view name,
                   const std::optional<milliseconds>& of) {
  out.key(name);
  if (of)
    out.value(std::int64_t{std::chrono::floor<seconds>(*of).count()});
  else
    out.null();
}

void write_duration(json::writer& out, const call_record& call) {
  auto was_active = call.ended_at && call.started_at;
  write_seconds(out, "duration_seconds",
                was_active ? std::optional<milliseconds>{seconds{call.duration_s}} : std::nullopt);
}

std::optional<milliseconds> time_of_stays(const participant& who) noexcept {
  auto any_over = who.left_at || who.present > milliseconds{0};
  return any_over ? std::optional{who.present} : std::nullopt;
}

invitation invitation_at(const call_record& call, const participant& who, time_point now) noexcept {
  auto too_late = call.ended_at || now >= call.video().invited_until;
  return who.invited == invitation::pending && too_late ? invitation::expired : who.invited;
}

} // namespace carillon::video
