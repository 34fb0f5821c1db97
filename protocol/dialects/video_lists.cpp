#include "protocol/dialects/video.hpp"
#include "protocol/dialects/video_parts.hpp"

#include <algorithm>
#include <array>

// Answers over REST: calls as they are listed, what belongs to them, and figures.

namespace carillon::video {

namespace {

using json::writer;

std::string ended(writer& out) {
  out.end_object();
  return std::move(out).take();
}

/// The fields with which each listed call begins, to `duration_seconds`.
void write_head(writer& out, const call_record& call) {
  const auto& facts = facts_of(call);
  out.field("id", call.id.str())
      .field("call_id", facts.call_id)
      .field("call_type", to_string(facts.type));
  write_text(out, "call_name", facts.name);
  out.field("status", to_string(call.status));
  write_time(out, "started_at", call.started_at);
  write_time(out, "ended_at", call.ended_at);
  write_duration(out, call);
}

/// Those that ever joined, and how many of them are in.
void write_participants(writer& out, const call_record& call) {
  out.key("video_call_participants").begin_array();
  for (const auto& one : call.people) {
    if (!one.joined_at)
      continue;
    out.begin_object().field("user_id", one.user.str());
    write_time(out, "left_at", one.left_at);
    out.end_object();
  }
  out.end_array().field("active_participants_count", static_cast<std::int64_t>(call.count_in()));
}

/// The fields of a call, without the braces.
void write_call(writer& out, const call_record& call) {
  const auto& facts = facts_of(call);
  write_head(out, call);
  out.field("created_by", call.caller.str())
      .field("recording_enabled", facts.recording)
      .field("screensharing_enabled", facts.sharing)
      .field("max_participants", std::int64_t{facts.seats});
  write_time(out, "created_at", call.created_at);
  write_time(out, "updated_at", call.video().updated_at);
  write_participants(out, call);
}

void write_entry(writer& out, const call_record& call, const user_id& asking) {
  out.begin_object();
  write_head(out, call);
  const auto* found = call.find(asking);
  const auto who = found ? *found : participant{};
  out.field("user_role", to_string(who.role));
  write_time(out, "joined_at", who.joined_at);
  write_time(out, "left_at", who.left_at);
  write_seconds(out, "user_duration_seconds", time_of_stays(who));
  out.field("created_by", call.caller.str());
  write_time(out, "created_at", call.created_at);
  out.end_object();
}

void write_count(writer& out, std::string_view name, const std::optional<std::int64_t>& count) {
  out.key(name);
  if (count)
    out.value(*count);
  else
    out.null();
}

} // namespace

std::string encode_call(const call_view& what, time_point now) {
  const auto& facts = facts_of(what.call);
  writer out;
  out.begin_object();
  write_call(out, what.call);
  write_invited(out, what.call, now);
  out.key("settings").raw(facts.settings);
  write_text(out, "event_id", facts.event_id);
  out.field("version", std::int64_t{what.call.version});
  return ended(out);
}

std::string encode_history(const video_page& what, const query::video_history& asked) {
  writer out;
  out.begin_object().key("calls").begin_array();
  for (const auto& call : what.calls)
    write_entry(out, call, asked.user);
  out.end_array()
      .field("limit", std::int64_t{asked.limit})
      .field("offset", std::int64_t{asked.offset});
  return ended(out);
}

std::string encode_active(const video_page& what) {
  writer out;
  out.begin_object().key("active_calls").begin_array();
  for (const auto& call : what.calls) {
    out.begin_object();
    write_call(out, call);
    out.end_object();
  }
  out.end_array();
  return ended(out);
}

std::string encode_invitations(const std::vector<video_invitation>& what) {
  writer out;
  out.begin_object().key("invitations").begin_array();
  for (const auto& one : what) {
    out.begin_object()
        .field("id", invitation_id(one.call, one.invited))
        .field("call_id", one.call_id)
        .field("call_type", to_string(one.type));
    write_text(out, "call_name", one.name);
    out.field("call_status", one.call_status)
        .field("invited_by", one.invited_by.str())
        .field("invited_user_id", one.invited.str())
        .field("status", one.status);
    write_time(out, "invited_at", one.invited_at);
    write_time(out, "responded_at", one.responded_at);
    write_time(out, "expires_at", one.expires_at);
    out.end_object();
  }
  out.end_array();
  return ended(out);
}

std::string encode_recordings(const video_recordings& what) {
  writer out;
  out.begin_object().key("recordings").begin_array();
  for (const auto& one : what.all) {
    out.begin_object()
        .field("id", recording_row_id(one.id))
        .field("call_id", what.call_id)
        .field("stream_recording_id", one.id);
    write_text(out, "recording_url", one.url);
    write_count(out, "file_size_bytes", one.file_bytes);
    write_count(out, "duration_seconds", one.duration_s);
    out.field("status", to_string(one.status));
    write_time(out, "created_at", one.created_at);
    write_time(out, "updated_at", one.updated_at);
    out.end_object();
  }
  out.end_array();
  return ended(out);
}

std::string encode_stats(const video_stats& what) {
  std::array<std::size_t, 24> hours{};
  for (std::size_t hour = 0; hour < hours.size(); ++hour)
    hours[hour] = hour;
  std::stable_sort(hours.begin(), hours.end(),
                   [&](std::size_t a, std::size_t b) { return what.by_hour[a] > what.by_hour[b]; });
  writer out;
  out.begin_object().field("total_calls", what.calls).field("active_calls", what.active);
  out.key("avg_duration").decimal(what.average_s);
  out.field("total_duration", what.total_s).key("popular_times").begin_array();
  for (auto hour : hours)
    if (what.by_hour[hour] > 0)
      out.begin_object()
          .field("hour_of_day", static_cast<std::int64_t>(hour))
          .field("call_count", what.by_hour[hour])
          .end_object();
  out.end_array();
  return ended(out);
}

} // namespace carillon::video
