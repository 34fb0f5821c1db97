#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace carillon::net {

/// The parts of a request's target; they point into it.
struct url {
  std::string_view path;  ///< without the query; a trailing `/` is dropped, but for the root
  std::string_view query; ///< without the `?`
};

/// Splits an origin-form target (`/path?query`).
[[nodiscard]] url split_target(std::string_view target) noexcept;

/// Decodes percent signs, and `+` as a space where `form` says so; nothing when an escape is broken
/// or makes a NUL.
[[nodiscard]] std::optional<std::string> unescape(std::string_view text, bool form);

/// The first value of `name` in a query string, decoded; nothing when it is absent or broken.
[[nodiscard]] std::optional<std::string> query_value(std::string_view query, std::string_view name);

} // namespace carillon::net
