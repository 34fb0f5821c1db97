#pragma once

#include "net/stream.hpp"
#include "protocol/latency.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace carillon::net {

class channel;

/// A socket that a pump watches; on the pump's thread.
class pumped {
public:
  virtual ~pumped() = default;
  /// Readiness of `epoll_wait`. Edge-triggered: what is not read now is not told again.
  virtual void on_ready(std::uint32_t events) noexcept = 0;
};

/// Watches the plain WebSockets of one I/O thread, and writes what was queued for any connection
/// while a handler ran.
///
/// An `epoll` of its own beside Asio's, for two things that Asio's operations do not do: a read
/// that filled less than its buffer is not followed by another one that only finds nothing, and an
/// idle connection has neither a buffer nor an operation. Owned by the thread's place in `io_pool`.
class pump {
public:
  /// Enough for most bursts of one client in one read.
  static constexpr std::size_t buffer_size = 64 * 1024;

  explicit pump(boost::asio::io_context& context);
  ~pump();
  pump(const pump&) = delete;
  pump& operator=(const pump&) = delete;

  /// The pump of the calling thread; null on threads that are no I/O threads.
  [[nodiscard]] static pump* here() noexcept;
  /// Makes this the pump of the calling thread, or nobody's.
  void settle_here() noexcept;
  static void leave() noexcept;

  /// Begins to watch `socket`, whose descriptor is `handle`. False when the system refuses.
  [[nodiscard]] bool add(int handle, pumped& socket) noexcept;

  /// The socket is closed, and is told of nothing any more; kept until nothing of this turn can
  /// name it.
  void retire(std::shared_ptr<pumped> socket);

  /// Flushes `which` when the current handler has returned. Any thread may call it on its own pump.
  void flush_soon(std::shared_ptr<channel> which);

  /// A relay that was decoded at `began` was just handed on: timed when what this handler queued is
  /// written, or now if it queued nothing (the receiver's own thread writes then).
  void time_relay(instant began) noexcept;

  /// Thread-safe.
  [[nodiscard]] relay_reading relay_latency() const noexcept { return relays_.read(); }

  /// For one read at a time.
  [[nodiscard]] char* buffer() noexcept { return buffer_.get(); }

private:
  using descriptor = boost::asio::posix::basic_stream_descriptor<io_executor>;

  void watch();
  void turn() noexcept;
  void flush_all() noexcept;
  void count_relays() noexcept;

  boost::asio::io_context& context_;
  descriptor epoll_;
  std::unique_ptr<char[]> buffer_;
  std::vector<std::shared_ptr<channel>> to_flush_;
  std::vector<std::shared_ptr<channel>> flushing_;
  std::vector<std::shared_ptr<pumped>> retired_;
  bool turning_ = false;
  bool flush_posted_ = false;
  std::array<instant, 64> relayed_; ///< since the last flush; more are timed as the last of these
  std::size_t relayed_count_ = 0;
  relay_times relays_{relay_bounds};
};

} // namespace carillon::net
