#include "protocol/dialects/stream.hpp"

#include <algorithm>
#include <utility>

// Events, acknowledgements, and answers over REST.

namespace carillon::stream {

namespace {

using json::writer;

// What the names, ids and punctuation of a message need beside its texts, mostly.
constexpr std::size_t message_overhead = 320;

wire_event_ptr make_event(std::string_view name, writer&& data) {
  return std::make_shared<const wire_event>(name, std::move(data).take());
}

/// A message, as the value of a key that was written.
void write_message(writer& out, const chat_message& what) {
  out.begin_object()
      .field("id", what.id)
      .field("channelId", channel_name(what.call))
      .field("callId", what.call.str())
      .field("userId", what.from.str())
      .field("text", what.text)
      .key("attachments")
      .raw(what.attachments.empty() ? std::string_view{"[]"} : what.attachments)
      .field("createdAt", to_iso8601(what.at))
      .end_object();
}

void write_failure(writer& out, const failure& why) {
  out.field("error", text_for_client(why)).field("code", describe(why.code).code);
  if (!why.call.empty())
    out.field("channelId", channel_name(why.call));
}

writer begun() {
  writer out;
  out.begin_object().field("success", true);
  return out;
}

std::string end_answer(writer& out, std::string_view message) {
  out.end_object().field("message", message).end_object();
  return std::move(out).take();
}

void write_quality(writer& out, const quality_summary& what) {
  out.field("samples", what.samples).key("averages").begin_object();
  out.key("rttMs").decimal(what.rtt_ms);
  out.key("jitterMs").decimal(what.jitter_ms);
  out.key("packetLoss").decimal(what.packet_loss);
  out.key("bitrateKbps").decimal(what.bitrate_kbps);
  out.key("audioLevel").decimal(what.audio_level);
  out.key("videoFps").decimal(what.video_fps);
  out.key("connectionTimeMs").decimal(what.connection_time_ms);
  out.end_object().key("mos").decimal(what.mos);
}

quality_summary quality_of(const call_quality& all, const user_id& user) {
  auto at = std::find_if(all.of_users.begin(), all.of_users.end(),
                         [&](const auto& one) { return one.first == user; });
  return at == all.of_users.end() ? quality_summary{} : at->second;
}

} // namespace

// -- sockets -----------------------------------------------------------------

wire_event_ptr encode_message(const chat_message& what) {
  writer out;
  out.reserve(message_overhead + what.text.size() + what.attachments.size());
  out.begin_object().field("channelId", channel_name(what.call)).key("message");
  write_message(out, what);
  out.end_object();
  return make_event("message.new", std::move(out));
}

wire_event_ptr encode_read(const call_id& call, std::string_view id, const user_id& by) {
  writer out;
  out.begin_object()
      .field("channelId", channel_name(call))
      .field("id", id)
      .field("userId", by.str())
      .end_object();
  return make_event("message.read", std::move(out));
}

wire_event_ptr encode_error(const failure& why) {
  writer out;
  out.begin_object();
  write_failure(out, why);
  out.end_object();
  return make_event("message.error", std::move(out));
}

std::string encode_ack(const result<reply_value>& what) {
  writer out;
  out.begin_object().field("ok", what.ok());
  if (!what) {
    write_failure(out, what.error());
  } else if (const auto* said = std::get_if<chat_message_ptr>(&*what)) {
    out.key("message");
    write_message(out, **said);
  }
  out.end_object();
  return std::move(out).take();
}

// -- REST --------------------------------------------------------------------

std::string encode_token(const token_answer& what) {
  auto out = begun();
  out.field("token", what.token).key("data").begin_object();
  out.field("token", what.token).field("userId", what.user.str());
  write_text(out, "apiKey", what.api_key);
  write_time(out, "expiresAt", what.expires_at);
  return end_answer(out, "Token generated");
}

std::string encode_user(const user_record& who) {
  auto out = begun();
  out.key("data").begin_object();
  out.field("id", who.id.str())
      .field("_id", who.id.str())
      .field("name", who.display_name())
      .field("username", who.display_name());
  write_text(out, "email", who.profile.email);
  out.field("image", who.display_image());
  out.key("images").begin_array().value(who.display_image()).end_array();
  write_text(out, "role", who.profile.role);
  return end_answer(out, "User updated");
}

std::string encode_channel(std::string_view message, const channel_record& what) {
  auto out = begun();
  out.key("data").begin_object();
  out.field("callId", what.call.str()).field("channelId", channel_name(what.call));
  out.key("members").begin_array();
  for (const auto& member : what.members)
    out.value(member.str());
  out.end_array();
  return end_answer(out, message);
}

std::string encode_ended(const call_id& call) {
  auto out = begun();
  out.key("data").begin_object();
  out.field("callId", call.str())
      .field("channelId", channel_name(call))
      .field("status", to_string(call_status::ended));
  return end_answer(out, "Call ended");
}

std::string encode_sent(const chat_message& what) {
  auto out = begun();
  out.key("data").begin_object().key("message");
  write_message(out, what);
  return end_answer(out, "Message sent");
}

std::string encode_page(const message_page& what) {
  auto out = begun();
  out.key("data").begin_object().key("messages").begin_array();
  for (const auto& one : what.messages)
    write_message(out, one);
  out.end_array().field("hasMore", what.has_more);
  return end_answer(out, "Messages");
}

std::string encode_quality(const quality_details& what) {
  auto out = begun();
  out.key("data").begin_object().field("callId", what.call.str());
  out.key("summary").begin_object();
  write_quality(out, what.quality.whole);
  out.end_object().key("participants").begin_array();
  for (const auto& user : what.users) {
    out.begin_object().field("userId", user->id.str()).field("username", user->display_name());
    write_quality(out, quality_of(what.quality, user->id));
    out.end_object();
  }
  out.end_array();
  return end_answer(out, "Call quality");
}

std::string encode_config(const config_answer& what) {
  auto out = begun();
  out.key("data").begin_object();
  out.field("configured", !what.api_key.empty() && what.has_secret);
  write_text(out, "apiKey", what.api_key);
  out.field("hasSecret", what.has_secret).key("mirror").begin_object();
  out.field("enabled", what.mirror)
      .field("queued", static_cast<std::int64_t>(what.queued))
      .field("failed", static_cast<std::int64_t>(what.failed));
  write_text(out, "lastError", what.last_error);
  out.end_object();
  return end_answer(out, "Stream configuration");
}

std::string encode_rest_error(const failure& why, bool development) {
  writer out;
  out.begin_object()
      .field("success", false)
      .key("data")
      .null()
      .field("message", text_for_client(why))
      .field("code", describe(why.code).code);
  if (development)
    out.field("error", why.message());
  out.end_object();
  return std::move(out).take();
}

} // namespace carillon::stream
