#pragma once

#include "net/outbox.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Payloads of Engine.IO's long-polling: packets joined by U+001E, binary messages in base64 behind
/// a `b`.
namespace carillon::net {

/// Walks through the packets of one request's body; they point into it. An empty body is one empty
/// packet, which is none of the protocol.
class payload_reader {
public:
  explicit payload_reader(std::string_view body) noexcept
    : rest_(body) {}

  /// The next packet, nothing at the end.
  [[nodiscard]] std::optional<std::string_view> next() noexcept;

private:
  std::string_view rest_;
  bool ended_ = false;
};

/// The bytes of a binary packet (with its `b`); nothing when that is no base64.
[[nodiscard]] std::optional<std::string> decode_binary(std::string_view packet);

/// Takes all frames out of `from` and joins them to one body, with `last` (a packet, or empty)
/// behind them.
[[nodiscard]] std::string take_payload(outbox& from, std::string_view last = {});

} // namespace carillon::net
