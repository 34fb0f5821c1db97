#pragma once

#include "config/load_error.hpp"
#include "config/log.hpp"
#include "config/setting.hpp"
#include "config/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon::config {

/// Where a value came from; the later ones win.
enum class source : std::uint8_t { built_in, file, environment, flag };

/// Where one value came from, exactly.
struct origin {
  source from = source::built_in;
  std::string where; ///< `carillon.toml:12`, `PORT`, `--port`; empty for a built-in default

  friend bool operator==(const origin&, const origin&) = default;
};

/// `default`, `carillon.toml:12`, `environment PORT` or `flag --port`.
[[nodiscard]] std::string to_string(const origin& from);

/// Settings that passed every check, and where each came from.
struct loaded {
  settings values;
  std::vector<origin> origins; ///< in the order of `all_settings()`
};

/// Looks a variable up; none when it is not set.
using environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The process's own environment. Not while another thread changes it.
[[nodiscard]] environment process_environment();

/// What came from the command line.
struct given_flags {
  std::optional<std::string> config_file;
  std::vector<std::pair<std::size_t, std::string>> values; ///< position in `all_settings()`, text
};

/// Loads: built-in default < TOML file < environment < flag. An empty variable counts as not set.
/// Every value is checked, also one that a later source replaces. Never throws but for lack of
/// memory.
[[nodiscard]] expected<loaded> load(const given_flags& flags, const environment& variables);

/// One line about a value that passed the checks here and turned out to be of no use: `key: why (where
/// it came from)`.
[[nodiscard]] std::string blame(const loaded& config, std::string_view key, std::string_view why);

/// The level that `log_level` names.
[[nodiscard]] log::level log_level(const settings& of) noexcept;

} // namespace carillon::config
