#include "protocol/json_writer.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace carillon::json {

namespace {

/// How many bytes the UTF-8 character at the front of `text` has; 0 if there is none.
std::size_t character_length(std::string_view text) noexcept {
  for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length)
    if (simdjson::validate_utf8(text.data(), length))
      return length;
  return 0;
}

/// The text with U+FFFD in place of each byte that is not part of a UTF-8 character.
std::string repaired(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto length = character_length(text);
    out += length > 0 ? text.substr(0, length) : std::string_view{"\xEF\xBF\xBD"};
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

bool needs_escape(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void append_escaped(std::string& out, char c) {
  switch (c) {
  case '"':
    out += "\\\"";
    break;
  case '\\':
    out += "\\\\";
    break;
  case '\b':
    out += "\\b";
    break;
  case '\f':
    out += "\\f";
    break;
  case '\n':
    out += "\\n";
    break;
  case '\r':
    out += "\\r";
    break;
  case '\t':
    out += "\\t";
    break;
  default:
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

} // namespace

void append_literal(std::string& out, std::string_view text) {
  if (!simdjson::validate_utf8(text.data(), text.size())) {
    append_literal(out, repaired(text));
    return;
  }
  out += '"';
  while (!text.empty()) {
    auto plain = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), needs_escape)
                                          - text.begin());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (!text.empty()) {
      append_escaped(out, text.front());
      text.remove_prefix(1);
    }
  }
  out += '"';
}

writer& writer::reserve(std::size_t bytes) {
  text_.reserve(bytes);
  return *this;
}

void writer::comma() {
  if (need_comma_)
    text_ += ',';
  need_comma_ = true;
}

writer& writer::begin_object() {
  comma();
  text_ += '{';
  need_comma_ = false;
  return *this;
}

writer& writer::end_object() {
  text_ += '}';
  need_comma_ = true;
  return *this;
}

writer& writer::begin_array() {
  comma();
  text_ += '[';
  need_comma_ = false;
  return *this;
}

writer& writer::end_array() {
  text_ += ']';
  need_comma_ = true;
  return *this;
}

writer& writer::key(std::string_view name) {
  comma();
  text_ += '"';
  text_ += name;
  text_ += "\":";
  need_comma_ = false;
  return *this;
}

writer& writer::value(std::string_view text) {
  comma();
  append_literal(text_, text);
  return *this;
}

writer& writer::value(bool yes) {
  comma();
  text_ += yes ? "true" : "false";
  return *this;
}

writer& writer::value(std::int64_t number) {
  comma();
  text_ += std::to_string(number);
  return *this;
}

writer& writer::null() { return raw("null"); }

writer& writer::decimal(std::optional<double> number, int places) {
  if (!number || !std::isfinite(*number))
    return null();
  auto text = fmt::format("{:.{}f}", *number, places);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
      text.pop_back();
  }
  return raw(text == "-0" ? "0" : std::string_view{text});
}

writer& writer::raw(std::string_view text) {
  comma();
  text_ += text;
  return *this;
}

} // namespace carillon::json
