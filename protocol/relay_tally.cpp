#include "protocol/relay_tally.hpp"

namespace carillon {

relay_count& relay_count::operator+=(const relay_count& other) noexcept {
  if (other.n == 0)
    return *this;
  if (n == 0)
    return *this = other;
  constexpr auto firsts = marks - 1;
  auto latest = std::max(last(), other.last());
  std::array<time_point, 2 * marks> all{};
  auto kept = [](const relay_count& of) { return std::min<std::size_t>(of.n, marks); };
  auto end = std::copy_n(at.begin(), kept(*this), all.begin());
  end = std::copy_n(other.at.begin(), kept(other), end);
  std::sort(all.begin(), end);
  n += other.n;
  std::copy_n(all.begin(), std::min<std::size_t>(n, firsts), at.begin());
  at[std::min<std::size_t>(n, marks) - 1] = latest;
  return *this;
}

relay_counts relay_tally::read() const noexcept {
  relay_counts counts;
  for (std::size_t kind = 0; kind < rows_.size(); ++kind) {
    const auto& counted = rows_[kind];
    auto& to = counts.by_kind[kind];
    auto n = counted.n.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < std::min<std::size_t>(n, relay_count::marks); ++i) {
      auto at = counted.at[i].load(std::memory_order_relaxed);
      if (at == 0) { // its sender is between the two
        n = static_cast<std::uint32_t>(i);
        break;
      }
      to.at[i] = time_point{milliseconds{at}};
    }
    to.n = n;
  }
  return counts;
}

} // namespace carillon
