#include "config/log_line.hpp"

#include <array>
#include <cstddef>

namespace carillon::log {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// The length of the well-formed UTF-8 sequence of a printable character at the front of `text`; 0
/// where there is none (RFC 3629, table 3-7 of Unicode; U+0080 to U+009F are control characters).
std::size_t multibyte_length(std::string_view text) noexcept {
  auto at = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  auto tail = [&](std::size_t i) { return (at(i) & 0xC0u) == 0x80u; };
  auto lead = at(0);
  if (lead >= 0xC2 && lead <= 0xDF)
    return tail(1) && !(lead == 0xC2 && at(1) < 0xA0) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    bool overlong = lead == 0xE0 && at(1) < 0xA0;
    bool surrogate = lead == 0xED && at(1) > 0x9F;
    // U+2028 and U+2029 break lines in some viewers.
    bool separator = lead == 0xE2 && at(1) == 0x80 && (at(2) == 0xA8 || at(2) == 0xA9);
    return tail(1) && tail(2) && !overlong && !surrogate && !separator ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    bool overlong = lead == 0xF0 && at(1) < 0x90;
    bool beyond = lead == 0xF4 && at(1) > 0x8F;
    return tail(1) && tail(2) && tail(3) && !overlong && !beyond ? 4 : 0;
  }
  return 0;
}

bool is_plain(char c) noexcept { return c > ' ' && c < 0x7f && c != '"' && c != '=' && c != '\\'; }

bool needs_quotes(std::string_view text) noexcept {
  for (char c : text)
    if (!is_plain(c))
      return true;
  return text.empty();
}

void append_escaped(std::string& out, char c) {
  switch (c) {
  case '"':
  case '\\':
    out += '\\';
    out += c;
    return;
  case '\n':
    out += "\\n";
    return;
  case '\r':
    out += "\\r";
    return;
  case '\t':
    out += "\\t";
    return;
  default:
    break;
  }
  auto byte = static_cast<unsigned char>(c);
  out += "\\x";
  out += hex_digits[byte >> 4];
  out += hex_digits[byte & 15];
}

void append_value(std::string& out, std::string_view text) {
  if (!needs_quotes(text)) {
    out += text;
    return;
  }
  out += '"';
  for (std::size_t i = 0; i < text.size();) {
    if (auto length = multibyte_length(text.substr(i))) {
      out += text.substr(i, length);
      i += length;
      continue;
    }
    if (is_plain(text[i]) || text[i] == ' ' || text[i] == '=')
      out += text[i];
    else
      append_escaped(out, text[i]);
    ++i;
  }
  out += '"';
}

} // namespace

std::string_view to_string(level at) noexcept {
  constexpr std::array<std::string_view, 6> words{"trace", "debug", "info", "warn", "error", "off"};
  auto index = static_cast<std::size_t>(at);
  return index < words.size() ? words[index] : "info";
}

std::string format_line(level at, std::string_view event, std::span<const field> fields) {
  std::string out;
  out.reserve(48 + event.size() + fields.size() * 32);
  out += "level=";
  out += to_string(at);
  out += " event=";
  append_value(out, event);
  for (const auto& each : fields) {
    out += ' ';
    out += each.key;
    out += '=';
    append_value(out, each.value);
  }
  return out;
}

} // namespace carillon::log
