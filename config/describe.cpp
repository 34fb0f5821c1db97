#include "config/describe.hpp"

#include "config/redact.hpp"

#include <algorithm>

namespace carillon::config {

namespace {

std::string_view section_of(std::string_view key) {
  auto dot = key.find('.');
  return dot == std::string_view::npos ? std::string_view() : key.substr(0, dot);
}

std::string_view name_of(std::string_view key) { return key.substr(key.find('.') + 1); }

void pad(std::string& line, std::size_t width) {
  if (line.size() < width)
    line.append(width - line.size(), ' ');
}

/// The limits of a number, the form of a text; empty where anything goes.
std::string form_of(const setting& which) {
  auto kind = default_of(which);
  if (std::holds_alternative<bool>(kind))
    return {};
  if (std::holds_alternative<std::int64_t>(kind))
    return std::to_string(which.least) + " to " + std::to_string(which.most);
  return std::string(which.rule.expects);
}

std::string code(std::string_view text) {
  return text.empty() ? std::string() : "`" + std::string(text) + "`";
}

/// The default in the documentation: bare words, `none` for nothing.
std::string default_markdown(const setting& which) {
  auto value = default_of(which);
  if (auto text = std::get_if<std::string>(&value))
    return text->empty() ? "none" : code(*text);
  auto items = std::get_if<std::vector<std::string>>(&value);
  if (!items)
    return code(to_toml(value));
  std::string out;
  for (const auto& item : *items)
    out += (out.empty() ? "" : ", ") + code(item);
  return out.empty() ? "none" : out;
}

} // namespace

std::string describe(const loaded& config) {
  std::string out;
  auto table = all_settings();
  for (std::size_t i = 0; i < table.size(); ++i) {
    std::string line(table[i].key);
    pad(line, 34);
    line += " = " + shown(table[i], table[i].get(config.values));
    pad(line, 76);
    out += line + "  # " + to_string(config.origins[i]) + "\n";
  }
  return out;
}

std::string example_toml() {
  std::string out = "# Every setting of Carillon with its built-in default. Take away the # before "
                    "those you change.\n"
                    "# Environment variables override this file, flags override both. Text that is "
                    "empty means none.\n";
  std::string_view section;
  for (const auto& each : all_settings()) {
    if (section_of(each.key) != section) {
      section = section_of(each.key);
      out += "\n[" + std::string(section) + "]\n";
    }
    auto form = form_of(each);
    out += "\n# " + std::string(each.help) + "\n";
    if (!form.empty())
      out += (std::holds_alternative<std::vector<std::string>>(default_of(each)) ? "# Each: "
                                                                                 : "# Value: ")
             + form + ".\n";
    out += "# Environment: " + std::string(each.environment)
           + (each.flag.empty() ? "." : ". Flag: " + std::string(each.flag) + ".") + "\n";
    out += "# " + std::string(name_of(each.key)) + " = " + to_toml(default_of(each)) + "\n";
  }
  return out;
}

std::string settings_markdown() {
  std::string out = "| setting | environment | flag | default | what it is |\n"
                    "|---|---|---|---|---|\n";
  for (const auto& each : all_settings()) {
    auto form = form_of(each);
    out += "| " + code(each.key) + " | " + code(each.environment) + " | " + code(each.flag) + " | "
           + default_markdown(each) + " | " + std::string(each.help)
           + (form.empty() ? "" : " (" + form + ")") + " |\n";
  }
  return out;
}

} // namespace carillon::config
