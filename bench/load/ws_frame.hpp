#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// RFC 6455 framing from the client's side.
namespace carillon::load::ws {

/// The opcodes of RFC 6455, section 5.2.
enum class opcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10,
};

/// Appends one final, masked frame to `out`.
void append_frame(std::string& out, opcode type, std::string_view payload, std::uint32_t mask);

/// What `parse_frame` made of the beginning of the input.
struct parsed_frame {
  enum class outcome : std::uint8_t { incomplete, frame, broken };
  outcome what = outcome::incomplete;
  bool final = true;
  opcode type = opcode::text;
  std::string_view payload; ///< points into the input
  std::size_t size = 0;     ///< bytes that the whole frame takes
};

/// Reads one frame of a server: `broken` when it is masked or uses a reserved bit, since nothing
/// was negotiated that would allow it.
[[nodiscard]] parsed_frame parse_frame(std::string_view input) noexcept;

/// The close code of a close frame's payload; 1005 ("none was given") when it is empty.
[[nodiscard]] std::uint16_t close_code(std::string_view payload) noexcept;

} // namespace carillon::load::ws
