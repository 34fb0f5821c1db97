#include "config/load.hpp"

#include "config/log_line.hpp"
#include "config/redact.hpp"
#include "config/text_rules.hpp"
#include "config/toml_source.hpp"

#include <array>
#include <cstdlib>

namespace carillon::config {

namespace {

using problem = std::optional<load_error>;

/// A text of an error line: quoted, without line breaks, of bounded length.
std::string excerpt(std::string_view text) {
  constexpr std::size_t longest = 80;
  bool cut = text.size() > longest;
  return to_toml(std::string(text.substr(0, longest)) + (cut ? "…" : ""));
}

load_error wrong(const setting& which, const std::string& found, const origin& from) {
  std::string line(which.key);
  line += ": must be " + expectation(which);
  if (which.shown == secrecy::open && !found.empty())
    line += ", not " + found;
  return {line + " (" + to_string(from) + ")"};
}

/// Puts checked values in place and remembers where each came from.
class assembly {
public:
  assembly() { result_.origins.resize(all_settings().size()); }

  problem add_file(const std::string& path) {
    auto read = read_toml_file(path);
    if (auto error = std::get_if<load_error>(&read))
      return *error;
    for (auto& entry : std::get<0>(read)) {
      origin from{source::file, path + ":" + std::to_string(entry.line)};
      const auto& which = all_settings()[entry.setting];
      if (!entry.value)
        return wrong(which, "", from);
      if (auto error = add(entry.setting, *entry.value, to_toml(*entry.value), std::move(from)))
        return error;
    }
    return std::nullopt;
  }

  problem add_environment(const environment& variables) {
    for (std::size_t i = 0; i < all_settings().size(); ++i) {
      std::string name(all_settings()[i].environment);
      auto text = variables(name);
      if (!text || text->empty())
        continue;
      if (auto error = add_text(i, *text, {source::environment, name}))
        return error;
    }
    return std::nullopt;
  }

  problem add_flags(const given_flags& flags) {
    for (const auto& [index, text] : flags.values)
      if (auto error =
              add_text(index, text, {source::flag, std::string(all_settings()[index].flag)}))
        return error;
    return std::nullopt;
  }

  /// What the settings ask of each other, and the defaults that depend on others.
  problem finish() {
    const auto& server = result_.values.server;
    if (server.tls_certificate.empty() != server.tls_key.empty()) {
      bool has_key = server.tls_certificate.empty();
      std::string set = has_key ? "server.tls_key" : "server.tls_certificate";
      std::string unset = has_key ? "server.tls_certificate" : "server.tls_key";
      return load_error{unset + ": must be set too, because " + set + " is ("
                        + to_string(result_.origins[*find_setting(set)]) + ")"};
    }
    if (server.conformance_echo && !rules::loopback(server.host))
      return load_error{"server.host: must be a loopback address, because "
                        "server.conformance_echo is on ("
                        + to_string(result_.origins[*find_setting("server.conformance_echo")])
                        + ")"};
    if (result_.values.database.url.empty())
      result_.values.database.url = "sqlite:" + result_.values.data_dir + "/carillon.db";
    return std::nullopt;
  }

  loaded take() { return std::move(result_); }

private:
  problem add_text(std::size_t index, std::string_view text, origin from) {
    auto value = parse_text(all_settings()[index], text);
    if (!value)
      return wrong(all_settings()[index], excerpt(text), from);
    return add(index, *value, excerpt(text), std::move(from));
  }

  problem add(std::size_t index, const setting_value& value, const std::string& found,
              origin from) {
    const auto& which = all_settings()[index];
    if (!fits(which, value))
      return wrong(which, found, from);
    which.set(result_.values, value);
    result_.origins[index] = std::move(from);
    return std::nullopt;
  }

  loaded result_;
};

} // namespace

std::string to_string(const origin& from) {
  switch (from.from) {
  case source::file:
    return from.where;
  case source::environment:
    return "environment " + from.where;
  case source::flag:
    return "flag " + from.where;
  default:
    return "default";
  }
}

environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    auto value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  };
}

expected<loaded> load(const given_flags& flags, const environment& variables) {
  assembly parts;
  if (flags.config_file)
    if (auto error = parts.add_file(*flags.config_file))
      return *error;
  if (auto error = parts.add_environment(variables))
    return *error;
  if (auto error = parts.add_flags(flags))
    return *error;
  if (auto error = parts.finish())
    return *error;
  return parts.take();
}

log::level log_level(const settings& of) noexcept {
  using log::level;
  for (auto each : {level::trace, level::debug, level::warn, level::error, level::off})
    if (log::to_string(each) == of.log_level)
      return each;
  return level::info;
}

std::string blame(const loaded& config, std::string_view key, std::string_view why) {
  std::string line{key};
  line += ": ";
  for (char c : why)
    line += c == '\n' ? ' ' : c;
  auto settings = all_settings();
  for (std::size_t i = 0; i < settings.size() && i < config.origins.size(); ++i)
    if (settings[i].key == key)
      line += " (" + to_string(config.origins[i]) + ")";
  return line;
}

} // namespace carillon::config
