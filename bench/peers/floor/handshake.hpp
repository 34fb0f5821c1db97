#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carillon::floor {

/// What a client asked for with `GET /floor?pair=7&side=0`.
struct upgrade {
  std::uint32_t pair = 0;
  std::uint32_t side = 0; ///< 0 or 1
  std::string key;        ///< Sec-WebSocket-Key, as sent
};

/// Reads the request line and the headers, up to and without the empty line. Nothing unless it is a
/// WebSocket upgrade of a path as above.
[[nodiscard]] std::optional<upgrade> parse_upgrade(std::string_view head);

/// The value of Sec-WebSocket-Accept for a key (RFC 6455, section 4.2.2).
[[nodiscard]] std::string accept_value(std::string_view key);

} // namespace carillon::floor
