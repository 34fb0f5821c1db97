#pragma once

#include "net/ws_frames.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon::net::test {

/// One frame as a client sends it, in which anything may be wrong.
struct client_frame {
  ws::opcode type = ws::opcode::text;
  std::string payload{};
  bool final = true;
  unsigned reserved = 0; ///< the three reserved bits
  bool masked = true;
  std::array<unsigned char, 4> mask{0x37, 0xFA, 0x21, 0x3D}; // of RFC 6455, section 5.7
  int length_bytes = -1;    ///< behind the first one; -1: as it has to be
  std::int64_t claims = -1; ///< instead of the payload's size

  [[nodiscard]] std::string bytes() const {
    auto size = claims < 0 ? payload.size() : static_cast<std::uint64_t>(claims);
    auto more = length_bytes >= 0 ? length_bytes : size < 126 ? 0 : size < 65536 ? 2 : 8;
    auto first = (final ? 0x80u : 0u) | reserved << 4 | static_cast<unsigned>(type);
    auto second = (masked ? 0x80u : 0u)
                  | (more == 0   ? static_cast<unsigned>(size)
                     : more == 2 ? 126u
                                 : 127u);
    std::string out{static_cast<char>(first), static_cast<char>(second)};
    for (int i = more - 1; i >= 0; --i)
      out += static_cast<char>(size >> (8 * i));
    if (!masked)
      return out + payload;
    out.append(reinterpret_cast<const char*>(mask.data()), mask.size());
    for (std::size_t i = 0; i < payload.size(); ++i)
      out += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask[i % 4]);
    return out;
  }
};

/// The payload of a close frame.
inline std::string closing(unsigned code, std::string_view reason = {}) {
  std::string out{static_cast<char>(code >> 8), static_cast<char>(code)};
  return out.append(reason);
}

/// A frame of the server, taken apart.
struct server_frame {
  ws::opcode type;
  std::string payload;
  friend bool operator==(const server_frame&, const server_frame&) = default;
};

/// Takes the first frame off `bytes`; false when it is not whole. A frame that no server may send
/// has the opcode 15.
inline bool take_frame(std::string_view& bytes, server_frame& into) {
  auto number = [&](std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
  };
  if (bytes.size() < 2)
    return false;
  auto length = number(1, 1);
  std::size_t more = length == 126 ? 2 : length == 127 ? 8 : 0;
  if (bytes.size() < 2 + more)
    return false;
  auto size = more == 0 ? length : number(2, more);
  auto first = number(0, 1);
  auto valid = (first & 0xF0) == 0x80 && length < 128;
  if (valid && bytes.size() - 2 - more < size)
    return false;
  into = {valid ? static_cast<ws::opcode>(first & 0x0F) : static_cast<ws::opcode>(15),
          valid ? std::string{bytes.substr(2 + more, size)} : std::string{}};
  bytes.remove_prefix(valid ? 2 + more + size : bytes.size());
  return true;
}

/// An item as text: its kind, its code when it has one, its payload when there is one.
inline std::string to_text(const ws::frame_reader::item& what) {
  static const char* const names[] = {"none", "text", "binary", "ping", "pong", "close", "failed"};
  std::string text = names[static_cast<int>(what.what)];
  if (what.code != 0)
    text += " " + std::to_string(what.code);
  if (!what.payload.empty())
    text += " " + std::string{what.payload};
  return text;
}

/// Feeds `bytes`, takes all items and spoils the bytes, which the reader must not need any more.
/// With `keeps` it is interrupted after some of the items.
inline void feed(ws::frame_reader& to, std::string bytes, std::vector<std::string>& items,
                 std::mt19937* keeps = nullptr) {
  to.feed(bytes.data(), bytes.size());
  while (items.empty() || !items.back().starts_with("failed")) {
    auto got = to.next();
    if (got.what == ws::frame_reader::event::none)
      break;
    items.push_back(to_text(got));
    if (keeps && (*keeps)() % 3 == 0) {
      to.keep();
      std::fill(bytes.begin(), bytes.end(), '\xEE');
      to.feed(nullptr, 0);
    }
  }
  std::fill(bytes.begin(), bytes.end(), '\xEE');
}

} // namespace carillon::net::test
