#include "net/url.hpp"

namespace carillon::net {

namespace {

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

} // namespace

url split_target(std::string_view target) noexcept {
  target = target.substr(0, target.find('#'));
  auto mark = target.find('?');
  url parts{target.substr(0, mark),
            mark == std::string_view::npos ? std::string_view{} : target.substr(mark + 1)};
  if (parts.path.size() > 1 && parts.path.ends_with('/'))
    parts.path.remove_suffix(1);
  return parts;
}

std::optional<std::string> unescape(std::string_view text, bool form) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (form && c == '+') {
      c = ' ';
    } else if (c == '%') {
      if (i + 2 >= text.size())
        return std::nullopt;
      auto high = hex_digit(text[i + 1]);
      auto low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0 || (high == 0 && low == 0))
        return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    plain += c;
  }
  return plain;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    auto end = query.find('&');
    auto pair = query.substr(0, end);
    query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
    auto equals = pair.find('=');
    auto key = unescape(pair.substr(0, equals), true);
    if (key && *key == name)
      return unescape(
          equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
  }
  return std::nullopt;
}

} // namespace carillon::net
