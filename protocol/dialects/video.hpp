#pragma once

#include "protocol/client_link.hpp"
#include "protocol/command_sink.hpp"
#include "protocol/commands.hpp"
#include "protocol/dialects/event_table.hpp"
#include "protocol/dialects/words.hpp"
#include "protocol/events.hpp"
#include "protocol/queries.hpp"
#include "protocol/result.hpp"
#include "protocol/stream_token.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// The words of video calls: `/video/*` and the socket events `call.*`.
namespace carillon::video {

// -- sockets -----------------------------------------------------------------

/// `call.join`, `call.leave`.
[[nodiscard]] const event_table& events() noexcept;
/// Whether a socket event of this name is one of them.
[[nodiscard]] bool knows(std::string_view event_name) noexcept;
[[nodiscard]] result<client_command> decode_event(std::string_view event_name,
                                                  std::string_view data, origin from,
                                                  const decode_limits& limits);
/// Null for an event of another family.
[[nodiscard]] wire_event_ptr encode(const call_event& what, std::uint64_t offset = 0);
/// `call.error {message, code}`.
[[nodiscard]] wire_event_ptr encode_error(const failure& why);
/// `{ok:true, call_id, status, version}` or `{ok:false, error, code}`.
[[nodiscard]] std::string encode_ack(const result<reply_value>& what);

// -- REST: requests; `call` in commands and queries is `video_call_id` of the client's -----------

[[nodiscard]] result<client_command> decode_create(std::string_view body, const user_id& user);
[[nodiscard]] result<client_command> decode_status(std::string_view body, const user_id& user,
                                                   bool as_admin, std::string_view call_id);
[[nodiscard]] result<client_command> decode_kick(std::string_view body, const user_id& user,
                                                 bool as_admin, std::string_view call_id);
/// `limit` (1 to 100, 25), `offset` (from 0).
[[nodiscard]] result<query::video_history> decode_history(std::string_view query_string,
                                                          const user_id& user);
/// `status` (`pending` if absent, or `all`, ...).
[[nodiscard]] result<query::video_invitations> decode_invitations(std::string_view query_string,
                                                                  const user_id& user);

// -- REST: answers -------------------------------------------------------------

/// `api_key` empty: null.
[[nodiscard]] std::string encode_token(const stream_token& token, const user_id& user,
                                       std::string_view api_key);
[[nodiscard]] std::string encode_user(const user_record& user, std::string_view api_key);
[[nodiscard]] std::string encode_created(const call_view& what);
[[nodiscard]] std::string encode_call(const call_view& what, time_point now);
[[nodiscard]] std::string encode_status(const call_view& what);
[[nodiscard]] std::string encode_joined(const call_view& what, const user_id& asking);
/// Of `leave` and `kick`: `of` is who left.
[[nodiscard]] std::string encode_left(const call_view& what, const user_id& of);
[[nodiscard]] std::string encode_answered(const call_view& what, const user_id& asking);
[[nodiscard]] std::string encode_history(const video_page& what, const query::video_history& asked);
[[nodiscard]] std::string encode_active(const video_page& what);
[[nodiscard]] std::string encode_invitations(const std::vector<video_invitation>& what);
[[nodiscard]] std::string encode_recordings(const video_recordings& what);
[[nodiscard]] std::string encode_stats(const video_stats& what);
[[nodiscard]] std::string encode_health(time_point now, bool has_key, bool has_secret);

/// `{error, message}`: what it is, and everything a client may know of it.
[[nodiscard]] std::string encode_rest_error(const failure& why, bool development);
/// The same; where the server failed, `error` says what it could not do.
[[nodiscard]] std::string encode_token_error(const failure& why, bool development);
[[nodiscard]] std::string encode_history_error(const failure& why, bool development);
[[nodiscard]] std::string encode_active_error(const failure& why, bool development);

} // namespace carillon::video
