#include "net/pump.hpp"

#include "config/log.hpp"
#include "net/channel.hpp"

#include <boost/asio/defer.hpp>

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace asio = boost::asio;

namespace carillon::net {

namespace {

/// Sockets that one system call tells of.
constexpr std::size_t most_events = 256;
/// After how many of them what they queued is written: the first should not wait for the last.
constexpr std::size_t flush_every = 16;

thread_local pump* current = nullptr;

} // namespace

pump::pump(asio::io_context& context)
  : context_(context)
  , epoll_(context.get_executor(), ::epoll_create1(EPOLL_CLOEXEC))
  , buffer_(new char[buffer_size]) {
  watch();
}

pump::~pump() = default;

pump* pump::here() noexcept { return current; }

void pump::settle_here() noexcept { current = this; }

void pump::leave() noexcept { current = nullptr; }

bool pump::add(int handle, pumped& socket) noexcept {
  epoll_event what{};
  what.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  what.data.ptr = &socket;
  return ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, handle, &what) == 0;
}

void pump::retire(std::shared_ptr<pumped> socket) {
  if (turning_)
    retired_.push_back(std::move(socket));
}

void pump::watch() {
  epoll_.async_wait(asio::posix::descriptor_base::wait_read,
                    [this](const boost::system::error_code& problem) {
                      if (problem)
                        return;
                      turn();
                      watch();
                    });
}

void pump::turn() noexcept {
  std::array<epoll_event, most_events> ready;
  auto count = ::epoll_wait(epoll_.native_handle(), ready.data(), ready.size(), 0);
  turning_ = true;
  for (int i = 0; i < count; ++i) {
    auto& what = ready[static_cast<std::size_t>(i)];
    static_cast<pumped*>(what.data.ptr)->on_ready(what.events);
    if (static_cast<std::size_t>(i) % flush_every == flush_every - 1)
      flush_all();
  }
  flush_all();
  turning_ = false;
  retired_.clear();
}

void pump::flush_soon(std::shared_ptr<channel> which) {
  to_flush_.push_back(std::move(which));
  if (turning_ || std::exchange(flush_posted_, true))
    return;
  asio::defer(context_, [this] {
    flush_posted_ = false;
    flush_all();
  });
}

void pump::flush_all() noexcept {
  // Flushing may end sessions, whose farewells are flushed as well.
  while (!to_flush_.empty()) {
    flushing_.swap(to_flush_);
    for (auto& which : flushing_)
      which->flush();
    flushing_.clear();
  }
  if (relayed_count_ > 0)
    count_relays();
}

void pump::time_relay(instant began) noexcept {
  if (relayed_count_ < relayed_.size())
    relayed_[relayed_count_] = began;
  ++relayed_count_;
  if (to_flush_.empty())
    count_relays();
}

void pump::count_relays() noexcept {
  auto now = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < relayed_count_; ++i) {
    auto took = now - relayed_[std::min(i, relayed_.size() - 1)];
    relays_.add(static_cast<std::uint64_t>(std::chrono::nanoseconds{took}.count()));
  }
  relayed_count_ = 0;
}

} // namespace carillon::net
