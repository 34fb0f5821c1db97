#pragma once

#include "net/ws_frames.hpp"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace carillon::net {

/// Parts of one payload, in their order.
using payload_parts = std::initializer_list<std::string_view>;

/// WebSocket frames on their way to one device, back to back as they are written, within
/// `limits.outbox_*` (0: no such limit). A plain value without a lock.
class send_buffer {
public:
  send_buffer(std::size_t most_frames, std::size_t most_bytes) noexcept
    : most_frames_(most_frames)
    , most_bytes_(most_bytes) {}

  /// Whether there is room for one more frame, if only for a moment (see `burst_factor`).
  [[nodiscard]] bool fits(payload_parts payload) const noexcept;

  /// Appends a frame.
  void add(ws::opcode type, payload_parts payload);

  /// Appends bytes that are no frame: the answer to an upgrade.
  void add_raw(std::string_view bytes) { bytes_ += bytes; }

  /// What is to be written.
  [[nodiscard]] std::string_view rest() const noexcept {
    return std::string_view{bytes_}.substr(written_);
  }

  /// The first `size` bytes of the rest were written.
  void wrote(std::size_t size);

  /// Takes all of the rest, for a write that needs the bytes to stay.
  [[nodiscard]] std::string take();

  /// More waits than may wait for long.
  [[nodiscard]] bool over() const noexcept;

  [[nodiscard]] bool empty() const noexcept { return written_ == bytes_.size(); }

  void clear() noexcept;

private:
  [[nodiscard]] std::size_t frames() const noexcept { return ends_.size() - gone_; }
  void forget_written();

  std::size_t most_frames_;
  std::size_t most_bytes_;
  std::string bytes_;
  std::size_t written_ = 0;
  std::vector<std::size_t> ends_; ///< where each frame ends in `bytes_`
  std::size_t gone_ = 0;          ///< frames that were written
};

} // namespace carillon::net
