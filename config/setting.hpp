#pragma once

#include "config/settings.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// The one table of everything that operators can set. Loading, validation, `check-config`, the
/// example file and the documentation are all made from it; a new setting is one entry here.
namespace carillon::config {

/// What one setting holds, whatever its type in `settings`. Milliseconds are whole numbers.
using setting_value = std::variant<bool, std::int64_t, std::string, std::vector<std::string>>;

/// How much of a value may be shown in logs, errors and `check-config`.
enum class secrecy : std::uint8_t {
  open,
  secret,   ///< nothing but that it is set
  password, ///< a URL: everything but the password
};

/// What a text, or each item of a list, must be.
struct text_rule {
  bool (*holds)(std::string_view text) = nullptr; ///< null: anything
  std::string_view expects;                       ///< completes "must be …"
};

/// One setting. The views point to literals; a plain value.
struct setting {
  std::string_view key;         ///< `section.name`, as in the TOML file
  std::string_view environment; ///< the variable's name
  std::string_view flag;        ///< with its dashes; empty: no flag
  std::string_view help;        ///< one sentence, for people who operate the server
  std::int64_t least = 0;       ///< numbers only
  std::int64_t most = 0;        ///< numbers only
  text_rule rule;               ///< texts and lists only
  secrecy shown = secrecy::open;
  setting_value (*get)(const settings&) = nullptr;
  void (*set)(settings&,
              setting_value) = nullptr; ///< only with a value of the kind that `get` gives
};

/// Every setting, in the order of the documentation: first those outside of any section.
[[nodiscard]] std::span<const setting> all_settings() noexcept;

/// The position of `key` in `all_settings()`.
[[nodiscard]] std::optional<std::size_t> find_setting(std::string_view key) noexcept;

/// The built-in default.
[[nodiscard]] setting_value default_of(const setting& which);

/// What a value of this setting must be, to complete "must be …", for example
/// `a whole number from 0 to 65535`.
[[nodiscard]] std::string expectation(const setting& which);

/// Whether `value` is of the kind, in the range and of the form that the setting asks for. An empty
/// text is fine where the default is empty: it means "none".
[[nodiscard]] bool fits(const setting& which, const setting_value& value);

/// The value that `text`, from the environment or a flag, stands for; none if it is not of the
/// setting's kind. Lists are separated by commas; booleans are true, false, yes, no, 1, 0.
[[nodiscard]] std::optional<setting_value> parse_text(const setting& which, std::string_view text);

} // namespace carillon::config
