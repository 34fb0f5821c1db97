#pragma once

#include "net/io_pool.hpp"

#include <boost/intrusive/list.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace carillon::net {

/// A connection as the registry sees it; all on the connection's own thread. One that is destroyed
/// while it is in takes itself out.
class registered : public boost::intrusive::list_base_hook<
                       boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
  virtual ~registered() = default;

  /// The server stops: finish what is under way, tell the client and close.
  virtual void shut_down() noexcept = 0;

  /// Close at once.
  virtual void abort() noexcept = 0;
};

/// Every live connection, in one list for each I/O thread, so that the server can stop them. Owned
/// by the server's `site`; the pool outlives it.
class registry : public std::enable_shared_from_this<registry> {
public:
  explicit registry(io_pool& pool);

  /// On the connection's thread. False when the server stops: the connection must not go on.
  [[nodiscard]] bool add(registered& connection) noexcept;

  /// On the connection's thread; no effect when it is not in.
  void remove(registered& connection) noexcept;

  /// Shuts every connection down and calls `done` once, on an I/O thread, when the last one is gone
  /// or after `patience`, when the rest is cut off. Thread-safe; a second call waits with the
  /// first.
  void stop(std::chrono::milliseconds patience, std::function<void()> done);

  /// Connections that are open now. Thread-safe.
  [[nodiscard]] std::size_t live() const noexcept { return live_.load(); }

  [[nodiscard]] bool stopping() const noexcept { return stopping_.load(); }

private:
  using list = boost::intrusive::list<registered, boost::intrusive::constant_time_size<false>>;

  template <class Visit>
  void visit(std::size_t thread, Visit what);
  void release() noexcept;
  void finish() noexcept;
  void cut_off();

  io_pool& pool_;
  std::vector<list> lists_; ///< by thread; each is touched on its thread only
  std::atomic<std::size_t> live_{0};
  std::atomic<std::size_t> holds_{1}; ///< connections, the server itself, and sweeps under way
  std::atomic<bool> stopping_{false};
  bool finished_ = false; ///< locked
  std::mutex lock_;
  std::vector<std::function<void()>> waiting_; ///< for the end of the stop; locked
};

} // namespace carillon::net
