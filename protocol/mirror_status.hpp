#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

namespace carillon {

/// What the mirror tells about itself, and whether there is one. Made once by `main`, shared by the
/// actors (which write to the outbox), the mirror and the route that shows it. Thread-safe.
class mirror_status {
public:
  /// Entries that may wait; what comes beyond is not mirrored, and counted as failed.
  static constexpr std::uint64_t most_queued = 1'000'000;

  explicit mirror_status(bool enabled) noexcept
    : enabled_(enabled) {}

  [[nodiscard]] bool enabled() const noexcept { return enabled_; }

  /// Whether something may be put into the outbox now; a no is counted.
  [[nodiscard]] bool admits() noexcept;

  /// The mirror's last count of what waits, and of what it gave up.
  void set_queued(std::uint64_t n) noexcept { queued_.store(n, std::memory_order_relaxed); }
  void set_given_up(std::uint64_t n) noexcept { given_up_.store(n, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t queued() const noexcept {
    return queued_.load(std::memory_order_relaxed);
  }
  /// Given up, and never taken.
  [[nodiscard]] std::uint64_t failed() const noexcept {
    return given_up_.load(std::memory_order_relaxed) + dropped();
  }
  [[nodiscard]] std::uint64_t dropped() const noexcept {
    return dropped_.load(std::memory_order_relaxed);
  }

  /// One line, without secrets, with the time; the newest stays until there is another.
  void set_error(std::string line);
  [[nodiscard]] std::string last_error() const;

private:
  bool enabled_;
  std::atomic<std::uint64_t> queued_{0};
  std::atomic<std::uint64_t> given_up_{0};
  std::atomic<std::uint64_t> dropped_{0};
  mutable std::mutex lock_;
  std::string error_;
};

} // namespace carillon
