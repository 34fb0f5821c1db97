#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace carillon {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Wall-clock time with the resolution that records and JSON answers have.
using time_point = std::chrono::sys_time<milliseconds>;

/// Milliseconds since the Unix epoch, as stores keep a time.
[[nodiscard]] constexpr std::int64_t to_epoch_ms(time_point t) noexcept {
  return t.time_since_epoch().count();
}

/// The time that `to_epoch_ms` gave.
[[nodiscard]] constexpr time_point from_epoch_ms(std::int64_t ms) noexcept {
  return time_point{milliseconds{ms}};
}

/// ISO 8601 in UTC with milliseconds, `2025-11-11T09:30:00.000Z`, as JavaScript's `toISOString`.
[[nodiscard]] std::string to_iso8601(time_point t);

} // namespace carillon
