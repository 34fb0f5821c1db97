#include "bench/load/poller.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <span>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>

namespace carillon::load {

namespace {

constexpr std::size_t scratch_bytes = 256 * 1024;
constexpr std::int64_t ns_per_second = 1'000'000'000;

void control(int epoll, int operation, int fd, std::uint32_t events, pollable& who) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &who;
  if (::epoll_ctl(epoll, operation, fd, &event) != 0)
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
}

/// As `epoll_wait`, for `left` nanoseconds. Kernels before 5.11 only know milliseconds: there the
/// wait is cut short, and the caller asks again.
int wait_precisely(int epoll, std::span<epoll_event> events, std::int64_t left) {
  auto room = static_cast<int>(events.size());
  static bool has_pwait2 = true;
  if (has_pwait2) {
    timespec timeout{left / ns_per_second, left % ns_per_second};
    auto count = ::epoll_pwait2(epoll, events.data(), room, &timeout, nullptr);
    if (count >= 0 || (errno != ENOSYS && errno != EPERM))
      return count;
    has_pwait2 = false;
  }
  return ::epoll_wait(epoll, events.data(), room, static_cast<int>(left / 1'000'000));
}

} // namespace

poller::poller()
  : epoll_(::epoll_create1(EPOLL_CLOEXEC))
  , scratch_(scratch_bytes) {
  if (epoll_ < 0)
    throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

poller::~poller() { ::close(epoll_); }

void poller::add(int fd, std::uint32_t events, pollable& who) {
  control(epoll_, EPOLL_CTL_ADD, fd, events, who);
}

void poller::change(int fd, std::uint32_t events, pollable& who) {
  control(epoll_, EPOLL_CTL_MOD, fd, events, who);
}

void poller::wait(std::int64_t until) {
  std::array<epoll_event, 256> events;
  // Milliseconds are too coarse for an open-loop schedule, hence the variant with nanoseconds.
  auto left = std::max<std::int64_t>(until - now_ns(), 0);
  auto count = wait_precisely(epoll_, events, left);
  if (count < 0 && errno != EINTR)
    throw std::system_error(errno, std::generic_category(), "epoll_wait");
  for (int i = 0; i < count; ++i)
    static_cast<pollable*>(events[static_cast<std::size_t>(i)].data.ptr)
        ->on_ready(events[static_cast<std::size_t>(i)].events);
}

} // namespace carillon::load
