#pragma once

#include "protocol/counters.hpp"
#include "protocol/latency.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace carillon::net {

/// What `/metrics` shows besides `counters`.
struct metrics_inputs {
  std::string_view version;
  relay_reading relays;
  std::chrono::milliseconds store_lag{0};
  std::int64_t mirror_queued = 0, mirror_failed = 0; ///< of the mirror to Stream
  std::uint64_t resident_bytes = 0; ///< 0: unknown, left out
  double cpu_seconds = 0;
  double started_at = 0; ///< seconds since 1970
};

/// Prometheus' text format 0.0.4. Every series is there from the start; labels are enumerations
/// only (kinds of call, reasons, error codes), never ids.
[[nodiscard]] std::string metrics_text(const counters& counts, const metrics_inputs& more);

/// Reads what /proc/self tells; what cannot be read stays 0.
void read_process(metrics_inputs& into) noexcept;

} // namespace carillon::net
