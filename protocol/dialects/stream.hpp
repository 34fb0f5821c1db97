#pragma once

#include "protocol/client_link.hpp"
#include "protocol/command_sink.hpp"
#include "protocol/commands.hpp"
#include "protocol/dialects/event_table.hpp"
#include "protocol/dialects/words.hpp"
#include "protocol/queries.hpp"
#include "protocol/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// The words of the stream family: `/api/stream/*`, `sendMessage`, `message.new`, `message.read`.
namespace carillon::stream {

/// Characters (code points) of a message's text.
inline constexpr std::size_t text_characters = 5000;
/// Attachments of a message, and their bytes as JSON.
inline constexpr std::size_t most_attachments = 10;
inline constexpr std::size_t attachment_bytes = 8192;
/// Whom `call/create` may name, the asker included.
inline constexpr std::size_t most_members = 100;

// -- sockets -----------------------------------------------------------------

/// The events of this dialect. None is exempt from rate or costly.
[[nodiscard]] const event_table& events() noexcept;
/// Whether a socket event of this name is one of them.
[[nodiscard]] bool knows(std::string_view event_name) noexcept;

/// Decodes `sendMessage {channelId, text, id?, attachments?}` and `message.read {channelId, id}`.
[[nodiscard]] result<client_command> decode_event(std::string_view event_name,
                                                  std::string_view data, origin from);

/// `message.new {channelId, message}`: encoded once for all members.
[[nodiscard]] wire_event_ptr encode_message(const chat_message& message);
/// `message.read {channelId, id, userId}`.
[[nodiscard]] wire_event_ptr encode_read(const call_id& call, std::string_view id,
                                         const user_id& by);

/// `message.error {error, code, channelId?}`.
[[nodiscard]] wire_event_ptr encode_error(const failure& why);
/// `{ok:true, message?}` or `{ok:false, error, code, channelId?}`.
[[nodiscard]] std::string encode_ack(const result<reply_value>& what);

// -- REST: requests ----------------------------------------------------------

/// What `token` is asked: whose token (the asker's own if it names nobody), and a profile.
struct token_request {
  user_id user;
  profile_changes profile;
};
[[nodiscard]] result<token_request> decode_token(std::string_view body, const user_id& user);
/// `{userData:{name?, email?, image?, role?}}`; a role from nobody but an admin.
[[nodiscard]] result<client_command> decode_upsert(std::string_view body, const user_id& user,
                                                   bool is_admin);
[[nodiscard]] result<client_command> decode_create(std::string_view body, const user_id& user);
[[nodiscard]] result<client_command> decode_end(std::string_view body, const user_id& user,
                                                bool is_admin);
[[nodiscard]] result<client_command> decode_send(std::string_view body, const user_id& user);
[[nodiscard]] result<client_command> decode_quality(std::string_view body, const user_id& user,
                                                    call_id call);
/// The name of a channel in the path, unescaped, and the query (`limit`, `before`, `after`).
[[nodiscard]] result<query::messages>
decode_messages(std::string_view channel, std::string_view query_string, const user_id& user);

// -- REST: answers, `{success, data, message}` -------------------------------

/// What a `token` answer is made of; the token itself comes from `stream_token`.
struct token_answer {
  std::string_view token;
  user_id user;
  std::string_view api_key;
  time_point expires_at;
};
[[nodiscard]] std::string encode_token(const token_answer& what);
[[nodiscard]] std::string encode_user(const user_record& who);
[[nodiscard]] std::string encode_channel(std::string_view message, const channel_record& what);
[[nodiscard]] std::string encode_ended(const call_id& call);
[[nodiscard]] std::string encode_sent(const chat_message& what);
[[nodiscard]] std::string encode_page(const message_page& what);
[[nodiscard]] std::string encode_quality(const quality_details& what);

/// What `config` tells; never a secret.
struct config_answer {
  std::string_view api_key;
  bool has_secret = false;
  bool mirror = false;
  std::uint64_t queued = 0;
  std::uint64_t failed = 0;
  std::string last_error;
};
[[nodiscard]] std::string encode_config(const config_answer& what);

/// `{success:false, data:null, message, code}`.
[[nodiscard]] std::string encode_rest_error(const failure& why, bool development);

} // namespace carillon::stream
