#pragma once

#include "config/load.hpp"

#include <chrono>
#include <string>
#include <variant>

namespace carillon::config {

/// `carillon serve`, also when no subcommand is given.
struct serve_command {
  loaded config;
};

/// `carillon token --user ID …`: print a token that this configuration accepts.
struct token_command {
  loaded config;
  std::string user; ///< a valid user id
  std::string name;
  std::string email;
  std::string role;
  std::chrono::seconds ttl{3600};
};

/// `carillon migrate`: bring the store's schema up to date.
struct migrate_command {
  loaded config;
};

/// `carillon check-config`: print `describe(config)`.
struct check_config_command {
  loaded config;
};

/// There is nothing to do but print `text` and end with `exit_code`: 0 with the text for standard
/// output (help, version), 2 with one line for standard error (a usage mistake, a bad
/// configuration).
struct stop_command {
  int exit_code = 0;
  std::string text; ///< ends with a line break
};

using command =
    std::variant<stop_command, serve_command, token_command, migrate_command, check_config_command>;

/// Parses the arguments of `main` and loads the configuration that they and `variables` name.
[[nodiscard]] command parse_command_line(int argc, const char* const* argv,
                                         const environment& variables = process_environment());

/// The program's version, for example `0.1.0`.
[[nodiscard]] std::string_view version() noexcept;

/// A length of time such as `90s`, `15m`, `1h`, `7d` or `3600` (seconds): one second to ten years.
[[nodiscard]] std::optional<std::chrono::seconds> parse_ttl(std::string_view text) noexcept;

} // namespace carillon::config
