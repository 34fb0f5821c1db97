#include "config/toml_source.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <toml++/toml.h>

namespace carillon::config {

namespace {

std::string place(const std::string& path, unsigned line) {
  return path + ":" + std::to_string(line);
}

/// The text of line `number` of `text`, counted from 1.
std::string_view line_of(std::string_view text, unsigned number) {
  for (; number > 1 && !text.empty(); --number)
    text.remove_prefix(std::min(text.find('\n') + 1, text.size()));
  return text.substr(0, text.find('\n'));
}

/// The settings' name at the front of a broken line, with a colon, to begin the error with.
std::string key_hint(std::string_view line) {
  auto name = line.substr(0, line.find('='));
  auto first = name.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  name = name.substr(first, name.find_last_not_of(" \t") - first + 1);
  auto is_named = [&](const setting& each) {
    return each.key == name || each.key.substr(each.key.find('.') + 1) == name;
  };
  return std::ranges::any_of(all_settings(), is_named) ? std::string(name) + ": " : std::string();
}

/// toml++'s description without what it quotes from the file, which may be a secret.
std::string without_quotes(std::string_view description) {
  std::string out;
  while (!description.empty()) {
    auto open = description.find('\'');
    auto close = open == std::string_view::npos ? open : description.find('\'', open + 1);
    if (close == std::string_view::npos) {
      out += description;
      break;
    }
    auto inside = description.substr(open + 1, close - open - 1);
    out += description.substr(0, open);
    // One character gives nothing away, and is what a person looks for.
    out += inside.size() > 1 && inside != "true" && inside != "false"
               ? std::string("'…'")
               : "'" + std::string(inside) + "'";
    description.remove_prefix(close + 1);
  }
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return out;
}

std::optional<setting_value> to_value(const toml::node& node) {
  if (auto flag = node.as_boolean())
    return flag->get();
  if (auto number = node.as_integer())
    return number->get();
  if (auto text = node.as_string())
    return text->get();
  auto array = node.as_array();
  if (!array)
    return std::nullopt;
  std::vector<std::string> items;
  for (const auto& item : *array) {
    auto text = item.as_string();
    if (!text)
      return std::nullopt;
    items.push_back(text->get());
  }
  return items;
}

bool is_section(std::string_view key) {
  return std::ranges::any_of(all_settings(), [&](const setting& each) {
    return each.key.size() > key.size() && each.key.starts_with(key) && each.key[key.size()] == '.';
  });
}

/// Appends the entries of `table`, whose keys begin with `prefix`; returns the first mistake.
std::optional<load_error> collect(const toml::table& table, const std::string& prefix,
                                  const std::string& path, std::vector<toml_entry>& into) {
  for (const auto& [name, node] : table) {
    auto key = prefix + std::string(name.str());
    auto line = static_cast<unsigned>(name.source().begin.line);
    if (is_section(key)) {
      auto inner = node.as_table();
      if (!inner)
        return load_error{key + ": is a section, not a value (" + place(path, line) + ")"};
      if (auto error = collect(*inner, key + ".", path, into))
        return error;
      continue;
    }
    auto index = find_setting(key);
    if (!index)
      return load_error{key + ": unknown setting (" + place(path, line) + ")"};
    into.push_back({*index, to_value(node), line});
  }
  return std::nullopt;
}

} // namespace

expected<std::vector<toml_entry>> read_toml(std::string_view text, const std::string& path) {
  try {
    auto table = toml::parse(text, std::string_view(path));
    std::vector<toml_entry> entries;
    if (auto error = collect(table, "", path, entries))
      return *error;
    // toml++ sorts by key; people expect the first mistake of the file.
    std::ranges::stable_sort(entries, {}, &toml_entry::line);
    return entries;
  } catch (const toml::parse_error& error) {
    auto line = static_cast<unsigned>(error.source().begin.line);
    return load_error{key_hint(line_of(text, line)) + "not valid TOML: "
                      + without_quotes(error.description()) + " (" + place(path, line) + ")"};
  }
}

expected<std::vector<toml_entry>> read_toml_file(const std::string& path) {
  struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };
  errno = 0;
  std::unique_ptr<std::FILE, closer> file(std::fopen(path.c_str(), "rb"));
  std::string text;
  std::array<char, 4096> block{};
  for (std::size_t got = 1; file && got > 0; text.append(block.data(), got))
    got = std::fread(block.data(), 1, block.size(), file.get());
  if (!file || std::ferror(file.get()))
    return load_error{"--config: cannot read " + path + ": " + std::strerror(errno)};
  return read_toml(text, path);
}

} // namespace carillon::config
