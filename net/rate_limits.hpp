#pragma once

#include "config/settings.hpp"
#include "protocol/ids.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>

namespace carillon::net {

/// How fast a bucket fills and how much it holds. Off when either is 0.
struct rate {
  double per_second = 0;
  double burst = 0;

  [[nodiscard]] bool off() const noexcept { return per_second <= 0 || burst <= 0; }
};

/// A token bucket. A plain value; time is passed in. Starts full.
class token_bucket {
public:
  using instant = std::chrono::steady_clock::time_point;

  /// Takes one token and returns 0, or returns in how many whole seconds (at least 1) there is one.
  [[nodiscard]] int take(const rate& at, instant now) noexcept;

  /// Whether it would be full at `now`, and so need not be remembered.
  [[nodiscard]] bool full(const rate& at, instant now) const noexcept;

private:
  void fill(const rate& at, instant now) noexcept;

  double missing_ = 0; ///< tokens short of full when `since_` was
  instant since_{};
};

/// One bucket for each key, in shards of their own lock. Thread-safe. Forgets full buckets, so that
/// it holds no more keys than were used within one refill.
class rate_table {
public:
  using instant = token_bucket::instant;

  explicit rate_table(rate at) noexcept
    : rate_(at) {}

  /// As `token_bucket::take`; always 0 when the rate is off.
  [[nodiscard]] int take(const std::string& key, instant now);

  /// How many keys are held.
  [[nodiscard]] std::size_t size() const;

private:
  struct shard {
    mutable std::mutex lock;
    std::unordered_map<std::string, token_bucket> buckets;
    std::size_t sweep_at = 64; ///< size at which full buckets are looked for
  };

  rate rate_;
  std::array<shard, 16> shards_;
};

/// The limits that hold for a user over all of its connections (`limits.rest_*`,
/// `limits.costly_per_minute`). Thread-safe.
class rate_limits {
public:
  using instant = token_bucket::instant;

  explicit rate_limits(const config::limits_settings& limits) noexcept;

  /// One REST request of `user`: 0, or the seconds to wait.
  [[nodiscard]] int rest(const user_id& user, instant now) { return rest_.take(user.str(), now); }

  /// One costly request, over REST or a socket: 0, or the seconds to wait.
  [[nodiscard]] int costly(const user_id& user, instant now) {
    return costly_.take(user.str(), now);
  }

private:
  rate_table rest_;
  rate_table costly_;
};

/// The rate of the events of one device.
[[nodiscard]] rate event_rate(const config::limits_settings& limits) noexcept;

} // namespace carillon::net
