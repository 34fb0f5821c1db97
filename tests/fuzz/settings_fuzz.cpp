// Settings: an input is the text of a TOML file; each of its lines is also tried as the value of
// every setting, as it may come from the environment.

#include "config/setting.hpp"
#include "config/toml_source.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

namespace carillon::fuzz {

namespace {

using namespace carillon::config;

bool is_one_line(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

void check_value(const setting& which, const setting_value& value) {
  if (!fits(which, value))
    return;
  settings into;
  which.set(into, value);
  FUZZ_REQUIRE(which.get(into) == value);
}

void check_file(std::string_view text) {
  auto read = read_toml(text, "carillon.toml");
  if (auto* error = std::get_if<load_error>(&read)) {
    FUZZ_REQUIRE(!error->line.empty() && is_one_line(error->line));
    FUZZ_REQUIRE(error->line.size() <= text.size() + 1024);
    return;
  }
  unsigned line = 1;
  for (const auto& entry : std::get<0>(read)) {
    FUZZ_REQUIRE(entry.setting < all_settings().size());
    FUZZ_REQUIRE(entry.line >= line);
    line = entry.line;
    if (entry.value)
      check_value(all_settings()[entry.setting], *entry.value);
  }
}

} // namespace

void check(std::string_view input) {
  check_file(input);
  // Enough for any value, and short inputs are quicker.
  for (int lines = 0; lines < 4 && !input.empty(); ++lines) {
    auto line = take_until(input, '\n');
    for (const auto& each : all_settings())
      if (auto value = parse_text(each, line))
        check_value(each, *value);
  }
}

} // namespace carillon::fuzz
