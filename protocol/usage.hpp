#pragma once

#include "protocol/time.hpp"

#include <array>
#include <cstdint>
#include <optional>

namespace carillon {

/// How one user used sessions in a span of time: those that it was named in and that were begun
/// then.
struct usage_report {
  time_point from{};
  time_point to{};
  std::int64_t sessions = 0;
  std::array<std::int64_t, 3> by_type{};   ///< in the order of `session_type`
  std::array<std::int64_t, 3> by_status{}; ///< waiting, active, ended
  std::int64_t joined = 0;                 ///< sessions that the user was in
  std::int64_t total_s = 0;                ///< seconds that the user was in, of stays that are over
  std::int64_t longest_s = 0;              ///< in one session
  std::array<std::int64_t, 24> by_hour{}; ///< sessions that were begun in each hour of the day, UTC
  std::int64_t with_video = 0;            ///< sessions in which the user had it on
  std::int64_t with_audio = 0;
  std::int64_t with_sharing = 0;
  std::int64_t dropped = 0; ///< sessions in which the user's last stay ended by a lost connection
  std::int64_t never_joined = 0; ///< ended with nobody ever in
  std::optional<double> mos;     ///< mean of the user's own samples
};

} // namespace carillon
