#include "config/text_rules.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <unistd.h>

namespace carillon::config::rules {

namespace {

bool has_blank(std::string_view text) noexcept {
  return text.find_first_of(" \t\r\n") != std::string_view::npos;
}

bool begins_with_then_more(std::string_view text, std::string_view prefix) noexcept {
  return text.starts_with(prefix) && text.size() > prefix.size() && !has_blank(text);
}

template <std::size_t N>
bool one_of(std::string_view text, const std::array<std::string_view, N>& words) noexcept {
  return std::ranges::find(words, text) != words.end();
}

/// The bits of an address of this family, 0 if `text` is not one.
int address_bits(const std::string& text) noexcept {
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1)
    return 32;
  return inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1 ? 128 : 0;
}

} // namespace

bool host(std::string_view text) noexcept {
  return !has_blank(text) && text.find_first_of("/@?#[]") == std::string_view::npos;
}

bool loopback(std::string_view text) noexcept {
  in_addr four{};
  if (inet_pton(AF_INET, std::string(text).c_str(), &four) == 1)
    return ntohl(four.s_addr) >> 24 == 127;
  return text == "::1" || text == "localhost";
}

bool readable_file(std::string_view text) {
  std::error_code error;
  std::string path(text);
  return std::filesystem::is_regular_file(path, error) && access(path.c_str(), R_OK) == 0;
}

bool origin(std::string_view text) noexcept {
  if (text == "*" || text == "null")
    return true;
  auto scheme = text.find("://");
  if (scheme == std::string_view::npos || scheme == 0 || has_blank(text))
    return false;
  auto rest = text.substr(scheme + 3);
  return !rest.empty() && rest.find_first_of("/?#@*") == std::string_view::npos;
}

bool address_block(std::string_view text) {
  auto slash = text.find('/');
  int bits = address_bits(std::string(text.substr(0, slash)));
  if (slash == std::string_view::npos || bits == 0)
    return bits != 0;
  auto digits = text.substr(slash + 1);
  int length = -1;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
  return error == std::errc{} && end == digits.data() + digits.size() && length >= 0
         && length <= bits;
}

bool database_url(std::string_view text) noexcept {
  // A path may contain blanks, a URL may not.
  return (text.starts_with("sqlite:") && text.size() > 7)
         || begins_with_then_more(text, "postgresql://")
         || begins_with_then_more(text, "postgres://");
}

bool hex_key(std::string_view text) noexcept {
  return text.size() == 64
         && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

bool https_url(std::string_view text) noexcept {
  constexpr std::string_view scheme = "https://";
  if (!begins_with_then_more(text, scheme) || text.find_first_of("@?#") != std::string_view::npos)
    return false;
  auto first = text[scheme.size()];
  return first != '/' && first != ':';
}

bool stun_uri(std::string_view text) noexcept {
  return begins_with_then_more(text, "stun:") || begins_with_then_more(text, "stuns:");
}

bool turn_uri(std::string_view text) noexcept {
  return begins_with_then_more(text, "turn:") || begins_with_then_more(text, "turns:");
}

bool log_level(std::string_view text) noexcept {
  return one_of<6>(text, {"trace", "debug", "info", "warn", "error", "off"});
}

bool scheduler(std::string_view text) noexcept { return one_of<2>(text, {"io", "caf"}); }

bool user_id(std::string_view text) noexcept {
  bool printable = std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; });
  auto characters = std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; });
  return printable && !text.empty() && characters <= 128;
}

} // namespace carillon::config::rules
