#include "protocol/dialects/sessions.hpp"
#include "protocol/dialects/sessions_parts.hpp"

#include <algorithm>
#include <array>
#include <chrono>

// Answers over REST.

namespace carillon::sessions {

namespace {

using json::writer;

void begin_answer(writer& out, std::string_view message) {
  out.begin_object().field("success", true).field("message", message).key("data").begin_object();
}

std::string end_answer(writer& out) {
  out.end_object().end_object();
  return std::move(out).take();
}

const session_facts& facts_of(const call_view& what) { return *what.call.session().facts; }

void write_quality(writer& out, const quality_summary& what) {
  out.key("quality").begin_object().field("samples", what.samples);
  out.key("connectionTimeMs").decimal(what.connection_time_ms);
  out.key("rttMs").decimal(what.rtt_ms);
  out.key("jitterMs").decimal(what.jitter_ms);
  out.key("packetLoss").decimal(what.packet_loss);
  out.key("bitrateKbps").decimal(what.bitrate_kbps);
  out.key("mos").decimal(what.mos);
  out.end_object();
}

void write_invitation(writer& out, const call_view& what, const participant& who) {
  out.key("invitation");
  if (who.invited == invitation::none) {
    out.null();
    return;
  }
  out.begin_object().field("status", to_string(who.invited));
  write_time(out, "expiresAt", what.call.session().invited_until);
  write_time(out, "respondedAt", who.responded_at);
  out.end_object();
}

/// The fields of the participant at `index`, without the braces.
void write_participant(writer& out, const call_view& what, std::size_t index, time_point now) {
  const auto& who = what.call.people[index];
  out.field("userId", who.user.str())
      .field("username", what.users[index].user->display_name())
      .field("role", to_string(who.role));
  write_place(out, who);
  write_time(out, "leftAt", who.left_at);
  out.field("isActive", who.in());
  write_media(out, who.media);
  auto inside = std::chrono::duration_cast<seconds>(who.time_in(now));
  out.field("duration", std::int64_t{inside.count()});
  write_invitation(out, what, who);
}

quality_summary quality_of(const call_quality& all, const user_id& user) {
  auto at = std::find_if(all.of_users.begin(), all.of_users.end(),
                         [&](const auto& one) { return one.first == user; });
  return at == all.of_users.end() ? quality_summary{} : at->second;
}

/// Everybody who was named; `quality`, if any, goes with each.
void write_participants(writer& out, const call_view& what, time_point now,
                        const call_quality* quality) {
  out.key("participants").begin_array();
  for (std::size_t i = 0; i < what.call.people.size(); ++i) {
    out.begin_object();
    write_participant(out, what, i, now);
    if (quality)
      write_quality(out, quality_of(*quality, what.call.people[i].user));
    out.end_object();
  }
  out.end_array();
}

void write_those_in(writer& out, const call_view& what) {
  out.key("participants").begin_array();
  for (std::size_t i = 0; i < what.call.people.size(); ++i)
    if (what.call.people[i].in())
      write_present(out, what.call.people[i], what.users[i].user->display_name());
  out.end_array();
}

/// The fields with which each session begins.
void write_head(writer& out, const call_view& what) {
  out.field("sessionId", what.call.id.str()).field("sessionType", to_string(facts_of(what).type));
  write_channel(out, what.call);
}

void write_reason(writer& out, std::string_view name, const call_record& call) {
  bool over = call.reason != end_reason::none;
  write_text(out, name, over ? to_string(call.reason) : std::string_view{});
}

/// The fields of a session, without the braces.
void write_session(writer& out, const call_view& what, time_point now,
                   const call_quality* quality) {
  const auto& call = what.call;
  const auto& facts = facts_of(what);
  write_head(out, what);
  out.field("initiatorId", call.caller.str());
  write_user(out, "initiator", what.caller());
  out.field("status", to_string(call.status));
  write_time(out, "startTime", call.started_at);
  write_time(out, "endTime", call.ended_at);
  out.field("duration", call.duration_s);
  write_time(out, "createdAt", call.created_at);
  write_text(out, "endedBy", call.ended_by.str());
  write_reason(out, "endReason", call);
  out.field("maxParticipants", std::int64_t{facts.seats});
  write_facts(out, facts);
  write_text(out, "therapySessionId", facts.therapy_session);
  out.field("version", std::int64_t{call.version});
  write_participants(out, what, now, quality);
  if (quality)
    write_quality(out, quality->whole);
}

/// An object with one number for each word.
template <class Enum, std::size_t Size>
void write_counts(writer& out, std::string_view name, const std::array<Enum, Size>& words,
                  const std::array<std::int64_t, Size>& counts) {
  out.key(name).begin_object();
  for (std::size_t i = 0; i < Size; ++i)
    out.field(to_string(words[i]), counts[i]);
  out.end_object();
}

void write_sessions_used(writer& out, const usage_report& what) {
  constexpr std::array types{session_type::one_to_one, session_type::group, session_type::therapy};
  constexpr std::array states{call_status::waiting, call_status::active, call_status::ended};
  out.key("sessions").begin_object().field("total", what.sessions).field("joined", what.joined);
  write_counts(out, "byType", types, what.by_type);
  write_counts(out, "byStatus", states, what.by_status);
  out.end_object();
}

/// The hours of the day in which sessions were begun, the busiest first.
void write_peak_hours(writer& out, const usage_report& what) {
  std::vector<std::size_t> hours;
  for (std::size_t hour = 0; hour < what.by_hour.size(); ++hour)
    if (what.by_hour[hour] > 0)
      hours.push_back(hour);
  std::stable_sort(hours.begin(), hours.end(),
                   [&](std::size_t a, std::size_t b) { return what.by_hour[a] > what.by_hour[b]; });
  out.key("peakHours").begin_array();
  for (auto hour : hours)
    out.begin_object()
        .field("hour", static_cast<std::int64_t>(hour))
        .field("sessions", what.by_hour[hour])
        .end_object();
  out.end_array();
}

double share(std::int64_t part, std::int64_t whole) noexcept {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

} // namespace

std::string encode_initiated(const call_view& what, std::string_view ice_servers) {
  writer out;
  begin_answer(out, "Call session initiated successfully");
  write_head(out, what);
  out.field("status", to_string(what.call.status));
  write_participants(out, what, what.call.created_at, nullptr);
  write_facts(out, facts_of(what));
  out.key("iceServers").raw(ice_servers);
  write_time(out, "expiresAt", what.call.session().invited_until);
  out.field("maxParticipants", std::int64_t{facts_of(what).seats});
  return end_answer(out);
}

std::string encode_may_join(const call_view& what, std::string_view ice_servers) {
  writer out;
  begin_answer(out, "Ready to join call session");
  write_head(out, what);
  out.field("status", to_string(what.call.status));
  write_those_in(out, what);
  write_facts(out, facts_of(what));
  out.key("iceServers").raw(ice_servers);
  write_constraints(out);
  out.field("version", std::int64_t{what.call.version});
  return end_answer(out);
}

std::string encode_details(const session_details& what, time_point now) {
  writer out;
  begin_answer(out, "Session details");
  write_session(out, what.view, now, &what.quality);
  return end_answer(out);
}

std::string encode_media(const call_view& what, const user_id& asking) {
  writer out;
  begin_answer(out, "Media settings updated");
  out.field("sessionId", what.call.id.str()).field("userId", asking.str());
  if (const auto* who = what.call.find(asking)) {
    write_text(out, "socketId", who->device.str());
    write_media(out, who->media);
  }
  return end_answer(out);
}

std::string encode_ended(const call_view& what) {
  writer out;
  begin_answer(out, "Call session ended");
  out.field("sessionId", what.call.id.str());
  write_channel(out, what.call);
  out.field("status", to_string(what.call.status));
  write_text(out, "endedBy", what.call.ended_by.str());
  write_reason(out, "reason", what.call);
  out.field("duration", what.call.duration_s);
  return end_answer(out);
}

std::string encode_page(const call_page& what, const query::sessions& asked, time_point now) {
  writer out;
  begin_answer(out, "Call history");
  out.key("sessions").begin_array();
  for (const auto& view : what.calls) {
    out.begin_object();
    write_session(out, view, now, nullptr);
    out.end_object();
  }
  out.end_array().key("pagination").begin_object();
  out.field("page", std::int64_t{asked.page})
      .field("limit", std::int64_t{asked.limit})
      .field("total", what.total)
      .field("pages", (what.total + asked.limit - 1) / asked.limit)
      .end_object();
  return end_answer(out);
}

std::string encode_usage(const usage_report& what) {
  writer out;
  begin_answer(out, "Usage analytics");
  out.key("period").begin_object();
  write_time(out, "from", what.from);
  write_time(out, "to", what.to);
  out.end_object();
  write_sessions_used(out, what);
  out.key("duration").begin_object().field("totalSeconds", what.total_s);
  out.key("averageSeconds").decimal(share(what.total_s, what.joined), 1);
  out.field("longestSeconds", what.longest_s).end_object();
  write_peak_hours(out, what);
  out.key("features")
      .begin_object()
      .field("video", what.with_video)
      .field("audio", what.with_audio)
      .field("screenShare", what.with_sharing)
      .end_object();
  out.key("quality").begin_object().key("mos").decimal(what.mos).end_object();
  out.key("errors")
      .begin_object()
      .field("connectionLost", what.dropped)
      .field("neverJoined", what.never_joined);
  out.key("rate").decimal(share(what.dropped + what.never_joined, what.sessions), 4).end_object();
  return end_answer(out);
}

std::string encode_rest_error(const failure& why, bool development) {
  auto own = in_own_words(why);
  writer out;
  out.begin_object()
      .field("success", false)
      .field("message", text_for_client(own))
      .field("code", describe(own.code).code);
  if (development)
    out.field("error", own.message());
  out.end_object();
  return std::move(out).take();
}

} // namespace carillon::sessions
