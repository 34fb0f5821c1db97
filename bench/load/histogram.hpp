#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace carillon::load {

/// Counts durations in logarithmic buckets: 128 for each doubling, so that a percentile is at most
/// 0.8 % above the true value. Owned by one thread.
class histogram {
public:
  histogram();

  /// Adds one duration in nanoseconds; a negative one counts as 0.
  void record(std::int64_t ns) noexcept;

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

  /// The largest recorded duration, exactly; 0 when there is none.
  [[nodiscard]] std::int64_t max() const noexcept { return max_; }

  /// The duration in nanoseconds that `percent` (0 to 100) of all do not exceed; 0 when there is
  /// none.
  [[nodiscard]] std::int64_t percentile(double percent) const noexcept;

private:
  static std::size_t bucket_of(std::uint64_t ns) noexcept;
  static std::uint64_t upper_end(std::size_t bucket) noexcept;

  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::int64_t max_ = 0;
};

} // namespace carillon::load
