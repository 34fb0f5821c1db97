#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace carillon::load {

/// Monotonic time in nanoseconds; the unit of every duration that is measured here.
[[nodiscard]] inline std::int64_t now_ns() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// Something with a file descriptor. Must outlive its registration and every `poller::wait` that is
/// running: objects live for the whole run.
class pollable {
public:
  virtual ~pollable() = default;

  /// Called with the events that epoll reported.
  virtual void on_ready(std::uint32_t events) = 0;
};

/// An epoll instance and a high-resolution wake-up. Owned by the one thread of the generator.
class poller {
public:
  poller();
  ~poller();
  poller(const poller&) = delete;
  poller& operator=(const poller&) = delete;

  /// Throws std::system_error when the kernel refuses.
  void add(int fd, std::uint32_t events, pollable& who);
  void change(int fd, std::uint32_t events, pollable& who);

  /// Waits until something is ready or until `until` (nanoseconds of `now_ns`), and dispatches it.
  void wait(std::int64_t until);

  /// Room for one read, shared by all connections; its content is valid until the next read.
  [[nodiscard]] std::vector<char>& scratch() noexcept { return scratch_; }

private:
  int epoll_;
  std::vector<char> scratch_;
};

} // namespace carillon::load
