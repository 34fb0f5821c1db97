#pragma once

#include "net/stream.hpp"
#include "protocol/clock.hpp"
#include "protocol/counters.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/latency.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

namespace carillon::net {

class io_pool;

/// The server's figures once a second, the last five minutes of them, for the operators' plots. One
/// timer on the first I/O thread; a beat takes some microseconds. `beat` and `since` are
/// thread-safe.
class pulse : public std::enable_shared_from_this<pulse> {
public:
  static constexpr std::size_t kept = 300;

  struct figures {
    std::uint64_t beat = 0; ///< from 1, one a second
    std::int64_t at_ms = 0; ///< wall clock
    std::int64_t devices = 0, connections = 0;
    std::int64_t ringing = 0, active = 0; ///< calls of all kinds
    /// A second, in this one; events from and to clients, calls that began, rows written.
    double relays = 0, events = 0, calls = 0, rows = 0, refusals = 0;
    double p50_us = 0, p99_us = 0; ///< of relays in this second; 0: there were none
    double store_lag_ms = 0;
    std::int64_t store_queue = 0;
  };

  pulse(const counters& counts, const clock& time, io_pool& pool);

  void start(); ///< on the first I/O thread from now on
  void stop();  ///< thread-safe, idempotent

  /// Takes one reading; what the timer does.
  void beat(std::int64_t wall_ms, std::chrono::duration<double> since_last);

  /// When the beat behind that of `due` is due, which was late when `now` is long after it. Those
  /// that were missed, with a suspended machine, are not made up for.
  [[nodiscard]] static instant next_due(instant due, instant now) noexcept;

  /// `{beat, now:{…}, series:{at:[…], devices:[…], …}}` with the beats after `beat`; with all that
  /// are kept where there was no such beat yet, as after a restart.
  [[nodiscard]] std::string since(std::uint64_t beat) const;

private:
  struct totals {
    std::uint64_t relays = 0, events = 0, calls = 0, rows = 0, refusals = 0;
    relay_reading latency;
  };
  [[nodiscard]] totals read() const;
  [[nodiscard]] figures gauges() const; ///< the rest of them is 0
  void write_now(json::writer& out, const figures& now) const;
  void arm();
  void on_timer();

  const counters& counts_;
  const clock& time_;
  io_pool& pool_;
  const clock::monotonic::time_point begun_ = clock::monotonic::now();
  std::unique_ptr<io_timer> timer_; ///< on its thread only, as are the next two
  instant due_{};
  instant last_beat_{};
  mutable std::mutex lock_;
  totals last_;
  std::array<figures, kept> ring_;
  std::uint64_t beats_ = 0;
};

/// Now minus the time of the oldest op that is not durable; 0 without one.
[[nodiscard]] std::chrono::milliseconds store_lag(const vitals& now) noexcept;

} // namespace carillon::net
