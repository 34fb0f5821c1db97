#include "bench/load/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace carillon::load {

namespace {

constexpr unsigned sub_bits = 7;
constexpr std::uint64_t sub_count = std::uint64_t{1} << sub_bits;

} // namespace

histogram::histogram()
  : buckets_((64 - sub_bits + 1) * sub_count) {}

std::size_t histogram::bucket_of(std::uint64_t ns) noexcept {
  if (ns < sub_count)
    return ns;
  // The values from 2^e to 2^(e+1) share 128 buckets of equal width.
  auto exponent = static_cast<unsigned>(std::bit_width(ns)) - 1;
  auto sub = (ns >> (exponent - sub_bits)) - sub_count;
  return (exponent - sub_bits + 1) * sub_count + sub;
}

std::uint64_t histogram::upper_end(std::size_t bucket) noexcept {
  if (bucket < sub_count)
    return bucket;
  auto exponent = bucket / sub_count + sub_bits - 1;
  auto first = (sub_count + bucket % sub_count) << (exponent - sub_bits);
  return first + ((std::uint64_t{1} << (exponent - sub_bits)) - 1);
}

void histogram::record(std::int64_t ns) noexcept {
  ns = std::max<std::int64_t>(ns, 0);
  ++buckets_[bucket_of(static_cast<std::uint64_t>(ns))];
  ++count_;
  max_ = std::max(max_, ns);
}

std::int64_t histogram::percentile(double percent) const noexcept {
  if (count_ == 0)
    return 0;
  auto share = std::ceil(percent / 100.0 * static_cast<double>(count_));
  auto wanted = std::clamp<std::uint64_t>(static_cast<std::uint64_t>(share), 1, count_);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= wanted)
      return std::min(static_cast<std::int64_t>(upper_end(i)), max_);
  }
  return max_;
}

} // namespace carillon::load
