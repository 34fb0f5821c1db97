#pragma once

#include "protocol/json_writer.hpp"
#include "protocol/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::json {

/// How deep a client's JSON may nest, not counting an empty innermost array or object. WebRTC's
/// objects nest two or three levels.
inline constexpr std::size_t max_depth = 32;

/// What a top-level member of a decoded object is.
enum class kind : std::uint8_t { null, boolean, number, string, array, object };

/// A member of an object or an element of an array, in the order of the text.
struct member {
  std::string key;        ///< unescaped; empty for an element
  kind type = kind::null;
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

  /// The boolean member, or nothing when it is absent or anything else.
  [[nodiscard]] std::optional<bool> boolean(std::string_view key) const noexcept;

  /// The number member, or nothing when it is absent, anything else, or beyond what a double holds.
  [[nodiscard]] std::optional<double> number(std::string_view key) const noexcept;

  [[nodiscard]] std::span<const member> members() const noexcept { return members_; }

private:
  std::vector<member> members_;
};

/// The elements of an array, validated as a whole as `object::parse` does; `invalid_json` if `text`
/// is anything else. The views point into `text`.
[[nodiscard]] result<std::vector<member>> parse_array(std::string_view text);

/// Whether `text` is one JSON value and nothing else (UTF-8, syntax, depth).
[[nodiscard]] bool valid(std::string_view text) noexcept;

/// The unescaped text of a JSON string literal; nothing if `text` is no string literal.
[[nodiscard]] std::optional<std::string> as_string(std::string_view text);

} // namespace carillon::json
