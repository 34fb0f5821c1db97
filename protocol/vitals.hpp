#pragma once

#include "protocol/latency.hpp"
#include "protocol/records.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <utility>

namespace carillon {

/// Something that goes up and down. Thread-safe, relaxed.
using gauge = std::atomic<std::int64_t>;

/// How the server is at this moment: what `counters` cannot say with totals. A member of
/// `counters`; every member is thread-safe.
struct vitals {
  std::atomic<bool> draining{false};   ///< SIGTERM has come: no new work should be sent here
  std::atomic<bool> store_away{false}; ///< writes go to the spool, reads are refused

  gauge devices{};                                                   ///< that are connected
  std::array<std::array<gauge, 2>, call_kinds> calls{};              ///< by kind: ringing, active
  std::array<std::atomic<std::uint64_t>, call_kinds> answered{};     ///< became active
  std::array<std::array<std::atomic<std::uint64_t>, end_reasons>, call_kinds> ended{};
  std::array<std::atomic<std::uint64_t>, end_reasons> rang_in_vain{}; ///< direct: ended unanswered

  gauge store_queue{};         ///< ops put and not durable yet
  gauge reads_waiting{};       ///< for the commit of what was put before them
  gauge oldest_put_ms{};       ///< steady clock of the oldest op of the queue; 0: the queue is empty
  commit_times commits{commit_bounds}; ///< written by the persistence actor alone
  batch_sizes batches{batch_bounds};   ///< the same
};

/// Holds a gauge up by one for as long as it lives.
class gauge_hold {
public:
  gauge_hold() = default;
  explicit gauge_hold(gauge& what) noexcept
    : what_(&what) {
    what.fetch_add(1, std::memory_order_relaxed);
  }
  gauge_hold(gauge_hold&& other) noexcept
    : what_(std::exchange(other.what_, nullptr)) {}
  gauge_hold& operator=(gauge_hold&& other) noexcept {
    std::swap(what_, other.what_);
    return *this;
  }
  ~gauge_hold() {
    if (what_)
      what_->fetch_sub(1, std::memory_order_relaxed);
  }

private:
  gauge* what_ = nullptr;
};

} // namespace carillon
