#pragma once

#include "protocol/time.hpp"

#include <atomic>
#include <chrono>

namespace carillon {

/// Maps the monotonic clock that timers use to the wall clock that records and deadlines use.
///
/// Actors read time only from their own (in tests: virtual) monotonic clock and translate it here,
/// so that the machines see one kind of time. Thread-safe.
class clock {
public:
  using monotonic = std::chrono::steady_clock;

  /// A clock on which `at` on the monotonic clock is `wall`, for virtual time: it stays so.
  clock(monotonic::time_point at, time_point wall) noexcept
    : fixed_(true) {
    set(at, wall);
  }

  /// A clock that agrees with the system's now.
  clock() noexcept { resync(); }

  /// The wall time of a monotonic time.
  [[nodiscard]] time_point wall(monotonic::time_point t) const noexcept {
    return time_point{std::chrono::floor<milliseconds>(t.time_since_epoch())
                      + milliseconds{offset_ms_.load(std::memory_order_relaxed)}};
  }

  /// The monotonic time at which the wall clock will show `t` or a moment later, never earlier.
  [[nodiscard]] monotonic::time_point monotonic_at(time_point t) const noexcept {
    return monotonic::time_point{t.time_since_epoch()
                                 - milliseconds{offset_ms_.load(std::memory_order_relaxed)}};
  }

  /// The wall time now.
  [[nodiscard]] time_point now() const noexcept { return wall(monotonic::now()); }

  /// Moves the wall clock, as an operator's correction does.
  void step(milliseconds by) noexcept {
    offset_ms_.fetch_add(by.count(), std::memory_order_relaxed);
  }

  /// Follows a step of the system's clock (an operator's correction, a machine that was suspended).
  void resync() noexcept {
    if (!fixed_)
      set(monotonic::now(), std::chrono::floor<milliseconds>(std::chrono::system_clock::now()));
  }

private:
  void set(monotonic::time_point at, time_point wall) noexcept {
    auto offset = wall.time_since_epoch() - std::chrono::floor<milliseconds>(at.time_since_epoch());
    offset_ms_.store(offset.count(), std::memory_order_relaxed);
  }

  bool fixed_ = false;
  std::atomic<std::int64_t> offset_ms_{0};
};

} // namespace carillon
