#pragma once

#include "protocol/client_link.hpp"
#include "protocol/command_sink.hpp"
#include "protocol/dialects/words.hpp"
#include "protocol/events.hpp"
#include "protocol/ice_servers.hpp"
#include "protocol/relay_permit.hpp"
#include "protocol/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// All families of socket events in one: which one a name belongs to, and everything in its words.
/// What `net` and `actors` use; they do not know the families one by one.
namespace carillon::families {

/// What is known of a client's event by its name.
struct event_traits {
  call_kind family = call_kind::direct; ///< whose it is
  bool exempt_from_rate = false;
  bool costly = false;
};

/// Nothing: no family has an event of this name.
[[nodiscard]] std::optional<event_traits> find(std::string_view event_name) noexcept;

/// Decodes a socket event; `data` is the raw JSON of its first argument (empty: none). Sets the
/// family of `from`. The failure carries the call id where the client gave one.
[[nodiscard]] result<client_command> decode_event(std::string_view event_name,
                                                  std::string_view data, origin from,
                                                  const decode_limits& limits);

/// What encoding needs besides the event: whom it is for, and what joiners are told to connect
/// with.
struct audience {
  const user_id& user;
  const ice_settings& ice;
  time_point now;
};

/// Gives an event its family's name and JSON; `offset` is where it stands among those of its user.
/// `callState`, which tells of all families, is encoded here.
[[nodiscard]] wire_event_ptr encode(const call_event& what, const audience& to,
                                    std::uint64_t offset = 0);

/// What relays of `from` in a call of this kind look like to the others.
[[nodiscard]] relay_words words_of_relays(call_kind kind, const call_id& call, const origin& from);

/// In whose words an event is refused, whatever is wrong with it; those of direct calls where no
/// family has an event of this name.
[[nodiscard]] call_kind family_of(std::string_view event_name, std::string_view data);

/// In whose words the answer to a command is told.
[[nodiscard]] call_kind family_of(const client_command& cmd) noexcept;

/// `callError`, `call_error`, `call.error` or `message.error`; null when the failure has an event of its own.
[[nodiscard]] wire_event_ptr encode_error(call_kind family, const failure& why);

/// The JSON of an acknowledgement: `{ok:true, …}` or `{ok:false, error, code, …}`.
[[nodiscard]] std::string encode_ack(call_kind family, const result<reply_value>& what);

} // namespace carillon::families
