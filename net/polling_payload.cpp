#include "net/polling_payload.hpp"

#include "net/transport.hpp"
#include "protocol/base64.hpp"

namespace carillon::net {

namespace {

constexpr char separator = '\x1e';

} // namespace

std::optional<std::string_view> payload_reader::next() noexcept {
  if (ended_)
    return std::nullopt;
  auto end = rest_.find(separator);
  auto packet = rest_.substr(0, end);
  ended_ = end == std::string_view::npos;
  if (!ended_)
    rest_.remove_prefix(end + 1);
  return packet;
}

std::optional<std::string> decode_binary(std::string_view packet) {
  packet.remove_prefix(1);
  for (int i = 0; i < 2 && packet.ends_with('='); ++i)
    packet.remove_suffix(1);
  std::string text{packet};
  for (char& c : text)
    c = c == '+' ? '-' : c == '/' ? '_' : c;
  return decode_base64url(text);
}

std::string take_payload(outbox& from, std::string_view last) {
  std::string body;
  body.reserve(from.bytes() + from.frames() + last.size());
  auto append = [&body](std::string_view packet) {
    if (!body.empty())
      body += separator;
    if (packet.starts_with(binary_mark)) {
      body += binary_mark;
      body += encode_base64(packet.substr(1));
    } else {
      body += packet;
    }
  };
  while (auto next = from.pop())
    append(*next);
  if (!last.empty())
    append(last);
  return body;
}

} // namespace carillon::net
