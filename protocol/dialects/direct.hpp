#pragma once

#include "protocol/client_link.hpp"
#include "protocol/command_sink.hpp"
#include "protocol/commands.hpp"
#include "protocol/dialects/event_table.hpp"
#include "protocol/events.hpp"
#include "protocol/queries.hpp"
#include "protocol/relay_permit.hpp"
#include "protocol/result.hpp"

#include <string>
#include <string_view>

/// The words of one-to-one calls: `/api/calls/*` and the camelCase socket events.
namespace carillon::direct {

/// The socket events of this dialect. `endCall` and `rejectCall` are never refused for rate,
/// `initiateCall` is costly.
[[nodiscard]] const event_table& events() noexcept;

/// Whether a socket event of this name belongs to this dialect.
[[nodiscard]] bool knows(std::string_view event_name) noexcept;

/// Decodes a socket event; `data` is the raw JSON of its first argument (empty: none). The failure
/// carries the call id where the client gave one.
[[nodiscard]] result<client_command> decode_event(std::string_view event_name,
                                                  std::string_view data, origin from,
                                                  const decode_limits& limits);

/// Gives an event of this family its name and its JSON; `offset` is where it stands among those of
/// its user. Null for any other event.
[[nodiscard]] wire_event_ptr encode(const call_event& what, std::uint64_t offset = 0);

/// What relays of `from` in `call` look like to the other side.
[[nodiscard]] relay_words words_of_relays(const call_id& call, const user_id& from);

/// `callError {error, code, callId?}`.
[[nodiscard]] wire_event_ptr encode_error(const failure& why);

/// True when the failure has an event of its own (`userNotAvailable`, `callRejected` with reason
/// busy) and no `callError` may follow.
[[nodiscard]] bool has_own_event(error_code code) noexcept;

/// The JSON of an acknowledgement: `{ok:true, callId, …}` or `{ok:false, error, code}`.
[[nodiscard]] std::string encode_ack(const result<reply_value>& what);

/// Bodies of REST requests.
[[nodiscard]] result<client_command> decode_initiate(std::string_view body, const user_id& user);
enum class call_action : std::uint8_t { accept, reject, end };
[[nodiscard]] result<client_command> decode_action(call_action action, std::string_view body,
                                                   const user_id& user);

/// The query string of `history` and `missed` (`type`, `limit`, `skip`), decoded but for percent
/// signs; a bad value is `invalid_query` naming the parameter.
[[nodiscard]] result<query::history> decode_history(std::string_view query_string,
                                                    const user_id& user, bool missed_only);

/// Bodies of REST answers.
[[nodiscard]] std::string encode_call(std::string_view message, const call_view& what);
[[nodiscard]] std::string encode_page(const call_page& what, const user_id& asking);
[[nodiscard]] std::string encode_done(std::string_view message);
[[nodiscard]] std::string encode_rest_error(const failure& why, bool development = false);

/// Whether the receiver's call can be missed in words of history: `direction` and `isMissed` are
/// seen from `asking`.
[[nodiscard]] bool is_missed_by(const call_record& call, const user_id& asking) noexcept;

} // namespace carillon::direct
