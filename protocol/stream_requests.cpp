#include "protocol/stream_requests.hpp"

#include "protocol/base64.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/percent.hpp"
#include "protocol/records.hpp"
#include "protocol/verification_key.hpp"

#include <utility>

namespace carillon::stream {

namespace {

using json::writer;

// What every channel is called there.
constexpr std::string_view channel_title = "Call";

std::string channel_path(const call_id& call, std::string_view action = {}) {
  return "/channels/messaging/" + escape_segment("call-" + call.str()) + std::string{action};
}

/// A key that may need escaping, as ids of users may.
void write_key(writer& out, std::string_view name) {
  std::string literal;
  json::append_literal(literal, name);
  out.key(std::string_view{literal}.substr(1, literal.size() - 2));
}

outbox_entry entry_of(std::string lane, outbox_kind kind, std::string path, writer&& body,
                      time_point now) {
  return {0, std::move(lane), kind, std::move(path), std::move(body).take(), now};
}

} // namespace

outbox_entry upsert_users(std::string lane, std::span<const user_ptr> users, time_point now) {
  writer body;
  body.begin_object().key("users").begin_object();
  for (const auto& user : users) {
    write_key(body, user->id.str());
    body.begin_object()
        .field("id", user->id.str())
        .field("name", user->display_name())
        .field("role", user->profile.role == "admin" ? "admin" : "user")
        .field("image", user->display_image())
        .end_object();
  }
  body.end_object().end_object();
  return entry_of(std::move(lane), outbox_kind::users, "/users", std::move(body), now);
}

outbox_entry open_channel(const channel_record& channel, time_point now) {
  writer body;
  body.begin_object().key("data").begin_object().key("members").begin_array();
  for (const auto& member : channel.members)
    body.value(member.str());
  body.end_array()
      .field("created_by_id", channel.created_by.str())
      .field("name", channel_title)
      .end_object()
      .field("state", false)
      .field("watch", false)
      .field("presence", false)
      .end_object();
  return entry_of(lane_of(channel.call), outbox_kind::open, channel_path(channel.call, "/query"),
                  std::move(body), now);
}

outbox_entry send_message(const chat_message& message) {
  writer body;
  body.begin_object().key("message").begin_object();
  body.field("id", remote_id(message))
      .field("text", message.text)
      .field("user_id", message.from.str());
  if (!message.attachments.empty())
    body.key("attachments").raw(message.attachments);
  body.end_object().end_object();
  return entry_of(lane_of(message.call), outbox_kind::message,
                  channel_path(message.call, "/message"), std::move(body), message.at);
}

outbox_entry close_channel(const call_id& call, time_point now) {
  writer body;
  body.begin_object().key("data").begin_object();
  body.field("name", channel_title).field("frozen", true).end_object().end_object();
  return entry_of(lane_of(call), outbox_kind::close, channel_path(call), std::move(body), now);
}

std::string remote_id(const chat_message& message) { return message.call.str() + "-" + message.id; }

std::string lane_of(const call_id& call) { return "c" + call.str(); }

std::string lane_of(const user_id& user) { return "u" + user.str(); }

std::string escape_segment(std::string_view text) { return percent_encoded(text); }

std::string server_token(std::string_view api_secret) {
  auto token = encode_base64url(R"({"alg":"HS256","typ":"JWT"})") + "."
               + encode_base64url(R"({"server":true})");
  return token + "." + encode_base64url(hmac_sha256(api_secret, token));
}

} // namespace carillon::stream
