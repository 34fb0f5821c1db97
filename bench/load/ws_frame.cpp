#include "bench/load/ws_frame.hpp"

#include <array>
#include <cstring>

namespace carillon::load::ws {

namespace {

constexpr unsigned char masked_bit = 0x80;

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>((value >> shift) & 0xff));
}

std::uint64_t read_big_endian(std::string_view bytes) noexcept {
  std::uint64_t value = 0;
  for (char c : bytes)
    value = (value << 8) | static_cast<unsigned char>(c);
  return value;
}

/// Copies `in` to `to` under the mask, eight bytes at a time.
void copy_masked(char* to, std::string_view in, std::uint32_t mask) noexcept {
  std::uint64_t wide = (std::uint64_t{mask} << 32) | mask;
  std::size_t i = 0;
  for (; i + 8 <= in.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, in.data() + i, 8);
    word ^= wide;
    std::memcpy(to + i, &word, 8);
  }
  std::array<char, 4> key;
  std::memcpy(key.data(), &mask, 4);
  for (; i < in.size(); ++i)
    to[i] = static_cast<char>(in[i] ^ key[i % 4]);
}

} // namespace

void append_frame(std::string& out, opcode type, std::string_view payload, std::uint32_t mask) {
  out.push_back(static_cast<char>(0x80 | static_cast<unsigned char>(type)));
  if (payload.size() < 126) {
    out.push_back(static_cast<char>(masked_bit | payload.size()));
  } else if (payload.size() <= 0xffff) {
    out.push_back(static_cast<char>(masked_bit | 126));
    append_big_endian(out, payload.size(), 2);
  } else {
    out.push_back(static_cast<char>(masked_bit | 127));
    append_big_endian(out, payload.size(), 8);
  }
  std::array<char, 4> key;
  std::memcpy(key.data(), &mask, 4);
  out.append(key.data(), key.size());
  auto begin = out.size();
  out.resize(begin + payload.size());
  copy_masked(out.data() + begin, payload, mask);
}

parsed_frame parse_frame(std::string_view input) noexcept {
  parsed_frame result;
  if (input.size() < 2)
    return result;
  auto first = static_cast<unsigned char>(input[0]);
  auto second = static_cast<unsigned char>(input[1]);
  if ((first & 0x70) != 0 || (second & masked_bit) != 0) {
    result.what = parsed_frame::outcome::broken;
    return result;
  }
  std::size_t header = 2;
  std::uint64_t length = second;
  if (length >= 126) {
    auto bytes = length == 126 ? std::size_t{2} : std::size_t{8};
    header += bytes;
    if (input.size() < header)
      return result;
    length = read_big_endian(input.substr(2, bytes));
  }
  if (input.size() - header < length)
    return result;
  result.what = parsed_frame::outcome::frame;
  result.final = (first & 0x80) != 0;
  result.type = static_cast<opcode>(first & 0x0f);
  result.payload = input.substr(header, length);
  result.size = header + length;
  return result;
}

std::uint16_t close_code(std::string_view payload) noexcept {
  constexpr std::uint16_t none_given = 1005; // RFC 6455, section 7.1.5
  if (payload.size() < 2)
    return none_given;
  return static_cast<std::uint16_t>(read_big_endian(payload.substr(0, 2)));
}

} // namespace carillon::load::ws
