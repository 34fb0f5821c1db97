#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace carillon::load {

/// What every relayed message carries inside its JSON, so that the receiver can tell order and
/// delay.
struct stamp {
  std::uint32_t pair = 0;
  std::uint32_t call = 0;     ///< which call of the pair
  std::uint32_t sequence = 0; ///< which message of one direction of the call
  std::int64_t due_ns = 0;    ///< when it was sent, or should have been
  friend bool operator==(const stamp&, const stamp&) = default;
};

/// The JSON of one kind of relayed value, with room for a stamp that is filled in for each message.
class payload {
public:
  /// An ICE candidate as browsers send them, about 250 bytes.
  [[nodiscard]] static payload candidate();

  /// A session description of about `sdp_bytes` bytes; `type` is `offer` or `answer`.
  [[nodiscard]] static payload description(std::string_view type, std::size_t sdp_bytes);

  /// The value with `what` in it; valid until the next call.
  [[nodiscard]] std::string_view with(const stamp& what);

  /// The stamp of this kind of value inside `data`, or nothing unless every other byte of the value
  /// is the one that was sent.
  [[nodiscard]] std::optional<stamp> find_in(std::string_view data) const;

private:
  explicit payload(std::string_view rest);

  std::string text_;
};

} // namespace carillon::load
