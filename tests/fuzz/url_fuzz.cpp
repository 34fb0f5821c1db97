// Targets of requests: an input is the text between the method and the version.

#include "net/url.hpp"
#include "tests/fuzz/target.hpp"

namespace carillon::fuzz {

namespace {

/// Every byte as a percent sign and two digits.
std::string escaped(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

void check_unescaped(std::string_view text) {
  for (bool form : {false, true}) {
    auto plain = net::unescape(text, form);
    if (!plain)
      continue;
    FUZZ_REQUIRE(plain->size() <= text.size());
    FUZZ_REQUIRE(plain->find('\0') == std::string::npos
                 || text.find('\0') != std::string_view::npos);
    if (plain->find('\0') == std::string::npos)
      FUZZ_REQUIRE(net::unescape(escaped(*plain), form) == plain);
  }
}

} // namespace

void check(std::string_view input) {
  using namespace carillon::net;
  auto parts = split_target(input);
  FUZZ_REQUIRE(is_inside(parts.path, input) && is_inside(parts.query, input));
  FUZZ_REQUIRE(parts.path.find_first_of("?#") == std::string_view::npos);
  FUZZ_REQUIRE(parts.query.find('#') == std::string_view::npos);
  // The path is the front of the target, without one slash at its end.
  FUZZ_REQUIRE(input.starts_with(parts.path));
  auto rest = input.substr(parts.path.size());
  if (parts.path.size() > 0 && rest.starts_with('/'))
    rest.remove_prefix(1);
  FUZZ_REQUIRE(rest.empty() || rest.starts_with('?') || rest.starts_with('#'));
  check_unescaped(parts.path);
  check_unescaped(parts.query);
  for (auto name : {"sid", "EIO", "transport", "token", ""})
    if (auto value = query_value(parts.query, name))
      FUZZ_REQUIRE(value->size() <= parts.query.size());
  // A parameter in front is found whatever follows, and back as it was.
  std::string value{parts.path.substr(0, parts.path.find('\0'))};
  auto query = "x=" + escaped(value) + "&" + std::string{parts.query};
  FUZZ_REQUIRE(query_value(query, "x") == value);
}

} // namespace carillon::fuzz
