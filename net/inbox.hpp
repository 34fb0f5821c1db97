#pragma once

#include "net/stream.hpp"
#include "protocol/client_link.hpp"

#include <atomic>
#include <mutex>
#include <optional>
#include <vector>

namespace carillon::net {

/// What other threads leave for one connection until its own thread takes it, with one wake-up for
/// however much was left; or the gate through which they write to it themselves. Thread-safe.
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

  /// While frames pass, `pass` hands one over; else `make` makes one that is left here. One after
  /// the other, whichever it is. True when the caller has to wake the connection's thread.
  template <class Pass, class Make>
  [[nodiscard]] bool hand_over(Pass pass, Make make) {
    std::lock_guard guard{lock_};
    if (passing_.load(std::memory_order_relaxed)) {
      pass();
      return false;
    }
    return leave_locked(make());
  }

  /// Each leaves something; true when the caller has to wake the connection's thread.
  [[nodiscard]] bool leave(frame what);
  [[nodiscard]] bool leave(close_reason reason);
  [[nodiscard]] bool leave_nothing(); ///< something outside of the inbox has changed

  /// On the connection's thread: frames pass from now on, unless some still wait here.
  [[nodiscard]] bool begin_passing();
  void stop_passing() noexcept;
  [[nodiscard]] bool passing() const noexcept { return passing_.load(std::memory_order_acquire); }

  /// Takes everything.
  [[nodiscard]] contents take();

  /// Whether nothing waits; may be out of date at once for anything but what this thread left.
  [[nodiscard]] bool empty() const noexcept { return !waiting_.load(std::memory_order_acquire); }

private:
  [[nodiscard]] bool leave_locked(frame what);
  [[nodiscard]] bool wake() noexcept { return !waiting_.exchange(true, std::memory_order_acq_rel); }

  std::size_t most_frames_;
  std::mutex lock_;
  contents contents_;
  std::atomic<bool> waiting_{false};
  std::atomic<bool> passing_{false}; ///< changed under the lock
};

} // namespace carillon::net
