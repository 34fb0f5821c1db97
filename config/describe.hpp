#pragma once

#include "config/load.hpp"

#include <string>

/// Texts made from the table of settings.
namespace carillon::config {

/// What `carillon check-config` prints: a line for each setting with its value and where it came
/// from. Secrets are `(set)`, passwords `***`.
[[nodiscard]] std::string describe(const loaded& config);

/// A TOML file with every setting, its default and its help, all commented out.
[[nodiscard]] std::string example_toml();

/// The settings as a Markdown table, for the documentation.
[[nodiscard]] std::string settings_markdown();

} // namespace carillon::config
