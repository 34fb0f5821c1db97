#include "config/command_line.hpp"

#include "config/text_rules.hpp"

#include <algorithm>
#include <charconv>
#include <CLI/CLI.hpp>

namespace carillon::config {

namespace {

/// What the options of one subcommand say, still as text.
struct arguments {
  given_flags flags;
  std::string user;
  std::string name;
  std::string email;
  std::string role;
  std::string ttl = "1h";
};

stop_command usage_error(std::string what) {
  std::ranges::replace_if(
      what, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return {2, "carillon: " + what + "\n"};
}

/// `--config` and a flag for each setting that has one. Their values are checked with the other
/// sources'.
void add_setting_flags(CLI::App& app, given_flags& into) {
  app.add_option_function<std::string>(
         "--config", [&into](const std::string& path) { into.config_file = path; },
         "TOML file with settings.")
      ->type_name("FILE")
      ->take_last();
  auto table = all_settings();
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (table[i].flag.empty())
      continue;
    auto default_value = default_of(table[i]);
    std::string name(table[i].flag);
    auto help = std::string(table[i].help) + " [" + std::string(table[i].key) + "]";
    if (std::holds_alternative<bool>(default_value)) {
      app.add_flag_callback(
          name, [&into, i] { into.values.emplace_back(i, "true"); }, help);
      continue;
    }
    bool number = std::holds_alternative<std::int64_t>(default_value);
    app.add_option_function<std::string>(
           name, [&into, i](const std::string& text) { into.values.emplace_back(i, text); }, help)
        ->type_name(number ? "N" : "TEXT")
        ->take_last();
  }
}

void add_token_options(CLI::App& app, arguments& into) {
  app.add_option("--user", into.user, "Id of the user.")->type_name("ID")->take_last();
  app.add_option("--name", into.name, "Name that others see.")->take_last();
  app.add_option("--email", into.email, "E-mail address.")->take_last();
  app.add_option("--role", into.role, "Role.")->take_last();
  app.add_option("--ttl", into.ttl, "How long it is valid: 30s, 15m, 1h, 7d.")
      ->capture_default_str()
      ->take_last();
}

/// Names what was not understood, without the values, which may be secrets.
stop_command not_understood(const std::vector<std::string>& rest) {
  auto option = std::ranges::find_if(rest, [](const auto& each) { return each.starts_with("-"); });
  std::string what = option != rest.end() ? "unknown option " + option->substr(0, option->find('='))
                                          : "unknown command or argument " + rest.front();
  return usage_error(what + "; carillon --help tells what there is");
}

command token_of(const arguments& given, loaded config) {
  if (!rules::user_id(given.user))
    return usage_error("--user: must be 1 to 128 printable characters without spaces");
  auto ttl = parse_ttl(given.ttl);
  if (!ttl)
    return usage_error("--ttl: must be a length of time from 1s to 3650d, such as 30s, 15m, 1h or "
                       "7d");
  return token_command{std::move(config), given.user, given.name, given.email, given.role, *ttl};
}

/// The program's options and subcommands, and what was given of them.
class command_line {
public:
  command_line() {
    app_.set_version_flag("--version", "carillon " + std::string(version()),
                          "Print the version and end.");
    app_.require_subcommand(0, 1);
    app_.footer("Without a command it serves. A setting comes from its built-in default, the file, "
                "an environment\n"
                "variable or a flag; each overrides those before it. carillon check-config shows "
                "them all.");
    add_setting_flags(app_, common_.flags);
    for (auto each : {serve_, token_, migrate_, check_config_}) {
      add_setting_flags(*each, given_.flags);
      each->allow_extras();
    }
    app_.allow_extras();
    add_token_options(*token_, given_);
  }

  command parse(int argc, const char* const* argv, const environment& variables) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
      return stop_command{0, app_.help()};
    } catch (const CLI::CallForVersion& version_text) {
      return stop_command{0, std::string(version_text.what()) + "\n"};
    } catch (const CLI::ParseError& error) {
      return usage_error(error.what());
    }
    if (auto rest = app_.remaining(true); !rest.empty())
      return not_understood(rest);
    // What stands after the command's name is nearer to it, so it wins.
    auto flags = common_.flags;
    if (given_.flags.config_file)
      flags.config_file = given_.flags.config_file;
    flags.values.insert(flags.values.end(), given_.flags.values.begin(), given_.flags.values.end());
    auto config = load(flags, variables);
    if (auto error = std::get_if<load_error>(&config))
      return usage_error(error->line);
    return chosen(std::get<loaded>(std::move(config)));
  }

private:
  command chosen(loaded config) const {
    if (token_->parsed())
      return token_of(given_, std::move(config));
    if (migrate_->parsed())
      return migrate_command{std::move(config)};
    if (check_config_->parsed())
      return check_config_command{std::move(config)};
    return serve_command{std::move(config)};
  }

  CLI::App app_{"Carillon, a calling backend.", "carillon"};
  CLI::App* serve_ = app_.add_subcommand("serve", "Serve until SIGTERM or SIGINT; the default.");
  CLI::App* token_ = app_.add_subcommand("token", "Print a token for a user.");
  CLI::App* migrate_ = app_.add_subcommand("migrate", "Bring the store's schema up to date.");
  CLI::App* check_config_ =
      app_.add_subcommand("check-config", "Check the configuration and print it, without secrets.");
  arguments common_;
  arguments given_;
};

} // namespace

command parse_command_line(int argc, const char* const* argv, const environment& variables) {
  return command_line().parse(argc, argv, variables);
}

std::string_view version() noexcept { return CARILLON_VERSION; }

std::optional<std::chrono::seconds> parse_ttl(std::string_view text) noexcept {
  constexpr std::int64_t ten_years = 3650LL * 86400;
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 1 || number > ten_years)
    return std::nullopt;
  auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  std::int64_t each = unit.empty() || unit == "s" ? 1
                      : unit == "m"               ? 60
                      : unit == "h"               ? 3600
                      : unit == "d"               ? 86400
                                                  : 0;
  if (each == 0 || number > ten_years / each)
    return std::nullopt;
  return std::chrono::seconds{number * each};
}

} // namespace carillon::config
