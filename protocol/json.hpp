#pragma once

#include "protocol/result.hpp"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::json {

/// How deep a client's JSON may nest. WebRTC's objects nest two or three levels.
inline constexpr std::size_t max_depth = 32;

/// What a top-level member of a decoded object is.
enum class kind : std::uint8_t { null, boolean, number, string, array, object };

/// A member of an object, in the order of the text.
struct member {
  std::string key;        ///< unescaped
  kind type;
  std::string text;       ///< unescaped, for strings only
  std::string_view raw;   ///< the member's own JSON text, byte for byte
};

/// Decodes an object of a client, validating all of it (UTF-8, syntax, depth). The views point into
/// `text`. `invalid_json` if it is anything else. Where a key stands twice the last one counts.
class object {
public:
  [[nodiscard]] static result<object> parse(std::string_view text);

  /// The member, or null.
  [[nodiscard]] const member* find(std::string_view key) const noexcept;

  /// The string member, or nothing when it is absent, null, empty or no string.
  [[nodiscard]] std::optional<std::string_view> string(std::string_view key) const noexcept;

  [[nodiscard]] std::span<const member> members() const noexcept { return members_; }

private:
  std::vector<member> members_;
};

/// Whether `text` is one JSON value and nothing else (UTF-8, syntax, depth).
[[nodiscard]] bool valid(std::string_view text) noexcept;

/// The unescaped text of a JSON string literal; nothing if `text` is no string literal.
[[nodiscard]] std::optional<std::string> as_string(std::string_view text);

/// Builds one JSON value by appending; escapes text and inserts the commas. Keys are written as they
/// stand and must need no escaping.
class writer {
public:
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
  /// A value that is JSON already.
  writer& raw(std::string_view text);

  template <class T>
  writer& field(std::string_view name, const T& what) { return key(name).value(what); }

  [[nodiscard]] std::string take() && { return std::move(text_); }
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
  void comma();
  std::string text_;
  bool need_comma_ = false;
};

} // namespace carillon::json
