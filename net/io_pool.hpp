#pragma once

#include "protocol/io_threads.hpp"
#include "protocol/latency.hpp"

#include <cstddef>
#include <memory>
#include <vector>

namespace boost::asio {
class io_context;
}

namespace carillon::net {

/// The I/O threads: one `io_context` each, so that whatever runs on one of them needs no lock
/// against the rest of it. Owned by `main`; outlives the server and the actors.
class io_pool final : public io_threads {
public:
  explicit io_pool(std::size_t threads);
  ~io_pool() override; ///< stops and joins

  /// Starts the threads.
  void start();

  /// Lets every thread finish its current handler and joins them. Idempotent.
  void stop();

  /// Of all threads so far. Thread-safe.
  [[nodiscard]] relay_reading relay_latency() const noexcept;

  [[nodiscard]] boost::asio::io_context& context(std::size_t index) noexcept;

  [[nodiscard]] std::size_t size() const noexcept override;
  [[nodiscard]] std::optional<std::size_t> current() const noexcept override;
  void post(std::size_t index, job work) override;
  void defer(std::size_t index, job work) override;
  void wake_at(std::size_t index, monotonic::time_point when, job work) override;

private:
  struct thread_state;
  std::vector<std::unique_ptr<thread_state>> threads_;
};

} // namespace carillon::net
