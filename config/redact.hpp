#pragma once

#include "config/setting.hpp"

#include <string>
#include <string_view>

namespace carillon::config {

/// A URL with `***` in place of every password in it: the one before the `@`, and those of libpq's
/// query parameters. When in doubt it hides too much.
[[nodiscard]] std::string without_password(std::string_view url);

/// A value as `check-config` and error lines may show it: TOML, `(set)` for a secret.
[[nodiscard]] std::string shown(const setting& which, const setting_value& value);

/// A value as TOML, for settings whose value is no secret.
[[nodiscard]] std::string to_toml(const setting_value& value);

} // namespace carillon::config
