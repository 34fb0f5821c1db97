#include "net/rate_limits.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace carillon::net {

void token_bucket::fill(const rate& at, instant now) noexcept {
  if (now <= since_)
    return;
  auto passed = std::chrono::duration<double>(now - since_).count();
  missing_ = std::max(0.0, missing_ - passed * at.per_second);
  since_ = now;
}

int token_bucket::take(const rate& at, instant now) noexcept {
  if (at.off())
    return 0;
  fill(at, now);
  auto short_of = missing_ + 1 - std::max(1.0, at.burst);
  // The tolerance is for the rounding of many small refills.
  if (short_of <= 1e-9) {
    missing_ += 1;
    return 0;
  }
  return std::max(1, static_cast<int>(std::ceil(std::min(short_of / at.per_second, 1e6))));
}

bool token_bucket::full(const rate& at, instant now) const noexcept {
  return missing_ <= std::chrono::duration<double>(now - since_).count() * at.per_second;
}

int rate_table::take(const std::string& key, instant now) {
  if (rate_.off())
    return 0;
  auto& part = shards_[std::hash<std::string>{}(key) % shards_.size()];
  std::lock_guard guard{part.lock};
  if (part.buckets.size() >= part.sweep_at) {
    std::erase_if(part.buckets, [&](const auto& entry) { return entry.second.full(rate_, now); });
    part.sweep_at = std::max<std::size_t>(64, part.buckets.size() * 2);
  }
  return part.buckets[key].take(rate_, now);
}

std::size_t rate_table::size() const {
  std::size_t sum = 0;
  for (auto& part : shards_) {
    std::lock_guard guard{part.lock};
    sum += part.buckets.size();
  }
  return sum;
}

rate_limits::rate_limits(const config::limits_settings& limits) noexcept
  : rest_(rate{static_cast<double>(limits.rest_per_second), static_cast<double>(limits.rest_burst)})
  , costly_(rate{limits.costly_per_minute / 60.0, static_cast<double>(limits.costly_per_minute)}) {}

rate event_rate(const config::limits_settings& limits) noexcept {
  return {static_cast<double>(limits.socket_events_per_second),
          static_cast<double>(limits.socket_events_burst)};
}

} // namespace carillon::net
