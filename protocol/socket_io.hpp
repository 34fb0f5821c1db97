#pragma once

#include "protocol/errors.hpp"
#include "protocol/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Socket.IO protocol, revision 5: the packets inside Engine.IO messages.
namespace carillon::socket_io {

enum class packet_type : std::uint8_t {
  connect = 0,
  disconnect = 1,
  event = 2,
  ack = 3,
  connect_error = 4,
  binary_event = 5,
  binary_ack = 6,
};

/// How many attachments a binary packet may have, as for the official parser.
inline constexpr unsigned max_attachments = 10;

/// A decoded packet; the views point into the decoded text.
struct packet {
  packet_type type = packet_type::event;
  unsigned attachments = 0;        ///< binary packets only
  std::string_view nsp = "/";      ///< namespace
  std::optional<std::uint64_t> id; ///< acknowledgement id
  std::string_view payload;        ///< JSON text, not yet checked; empty if there is none
};

/// Decodes the text of one Engine.IO message (without the Engine.IO type) as the official parser
/// does: unknown types, bad attachment counts and bad ids are refused with `invalid_field`. Of the
/// payload it checks only whether there may be one and how it begins: every packet may come
/// without. A query stays part of `nsp`.
[[nodiscard]] result<packet> decode(std::string_view text);

/// The parts of an event's or acknowledgement's payload, `["name", first, …]`.
struct event_args {
  std::string name;       ///< unescaped
  std::string_view first; ///< raw JSON of the first argument; empty if there is none
  std::size_t count = 0;  ///< how many arguments follow the name
};

/// Splits an event's payload; without one, it is an event without a name and arguments. The whole
/// text is validated as JSON (UTF-8, nesting up to `json::max_depth`): what is no JSON array is
/// `invalid_json`. An array that does not begin with a
/// string or a number (which becomes its text), and the reserved names (`connect`, `connect_error`,
/// `disconnect`, `disconnecting`, `newListener`, `removeListener`), are `invalid_field`.
[[nodiscard]] result<event_args> split_event(std::string_view payload);

/// The same without a copy, for a payload that is known to be valid JSON: its name, and the text
/// that begins with the first argument. Nothing when the name has to be unescaped, or is none.
struct event_view {
  std::string_view name;
  std::string_view rest;
};
[[nodiscard]] std::optional<event_view> peek_event(std::string_view payload) noexcept;

/// Each of these returns a whole Engine.IO text packet, ready for a transport.
/// `pid`, when it is not empty, is what the client may resume with.
[[nodiscard]] std::string encode_connect(std::string_view nsp, std::string_view sid,
                                         std::string_view pid = {});
/// With a `code`, clients find it as the error's `data.code`.
[[nodiscard]] std::string encode_connect_error(std::string_view nsp, std::string_view message,
                                               std::string_view code = {});
[[nodiscard]] std::string encode_disconnect(std::string_view nsp);
/// `data` is one JSON value; `offset`, when it is not empty, follows as a second argument.
[[nodiscard]] std::string encode_event(std::string_view name, std::string_view data,
                                       std::string_view offset = {});
[[nodiscard]] std::string encode_ack(std::uint64_t id, std::string_view data);

} // namespace carillon::socket_io
