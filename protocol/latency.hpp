#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace carillon {

/// What a histogram held at one moment; those of several threads are added up.
template <std::size_t Buckets>
struct histogram_reading {
  std::array<std::uint64_t, Buckets + 1> counts{}; ///< the last: above every bound
  std::uint64_t sum = 0;                           ///< of the values, in the histogram's unit

  histogram_reading& operator+=(const histogram_reading& other) noexcept {
    for (std::size_t i = 0; i < counts.size(); ++i)
      counts[i] += other.counts[i];
    sum += other.sum;
    return *this;
  }

  [[nodiscard]] std::uint64_t total() const noexcept {
    std::uint64_t all = 0;
    for (auto one : counts)
      all += one;
    return all;
  }
};

/// Counts whole numbers in buckets with fixed upper bounds. Written by one thread at a time, which
/// costs two plain loads and stores; read by any. Relaxed: a reading may be in the middle of one.
template <std::size_t Buckets>
class histogram {
public:
  using bounds = std::array<std::uint64_t, Buckets>; ///< growing, static storage

  explicit constexpr histogram(const bounds& upto) noexcept
    : upto_(&upto) {}
  histogram(const histogram&) = delete;
  histogram& operator=(const histogram&) = delete;

  void add(std::uint64_t value) noexcept {
    std::size_t i = 0;
    while (i < Buckets && value > (*upto_)[i])
      ++i;
    bump(counts_[i], 1);
    bump(sum_, value);
  }

  [[nodiscard]] histogram_reading<Buckets> read() const noexcept {
    histogram_reading<Buckets> now;
    for (std::size_t i = 0; i < counts_.size(); ++i)
      now.counts[i] = counts_[i].load(std::memory_order_relaxed);
    now.sum = sum_.load(std::memory_order_relaxed);
    return now;
  }

private:
  using number = std::atomic<std::uint64_t>;
  static void bump(number& what, std::uint64_t by) noexcept {
    what.store(what.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }

  const bounds* upto_;
  std::array<number, Buckets + 1> counts_{};
  number sum_{};
};

/// Of relays, from a decoded frame to the write to the receiver, in nanoseconds: 25 µs to 250 ms.
inline constexpr std::array<std::uint64_t, 13> relay_bounds{
    25'000,    50'000,    100'000,    250'000,    500'000,    1'000'000,  2'500'000,
    5'000'000, 10'000'000, 25'000'000, 50'000'000, 100'000'000, 250'000'000};
using relay_times = histogram<relay_bounds.size()>;
using relay_reading = histogram_reading<relay_bounds.size()>;

/// Of batches, from the order to the commit (or the fsync of the spool), in nanoseconds: 1 ms to 5 s.
inline constexpr std::array<std::uint64_t, 11> commit_bounds{
    1'000'000,   2'500'000,   5'000'000,     10'000'000,    25'000'000,   50'000'000,
    100'000'000, 250'000'000, 1'000'000'000, 2'500'000'000, 5'000'000'000};
using commit_times = histogram<commit_bounds.size()>;

/// Rows of one batch.
inline constexpr std::array<std::uint64_t, 9> batch_bounds{1, 2, 5, 10, 20, 50, 100, 200, 500};
using batch_sizes = histogram<batch_bounds.size()>;

/// The value under which the share `q` (0 to 1) of a reading lies, by interpolation inside of its
/// bucket; 0 without values, the last bound for what is above all.
template <std::size_t Buckets>
[[nodiscard]] std::uint64_t quantile(const histogram_reading<Buckets>& of,
                                     const std::array<std::uint64_t, Buckets>& upto,
                                     double q) noexcept {
  auto wanted = q * static_cast<double>(of.total());
  double below = 0;
  for (std::size_t i = 0; i < Buckets; ++i) {
    auto here = static_cast<double>(of.counts[i]);
    if (here > 0 && below + here >= wanted) {
      auto low = static_cast<double>(i == 0 ? 0 : upto[i - 1]);
      auto high = static_cast<double>(upto[i]);
      return static_cast<std::uint64_t>(low + (high - low) * (wanted - below) / here);
    }
    below += here;
  }
  return below < wanted ? upto[Buckets - 1] : 0;
}

} // namespace carillon
