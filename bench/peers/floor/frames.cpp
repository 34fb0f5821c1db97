#include "bench/peers/floor/frames.hpp"

#include <cstring>

namespace carillon::floor {

namespace {

constexpr std::uint8_t masked_bit = 0x80;
constexpr std::uint8_t reserved_bits = 0x70;

std::uint64_t read_big_endian(const char* from, std::size_t bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i)
    value = (value << 8) | static_cast<std::uint8_t>(from[i]);
  return value;
}

char* write_header(char* to, std::uint8_t first, std::size_t length) noexcept {
  *to++ = static_cast<char>(first);
  if (length < 126) {
    *to++ = static_cast<char>(length);
    return to;
  }
  int bytes = length <= 0xffff ? 2 : 8;
  *to++ = static_cast<char>(bytes == 2 ? 126 : 127);
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
    *to++ = static_cast<char>((length >> shift) & 0xff);
  return to;
}

char* copy_unmasked(char* to, std::string_view from, std::uint32_t mask) noexcept {
  auto wide = (std::uint64_t{mask} << 32) | mask;
  std::size_t i = 0;
  for (; i + 8 <= from.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, from.data() + i, 8);
    word ^= wide;
    std::memcpy(to + i, &word, 8);
  }
  char key[4];
  std::memcpy(key, &mask, 4);
  for (; i < from.size(); ++i)
    to[i] = static_cast<char>(from[i] ^ key[i % 4]);
  return to + i;
}

} // namespace

client_frame parse_frame(std::string_view input) noexcept {
  client_frame frame;
  if (input.size() < 2)
    return frame;
  frame.first = static_cast<std::uint8_t>(input[0]);
  auto second = static_cast<std::uint8_t>(input[1]);
  if ((frame.first & reserved_bits) != 0 || (second & masked_bit) == 0) {
    frame.what = client_frame::outcome::broken;
    return frame;
  }
  std::uint64_t length = second & 0x7f;
  std::size_t header = 2;
  if (length >= 126) {
    std::size_t bytes = length == 126 ? 2 : 8;
    if (input.size() < header + bytes)
      return frame;
    length = read_big_endian(input.data() + header, bytes);
    header += bytes;
  }
  if (length > max_payload) {
    frame.what = client_frame::outcome::too_big;
    return frame;
  }
  frame.size = header + 4 + length;
  if (input.size() < frame.size)
    return frame;
  std::memcpy(&frame.mask, input.data() + header, 4);
  frame.payload = input.substr(header + 4, length);
  frame.what = client_frame::outcome::whole;
  return frame;
}

char* write_frame(char* to, const client_frame& frame) noexcept {
  to = write_header(to, frame.first, frame.payload.size());
  return copy_unmasked(to, frame.payload, frame.mask);
}

} // namespace carillon::floor
