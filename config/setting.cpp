#include "config/setting.hpp"

#include "config/setting_table.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace carillon::config {

namespace {

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<setting_value> parse_boolean(std::string_view text) {
  constexpr std::array<std::string_view, 3> yes{"true", "yes", "1"};
  constexpr std::array<std::string_view, 3> no{"false", "no", "0"};
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  if (std::ranges::find(yes, lower) != yes.end())
    return true;
  if (std::ranges::find(no, lower) != no.end())
    return false;
  return std::nullopt;
}

std::optional<setting_value> parse_number(std::string_view text) {
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return number;
}

std::vector<std::string> parse_list(std::string_view text) {
  std::vector<std::string> items;
  while (!text.empty()) {
    auto comma = std::min(text.find(','), text.size());
    if (auto item = trimmed(text.substr(0, comma)); !item.empty())
      items.emplace_back(item);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return items;
}

bool is_line(std::string_view text) noexcept {
  return std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool follows(const text_rule& rule, std::string_view text) {
  return is_line(text) && (!rule.holds || rule.holds(text));
}

} // namespace

std::span<const setting> all_settings() noexcept { return setting_table(); }

std::optional<std::size_t> find_setting(std::string_view key) noexcept {
  auto table = all_settings();
  auto found = std::ranges::find(table, key, &setting::key);
  if (found == table.end())
    return std::nullopt;
  return static_cast<std::size_t>(found - table.begin());
}

setting_value default_of(const setting& which) {
  static const settings built_in;
  return which.get(built_in);
}

std::string expectation(const setting& which) {
  auto kind = default_of(which);
  if (std::holds_alternative<bool>(kind))
    return "true or false";
  if (std::holds_alternative<std::int64_t>(kind))
    return "a whole number from " + std::to_string(which.least) + " to "
           + std::to_string(which.most);
  bool list = std::holds_alternative<std::vector<std::string>>(kind);
  if (which.rule.expects.empty())
    return list ? "a list of texts" : "one line of text";
  return (list ? "a list, each item " : "") + std::string(which.rule.expects);
}

bool fits(const setting& which, const setting_value& value) {
  auto standard = default_of(which);
  if (value.index() != standard.index())
    return false;
  if (auto number = std::get_if<std::int64_t>(&value))
    return *number >= which.least && *number <= which.most;
  if (auto text = std::get_if<std::string>(&value))
    return text->empty() ? std::get<std::string>(standard).empty() : follows(which.rule, *text);
  if (auto items = std::get_if<std::vector<std::string>>(&value))
    return std::ranges::all_of(
        *items, [&](const auto& item) { return !item.empty() && follows(which.rule, item); });
  return true;
}

std::optional<setting_value> parse_text(const setting& which, std::string_view text) {
  auto kind = default_of(which);
  if (std::holds_alternative<bool>(kind))
    return parse_boolean(trimmed(text));
  if (std::holds_alternative<std::int64_t>(kind))
    return parse_number(trimmed(text));
  if (std::holds_alternative<std::vector<std::string>>(kind))
    return parse_list(text);
  return std::string(text);
}

} // namespace carillon::config
