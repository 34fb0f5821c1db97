#include "bench/peers/floor/handshake.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>

namespace carillon::floor {

namespace {

using digest = std::array<std::uint8_t, 20>;

/// SHA-1 (FIPS 180-4, section 6.1) of a short text; once for each connection, so plain will do.
digest sha1(std::string text) {
  auto bits = std::uint64_t{text.size()} * 8;
  text.push_back(static_cast<char>(0x80));
  while (text.size() % 64 != 56)
    text.push_back(0);
  for (int shift = 56; shift >= 0; shift -= 8)
    text.push_back(static_cast<char>((bits >> shift) & 0xff));
  std::array<std::uint32_t, 5> h{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
  for (std::size_t block = 0; block < text.size(); block += 64) {
    std::array<std::uint32_t, 80> w{};
    for (std::size_t i = 0; i < 64; ++i)
      w[i / 4] = (w[i / 4] << 8) | static_cast<std::uint8_t>(text[block + i]);
    for (std::size_t i = 16; i < 80; ++i)
      w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    auto [a, b, c, d, e] = h;
    for (std::size_t i = 0; i < 80; ++i) {
      std::uint32_t f = b ^ c ^ d;
      std::uint32_t k = i < 40 ? 0x6ed9eba1 : 0xca62c1d6;
      if (i < 20) {
        f = (b & c) | (~b & d);
        k = 0x5a827999;
      } else if (i >= 40 && i < 60) {
        f = (b & c) | (b & d) | (c & d);
        k = 0x8f1bbcdc;
      }
      auto next = std::rotl(a, 5) + f + e + k + w[i];
      e = d;
      d = c;
      c = std::rotl(b, 30);
      b = a;
      a = next;
    }
    h = {h[0] + a, h[1] + b, h[2] + c, h[3] + d, h[4] + e};
  }
  digest result{};
  for (std::size_t i = 0; i < result.size(); ++i)
    result[i] = static_cast<std::uint8_t>(h[i / 4] >> (24 - 8 * (i % 4)));
  return result;
}

std::string base64(const digest& bytes) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    auto at = [&](std::size_t k) { return k < bytes.size() ? std::uint32_t{bytes[k]} : 0U; };
    auto three = (at(i) << 16) | (at(i + 1) << 8) | at(i + 2);
    for (int shift = 18; shift >= 0; shift -= 6)
      text.push_back(letters[(three >> shift) & 63]);
  }
  text.back() = '='; // 20 bytes are 27 letters and a filler
  return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

/// The value of a header, without the spaces around it; nothing where it is missing.
std::optional<std::string_view> header(std::string_view head, std::string_view name) {
  for (auto at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at)) {
    at += 2;
    auto line = head.substr(at, head.find("\r\n", at) - at);
    auto colon = line.find(':');
    if (colon == std::string_view::npos || !equal_ignoring_case(line.substr(0, colon), name))
      continue;
    auto value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    value.remove_suffix(value.size() - (value.find_last_not_of(" \t") + 1));
    return value;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> number_after(std::string_view text, std::string_view name) {
  auto at = text.find(name);
  if (at == std::string_view::npos)
    return std::nullopt;
  std::uint32_t value = 0;
  const auto* begin = text.data() + at + name.size();
  auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
  if (error != std::errc{} || end == begin)
    return std::nullopt;
  return value;
}

} // namespace

std::optional<upgrade> parse_upgrade(std::string_view head) {
  auto line = head.substr(0, head.find("\r\n"));
  auto pair = number_after(line, "pair=");
  auto side = number_after(line, "side=");
  auto key = header(head, "Sec-WebSocket-Key");
  auto to = header(head, "Upgrade");
  if (!line.starts_with("GET /floor?") || !pair || !side || *side > 1 || !key || !to
      || !equal_ignoring_case(*to, "websocket"))
    return std::nullopt;
  return upgrade{*pair, *side, std::string{*key}};
}

std::string accept_value(std::string_view key) {
  return base64(sha1(std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
}

} // namespace carillon::floor
