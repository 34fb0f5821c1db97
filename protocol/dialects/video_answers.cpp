#include "protocol/dialects/video.hpp"
#include "protocol/dialects/video_parts.hpp"

#include <chrono>

// Answers over REST that are not lists.

namespace carillon::video {

namespace {

using json::writer;

constexpr int server_failed = 500; // and above

std::string ended(writer& out) {
  out.end_object();
  return std::move(out).take();
}

/// The fields with which an answer about one call and one user begins.
void begin_done(writer& out, const call_record& call, const user_id& user) {
  out.begin_object()
      .field("success", true)
      .field("call_id", facts_of(call).call_id)
      .field("user_id", user.str());
}

/// Whether the call ended because `of` was the last one in.
bool ended_with(const call_record& call, const user_id& of) noexcept {
  auto by_itself = call.reason == end_reason::last_left
                   || call.reason == end_reason::connection_lost
                   || call.reason == end_reason::timeout;
  return call.ended_at && by_itself && call.ended_by == of;
}

std::string encode_failure(std::string_view error, std::string_view message) {
  writer out;
  out.begin_object().field("error", error).field("message", message);
  return ended(out);
}

std::string text_of(const failure& why, bool development) {
  return development ? why.message() : text_for_client(why);
}

/// Where the server failed, `error` is `what` it failed at.
std::string encode_failure_at(std::string_view what, const failure& why, bool development) {
  const auto& row = describe(why.code);
  return encode_failure(row.http_status >= server_failed ? what : row.message,
                        text_of(why, development));
}

} // namespace

std::string encode_token(const stream_token& token, const user_id& user, std::string_view api_key) {
  writer out;
  out.begin_object().field("token", token.text).field("user_id", user.str());
  write_text(out, "api_key", api_key);
  auto at = std::chrono::floor<seconds>(token.expires_at).time_since_epoch();
  out.field("expires_at", std::int64_t{at.count()});
  return ended(out);
}

std::string encode_user(const user_record& user, std::string_view api_key) {
  writer out;
  out.begin_object().field("user_id", user.id.str());
  write_text(out, "api_key", api_key);
  out.key("user_data")
      .begin_object()
      .field("id", user.id.str())
      .field("name", user.display_name())
      .field("image", user.display_image());
  write_text(out, "email", user.profile.email);
  out.end_object();
  return ended(out);
}

std::string encode_created(const call_view& what) {
  const auto& facts = facts_of(what.call);
  writer out;
  out.begin_object()
      .field("call_id", facts.call_id)
      .field("call_type", to_string(facts.type))
      .field("created_by", what.call.caller.str());
  write_members(out, what.call);
  out.key("settings").raw(facts.settings);
  out.field("message", "Call metadata created. Use Stream Video client on frontend to create and "
                       "join call.");
  write_about(out, what.call);
  return ended(out);
}

std::string encode_status(const call_view& what) {
  writer out;
  out.begin_object()
      .field("success", true)
      .field("call_id", facts_of(what.call).call_id)
      .field("status", to_string(what.call.status));
  write_time(out, "updated_at", what.call.video().updated_at);
  return ended(out);
}

std::string encode_joined(const call_view& what, const user_id& asking) {
  const auto* who = what.call.find(asking);
  writer out;
  begin_done(out, what.call, asking);
  write_time(out, "joined_at", who ? who->joined_at : std::nullopt);
  return ended(out);
}

std::string encode_left(const call_view& what, const user_id& of) {
  const auto* who = what.call.find(of);
  writer out;
  begin_done(out, what.call, of);
  write_time(out, "left_at", who ? who->left_at : std::nullopt);
  write_seconds(out, "duration_seconds", who ? time_of_stays(*who) : std::nullopt);
  out.field("call_auto_ended", ended_with(what.call, of));
  return ended(out);
}

std::string encode_answered(const call_view& what, const user_id& asking) {
  const auto* who = what.call.find(asking);
  writer out;
  begin_done(out, what.call, asking);
  out.field("status", to_string(who ? who->invited : invitation::none));
  write_time(out, "responded_at", who ? who->responded_at : std::nullopt);
  return ended(out);
}

std::string encode_health(time_point now, bool has_key, bool has_secret) {
  writer out;
  out.begin_object().field("status", "ok").field("service", "video");
  write_time(out, "timestamp", now);
  out.key("env")
      .begin_object()
      .field("streamApiKey", has_key)
      .field("streamApiSecret", has_secret)
      .end_object();
  return ended(out);
}

std::string encode_rest_error(const failure& why, bool development) {
  return encode_failure(describe(why.code).message, text_of(why, development));
}

std::string encode_token_error(const failure& why, bool development) {
  if (describe(why.code).http_status < server_failed)
    return encode_rest_error(why, development);
  auto own = why.code == error_code::stream_not_configured && !why.detail.empty();
  return encode_failure("Failed to generate video token",
                        "Token generation failed: "
                            + (own ? why.detail : text_of(why, development)));
}

std::string encode_history_error(const failure& why, bool development) {
  return encode_failure_at("Failed to get call history", why, development);
}

std::string encode_active_error(const failure& why, bool development) {
  return encode_failure_at("Failed to get active calls", why, development);
}

} // namespace carillon::video
