#pragma once

#include "net/stream.hpp"

#include <cstddef>
#include <deque>
#include <optional>

namespace carillon::net {

/// How much more than `limits.outbox_*` may wait for a moment: a burst (a call's candidates all at
/// once) reaches a busy thread in one piece, before its socket had a chance to take any of it.
inline constexpr std::size_t burst_factor = 4;

/// What waits to be written to one device, within `limits.outbox_*` (0: no such limit). A plain
/// queue; used on the connection's own thread.
class outbox {
public:
  outbox(std::size_t most_frames, std::size_t most_bytes) noexcept
    : most_frames_(most_frames)
    , most_bytes_(most_bytes) {}

  /// False when there was no room even for a burst; the frame is dropped then.
  [[nodiscard]] bool push(frame what);

  /// More waits than may wait for long: the device has to catch up.
  [[nodiscard]] bool over() const noexcept;

  /// The next frame, null when it is empty.
  [[nodiscard]] frame pop();

  void clear();

  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }
  [[nodiscard]] std::size_t frames() const noexcept { return (first_ ? 1 : 0) + rest_size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
  [[nodiscard]] std::size_t rest_size() const noexcept { return rest_ ? rest_->size() : 0; }

  std::size_t most_frames_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;
  // A device that keeps up never has more than one frame waiting, and then there is no queue.
  frame first_;
  std::unique_ptr<std::deque<frame>> rest_;
};

} // namespace carillon::net
