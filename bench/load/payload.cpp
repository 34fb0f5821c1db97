#include "bench/load/payload.hpp"

#include <charconv>
#include <cstring>

namespace carillon::load {

namespace {

// Fixed width, in hexadecimal: written and compared without parsing JSON.
constexpr std::string_view opening = "{\"stamp\":\"";
constexpr std::size_t stamp_size = 8 + 8 + 8 + 16;

void write_hex(char* to, std::uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; --i, value >>= 4)
    to[i] = "0123456789abcdef"[value & 15];
}

std::optional<std::uint64_t> read_hex(std::string_view digits) {
  std::uint64_t value = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  return value;
}

} // namespace

payload::payload(std::string_view rest) {
  text_ = opening;
  text_.append(stamp_size, '0');
  text_ += rest;
}

payload payload::candidate() {
  return payload{
      "\",\"candidate\":\"candidate:842163049 1 udp 1677729535 198.51.100.7 46154 typ srflx "
      "raddr 10.0.17.1 rport 0 generation 0 ufrag EEtu network-cost 999\","
      "\"sdpMid\":\"0\",\"sdpMLineIndex\":0}"};
}

payload payload::description(std::string_view type, std::size_t sdp_bytes) {
  std::string rest = "\",\"type\":\"";
  rest += type;
  rest +=
      "\",\"sdp\":\"v=0\\r\\no=- 4611731400430051336 2 IN IP4 127.0.0.1\\r\\ns=-\\r\\nt=0 0\\r\\n";
  constexpr std::string_view line = "a=rtpmap:111 opus/48000/2\\r\\n";
  while (rest.size() + line.size() < sdp_bytes)
    rest += line;
  rest += "\"}";
  return payload{rest};
}

std::string_view payload::with(const stamp& what) {
  auto* at = text_.data() + opening.size();
  write_hex(at, what.pair, 8);
  write_hex(at + 8, what.call, 8);
  write_hex(at + 16, what.sequence, 8);
  write_hex(at + 24, static_cast<std::uint64_t>(what.due_ns), 16);
  return text_;
}

std::optional<stamp> payload::find_in(std::string_view data) const {
  const auto* begin =
      static_cast<const char*>(::memmem(data.data(), data.size(), opening.data(), opening.size()));
  if (begin == nullptr)
    return std::nullopt;
  data.remove_prefix(static_cast<std::size_t>(begin - data.data()));
  constexpr auto head = opening.size() + stamp_size;
  if (!data.substr(0, text_.size()).substr(head).starts_with(std::string_view{text_}.substr(head)))
    return std::nullopt;
  auto digits = data.substr(opening.size(), stamp_size);
  auto pair = read_hex(digits.substr(0, 8));
  auto call = read_hex(digits.substr(8, 8));
  auto sequence = read_hex(digits.substr(16, 8));
  auto due = read_hex(digits.substr(24, 16));
  if (!pair || !call || !sequence || !due)
    return std::nullopt;
  return stamp{static_cast<std::uint32_t>(*pair), static_cast<std::uint32_t>(*call),
               static_cast<std::uint32_t>(*sequence), static_cast<std::int64_t>(*due)};
}

} // namespace carillon::load
