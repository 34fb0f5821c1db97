#pragma once

#include "config/load.hpp"
#include "tests/catch.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace carillon::test {

using variables = std::map<std::string, std::string>;
using flags = std::vector<std::pair<std::string, std::string>>; ///< key, text

/// An environment with these variables and no others.
inline config::environment environment_of(variables all) {
  return [all = std::move(all)](const std::string& name) -> std::optional<std::string> {
    auto found = all.find(name);
    return found == all.end() ? std::nullopt : std::optional(found->second);
  };
}

inline config::expected<config::loaded> load(const std::string& file, const variables& environment,
                                             const flags& given = {}) {
  config::given_flags parsed;
  if (!file.empty())
    parsed.config_file = file;
  for (const auto& [key, text] : given)
    parsed.values.emplace_back(config::find_setting(key).value(), text);
  return config::load(parsed, environment_of(environment));
}

/// The configuration; the test fails if there is none.
inline config::loaded load_ok(const std::string& file, const variables& environment = {},
                              const flags& given = {}) {
  auto result = load(file, environment, given);
  if (auto error = std::get_if<config::load_error>(&result))
    FAIL(error->line);
  return std::get<config::loaded>(result);
}

/// The error line; the test fails if there is none.
inline std::string load_error(const std::string& file, const variables& environment = {},
                              const flags& given = {}) {
  auto result = load(file, environment, given);
  REQUIRE(std::holds_alternative<config::load_error>(result));
  return std::get<config::load_error>(result).line;
}

/// Where the value of `key` came from, in words.
inline std::string origin_of(const config::loaded& config, std::string_view key) {
  return config::to_string(config.origins.at(config::find_setting(key).value()));
}

} // namespace carillon::test
