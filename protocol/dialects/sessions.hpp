#pragma once

#include "protocol/client_link.hpp"
#include "protocol/command_sink.hpp"
#include "protocol/commands.hpp"
#include "protocol/dialects/event_table.hpp"
#include "protocol/events.hpp"
#include "protocol/queries.hpp"
#include "protocol/relay_permit.hpp"
#include "protocol/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// The words of sessions: `/api/video-call/*` and the snake_case socket events.
namespace carillon::sessions {

/// The socket events of this dialect. `leave_call_session` is never refused for rate; none is
/// costly.
[[nodiscard]] const event_table& events() noexcept;

/// Whether a socket event of this name belongs to this dialect.
[[nodiscard]] bool knows(std::string_view event_name) noexcept;

/// Decodes a socket event; `data` is the raw JSON of its first argument (empty: none). The failure
/// carries the session's id where the client gave one. `quality_report` may be about any call.
[[nodiscard]] result<client_command> decode_event(std::string_view event_name,
                                                  std::string_view data, origin from,
                                                  const decode_limits& limits);

/// In whose words an event of this dialect is refused: its own, but for a `quality_report` that
/// names a `callId` and no session.
[[nodiscard]] call_kind family_of(std::string_view event_name, std::string_view data);

/// Gives an event of this family its name and its JSON; `offset` is where it stands among those of
/// its user, `ice_servers` the JSON that `call_session_joined` carries. Null for any other event.
[[nodiscard]] wire_event_ptr encode(const call_event& what, std::string_view ice_servers,
                                    std::uint64_t offset = 0);

/// What relays of `from` in a session look like to the others.
[[nodiscard]] relay_words words_of_relays(const call_id& session, const origin& from);

/// The failure in the words of this family: `call_not_found` becomes `session_not_found`.
[[nodiscard]] failure in_own_words(failure why);

/// `call_error {message, code, sessionId?}`.
[[nodiscard]] wire_event_ptr encode_error(const failure& why);

/// The JSON of an acknowledgement: `{ok:true, …}` or `{ok:false, error, code, sessionId?}`.
[[nodiscard]] std::string encode_ack(const result<reply_value>& what);

// -- REST: requests ----------------------------------------------------------

/// `{sessionType, participants, callSettings?, metadata?, therapySessionId?, maxParticipants?}`.
[[nodiscard]] result<client_command> decode_initiate(std::string_view body, const user_id& user);

/// `{hasVideo?, hasAudio?, isScreenSharing?}`, at least one of them.
[[nodiscard]] result<client_command> decode_media(std::string_view body, const user_id& user,
                                                  call_id session);

/// The query string of `history` (`page`, `limit`, `status`).
[[nodiscard]] result<query::sessions> decode_history(std::string_view query_string,
                                                     const user_id& user);

/// The query string of `analytics` (`days`).
[[nodiscard]] result<query::usage> decode_usage(std::string_view query_string, const user_id& user);

// -- REST: answers; `ice_servers` is JSON ------------------------------------

[[nodiscard]] std::string encode_initiated(const call_view& what, std::string_view ice_servers);
[[nodiscard]] std::string encode_may_join(const call_view& what, std::string_view ice_servers);
[[nodiscard]] std::string encode_details(const session_details& what, time_point now);
[[nodiscard]] std::string encode_media(const call_view& what, const user_id& asking);
[[nodiscard]] std::string encode_ended(const call_view& what);
[[nodiscard]] std::string encode_page(const call_page& what, const query::sessions& asked,
                                      time_point now);
[[nodiscard]] std::string encode_usage(const usage_report& what);

/// `{success:false, message, code}`; in development also `error`, with everything that is known.
[[nodiscard]] std::string encode_rest_error(const failure& why, bool development);

} // namespace carillon::sessions
