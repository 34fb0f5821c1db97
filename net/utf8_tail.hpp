#pragma once

#include <cstddef>
#include <string_view>

namespace carillon::net {

/// Whether a text ends in the middle of a character. Beast checks UTF-8 as it reads and misses only this
/// (RFC 6455, 8.1: such a message closes the connection with 1007).
[[nodiscard]] inline bool ends_inside_character(std::string_view text) noexcept {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte < 0x80)
      return false;
    if (byte >= 0xC0) // the character's first byte tells its length
      return (byte >= 0xF0 ? 4U : byte >= 0xE0 ? 3U : 2U) > back;
  }
  return false;
}

} // namespace carillon::net
