#pragma once

#include "protocol/errors.hpp"
#include "protocol/vitals.hpp"

#include <array>
#include <atomic>
#include <cstdint>

namespace carillon {

/// What the server counts about itself. Made once by `main`, shared by all folders; every member is
/// thread-safe and relaxed: totals, not a consistent picture.
struct counters {
  using counter = std::atomic<std::uint64_t>;

  /// Refusals by error code; every refusal that a client is told of goes through `refused`.
  std::array<counter, static_cast<std::size_t>(error_code::count_)> refusals{};

  counter connections_opened{};
  counter connections_closed{};
  counter events_in{};
  counter events_out{};
  counter relays{};
  counter calls_started{};
  counter calls_ended{};
  counter batches_written{};
  counter rows_written{};
  counter batches_spooled{};
  counter write_failures{};
  counter slow_devices{};
  counter resumes{};
  counter resumes_failed{};

  vitals now{}; ///< what goes up and down

  void refused(error_code code) noexcept {
    refusals[static_cast<std::size_t>(code)].fetch_add(1, std::memory_order_relaxed);
  }
  static void add(counter& what, std::uint64_t n = 1) noexcept {
    what.fetch_add(n, std::memory_order_relaxed);
  }
};

} // namespace carillon
