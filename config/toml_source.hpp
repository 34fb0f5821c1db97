#pragma once

#include "config/load_error.hpp"
#include "config/setting.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::config {

/// One assignment of a TOML file.
struct toml_entry {
  std::size_t setting = 0;            ///< position in `all_settings()`
  std::optional<setting_value> value; ///< none: of a type that no setting has
  unsigned line = 0;                  ///< from 1
};

/// Reads a TOML file. Fails when it cannot be read, is not TOML, or has a key that is no setting.
[[nodiscard]] expected<std::vector<toml_entry>> read_toml_file(const std::string& path);

/// The same for the text of a file; `path` is for the errors.
[[nodiscard]] expected<std::vector<toml_entry>> read_toml(std::string_view text,
                                                          const std::string& path);

} // namespace carillon::config
