#pragma once

#include <cstdint>
#include <iterator>
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

private:
  std::mt19937_64 random_;
};

} // namespace carillon::test
