#pragma once

#include <cstdint>
#include <iterator>
#include <numeric>
#include <random>

namespace carillon::test {

/// Random numbers from one seed.
class dice {
public:
  dice(std::uint64_t seed, std::uint64_t number) {
    std::seed_seq mix{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                      static_cast<std::uint32_t>(number)};
    random_.seed(mix);
  }

  /// One of 0 to n - 1.
  std::uint64_t pick(std::uint64_t n) { return random_() % n; }
  bool chance(unsigned percent) { return pick(100) < percent; }

  /// An element of a list that is not empty.
  template <class List>
  auto& any_of(List& list) {
    return list[pick(std::size(list))];
  }

  /// An index into `weights`, each as often as its weight says; not all are 0.
  template <class List>
  std::size_t by_weight(const List& weights) {
    auto roll = pick(std::accumulate(std::begin(weights), std::end(weights), 0U));
    std::size_t which = 0;
    while (roll >= weights[which])
      roll -= weights[which++];
    return which;
  }

private:
  std::mt19937_64 random_;
};

} // namespace carillon::test
