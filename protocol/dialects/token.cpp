#include "protocol/dialects/token.hpp"

#include "protocol/dialects/words.hpp"
#include "protocol/json_writer.hpp"

namespace carillon::token {

namespace {

constexpr int server_failed = 500; // and above

/// What was in the way, without the words that only say that something was.
std::string reason_of(const failure& why) {
  return why.code == error_code::stream_not_configured && !why.detail.empty()
             ? why.detail
             : text_for_client(why);
}

} // namespace

std::string encode_token(const stream_token& token, const user_id& user) {
  json::writer out;
  out.begin_object().field("success", true).key("data").begin_object();
  out.field("token", token.text).field("userId", user.str());
  write_time(out, "expiresAt", token.expires_at);
  out.end_object().field("message", "Token generated successfully").end_object();
  return std::move(out).take();
}

std::string encode_rest_error(const failure& why, bool development) {
  const auto& row = describe(why.code);
  json::writer out;
  out.begin_object().field("success", false);
  if (row.http_status >= server_failed)
    out.field("message", "Failed to generate video call token")
        .field("error", development ? why.message() : reason_of(why));
  else
    out.field("message", text_for_client(why));
  out.field("code", row.code).end_object();
  return std::move(out).take();
}

} // namespace carillon::token
