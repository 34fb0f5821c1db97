#pragma once

#include "protocol/result.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// Engine.IO protocol, revision 4: packets and the handshake. Transports are in `net`.
namespace carillon::engine_io {

/// The type of a packet is the first character of its text form.
enum class packet_type : char {
  open = '0',
  close = '1',
  ping = '2',
  pong = '3',
  message = '4',
  upgrade = '5',
  noop = '6',
};

/// A decoded text packet; `data` points into the decoded text.
struct packet {
  packet_type type;
  std::string_view data;
};

/// Decodes one text packet. `invalid_field` for an empty text or an unknown type.
[[nodiscard]] result<packet> decode(std::string_view text);

/// What the server announces when a session opens.
struct handshake {
  std::string sid;
  milliseconds ping_interval{25000};
  milliseconds ping_timeout{20000};
  std::size_t max_payload = 131072; ///< bytes
  bool upgrade_to_websocket = false; ///< polling only: may be upgraded
};

/// The open packet, `0{"sid":…}`.
[[nodiscard]] std::string encode_open(const handshake& what);

} // namespace carillon::engine_io
