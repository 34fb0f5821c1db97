#pragma once

#include "net/stream.hpp"
#include "protocol/client_link.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <vector>

namespace carillon::net {

/// What other threads leave for one connection until its own thread takes it; one wake-up for
/// however much was left. Thread-safe.
class inbox {
public:
  struct contents {
    std::vector<frame> frames;
    std::optional<close_reason> close; ///< after the frames
    bool overflow = false;             ///< there were more frames than allowed; the rest is lost
  };

  /// Holds up to `most_frames` (0: any number).
  explicit inbox(std::size_t most_frames) noexcept
    : most_frames_(most_frames) {}

  /// Each leaves something; true when the caller has to wake the connection's thread.
  [[nodiscard]] bool leave(frame what);
  [[nodiscard]] bool leave(close_reason reason);
  [[nodiscard]] bool leave_nothing(); ///< something outside of the inbox has changed

  /// Takes everything.
  [[nodiscard]] contents take();

  /// Whether nothing waits; may be out of date at once for anything but what this thread left.
  [[nodiscard]] bool empty() const noexcept { return !waiting_.load(std::memory_order_acquire); }

private:
  [[nodiscard]] bool wake() noexcept { return !waiting_.exchange(true, std::memory_order_acq_rel); }

  std::size_t most_frames_;
  std::mutex lock_;
  contents contents_;
  std::atomic<bool> waiting_{false};
};

} // namespace carillon::net
