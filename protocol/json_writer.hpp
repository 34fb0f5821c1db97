#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace carillon::json {

/// Appends `text` as a JSON string literal. Bytes that are not UTF-8 become U+FFFD.
void append_literal(std::string& out, std::string_view text);

/// Builds one JSON value by appending; escapes text and inserts the commas. Keys are written as
/// they stand and must need no escaping. Bytes of a text that are not UTF-8 become U+FFFD, so that
/// whatever a text holds the result is JSON.
class writer {
public:
  /// Makes room for `bytes` in all, to save growing step by step.
  writer& reserve(std::size_t bytes);

  writer& begin_object();
  writer& end_object();
  writer& begin_array();
  writer& end_array();
  writer& key(std::string_view name);
  writer& value(std::string_view text);
  writer& value(const char* text) { return value(std::string_view{text}); }
  writer& value(bool yes);
  writer& value(std::int64_t number);
  writer& null();
  /// A number with up to `places` (0 to 6) digits behind the point; null if there is none, or it is
  /// not finite.
  writer& decimal(std::optional<double> number, int places = 2);
  /// A value that is JSON already.
  writer& raw(std::string_view text);

  template <class T>
  writer& field(std::string_view name, const T& what) {
    return key(name).value(what);
  }

  [[nodiscard]] std::string take() && { return std::move(text_); }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
  void comma();
  std::string text_;
  bool need_comma_ = false;
};

} // namespace carillon::json
