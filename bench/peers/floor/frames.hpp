#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace carillon::floor {

/// The largest payload that is forwarded; carillon's own default (`limits.frame_bytes`).
inline constexpr std::size_t max_payload = 131072;

/// The largest header of a server's frame with such a payload (RFC 6455, section 5.2).
inline constexpr std::size_t max_server_header = 10;

/// The beginning of one frame of a client.
struct client_frame {
  enum class outcome : std::uint8_t {
    incomplete,
    whole,
    broken,  ///< not masked, or a reserved bit is set
    too_big, ///< more than `max_payload`
  };
  outcome what = outcome::incomplete;
  std::uint8_t first = 0;   ///< FIN and opcode, as on the wire
  std::uint32_t mask = 0;   ///< in the order of the wire
  std::string_view payload; ///< points into the input; still masked
  std::size_t size = 0;     ///< bytes of the whole frame

  [[nodiscard]] std::uint8_t opcode() const noexcept { return first & 0x0f; }
  [[nodiscard]] bool is_control() const noexcept { return (first & 0x08) != 0; }
};

/// Reads the frame that begins at the beginning of `input`.
[[nodiscard]] client_frame parse_frame(std::string_view input) noexcept;

/// Writes `frame` as a server sends it, unmasked in the same pass that copies it, and returns the
/// end of what was written. `to` has room for `max_server_header` and the payload.
char* write_frame(char* to, const client_frame& frame) noexcept;

} // namespace carillon::floor
