#include "protocol/ids.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>

namespace carillon {

namespace {

constexpr std::size_t max_characters = 128;

struct range {
  char32_t first;
  char32_t last;
};

// Controls, spaces and what shows as nothing or turns text around (Unicode's Cc, Zs, Zl, Zp and the
// Cf that are used to make two ids look alike).
constexpr std::array<range, 14> unprintable{{
    {0x00, 0x20},
    {0x7F, 0xA0},
    {0xAD, 0xAD},
    {0x061C, 0x061C},
    {0x1680, 0x1680},
    {0x180E, 0x180E},
    {0x2000, 0x200F},
    {0x2028, 0x202F},
    {0x205F, 0x206F},
    {0x3000, 0x3000},
    {0xFEFF, 0xFEFF},
    {0xFFF0, 0xFFFB},
    {0xFFFE, 0xFFFF},
    {0xE0000, 0xE007F},
}};

/// Takes the first character of valid UTF-8.
char32_t take_character(std::string_view& text) noexcept {
  auto lead = static_cast<unsigned char>(text.front());
  std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t character = length == 1 ? lead : lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i)
    character = (character << 6) | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  text.remove_prefix(length);
  return character;
}

} // namespace

bool is_id(std::string_view text) noexcept {
  if (text.empty() || text.size() > 4 * max_characters
      || !simdjson::validate_utf8(text.data(), text.size()))
    return false;
  std::size_t count = 0;
  while (!text.empty()) {
    char32_t c = take_character(text);
    auto holds = [c](const range& r) { return c >= r.first && c <= r.last; };
    if (++count > max_characters || std::any_of(unprintable.begin(), unprintable.end(), holds))
      return false;
  }
  return true;
}

} // namespace carillon
