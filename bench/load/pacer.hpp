#pragma once

#include <cstdint>

namespace carillon::load {

/// A schedule with a fixed rate that does not wait for anyone: what cannot be sent at its time
/// keeps it, so that the delay shows in the latencies instead of being left out.
class pacer {
public:
  /// `per_second` above 0.
  pacer(double per_second, std::int64_t start_ns) noexcept
    : interval_(1e9 / per_second)
    , start_(start_ns) {}

  /// When the next thing is due, in nanoseconds of `now_ns`.
  [[nodiscard]] std::int64_t next() const noexcept {
    return start_ + static_cast<std::int64_t>(interval_ * static_cast<double>(taken_));
  }

  /// Takes the next one off the schedule and returns when it was due.
  std::int64_t take() noexcept {
    auto due = next();
    ++taken_;
    return due;
  }

private:
  double interval_;
  std::int64_t start_;
  std::uint64_t taken_ = 0;
};

} // namespace carillon::load
