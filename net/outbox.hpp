#pragma once

#include "net/stream.hpp"

#include <cstddef>
#include <deque>
#include <optional>

namespace carillon::net {

/// What waits to be written to one device, within `limits.outbox_*` (0: no such limit). A plain
/// queue; used on the connection's own thread.
class outbox {
public:
  outbox(std::size_t most_frames, std::size_t most_bytes) noexcept
    : most_frames_(most_frames)
    , most_bytes_(most_bytes) {}

  /// False when there was no room; the frame is dropped then.
  [[nodiscard]] bool push(frame what);

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
