#pragma once

#include "config/settings.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace carillon::net {

/// Counts failed authentications for each address over a window (`limits.auth_failures`,
/// `limits.auth_window_minutes`). Thread-safe; time is passed in. Holds at most `most_entries`
/// addresses: beyond that the ones whose window ends first are forgotten.
class auth_failures {
public:
  using instant = std::chrono::steady_clock::time_point;
  static constexpr std::size_t most_entries = 65536;

  explicit auth_failures(const config::limits_settings& limits) noexcept
    : allowed_(limits.auth_failures)
    , window_(std::chrono::minutes{limits.auth_window_minutes}) {}

  /// Notes a failure of `key` (see `failure_key`). 0 while it is among the allowed ones, else the
  /// whole seconds until the window ends.
  [[nodiscard]] int note(const std::string& key, instant now);

  /// How many addresses are held.
  [[nodiscard]] std::size_t size() const;

private:
  struct entry {
    unsigned count = 0;
    instant until{};
  };
  void make_room(instant now);

  unsigned allowed_;
  std::chrono::minutes window_;
  mutable std::mutex lock_;
  std::unordered_map<std::string, entry> entries_;
  std::size_t sweep_at_ = 256;
};

} // namespace carillon::net
