#include "protocol/relay_tally.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <random>
#include <thread>
#include <vector>

using namespace carillon;

namespace {

time_point at(std::int64_t ms) { return from_epoch_ms(1'700'000'000'000 + ms); }

/// What there is to keep of relays at these times.
relay_count counted(std::vector<std::int64_t> times) {
  std::sort(times.begin(), times.end());
  relay_count all;
  all.n = static_cast<std::uint32_t>(times.size());
  for (std::size_t i = 0; i < std::min<std::size_t>(times.size(), relay_count::marks - 1); ++i)
    all.at[i] = at(times[i]);
  if (times.size() >= relay_count::marks)
    all.at.back() = at(times.back());
  return all;
}

} // namespace

TEST_CASE("a tally keeps how many there were, the first times and the last", "[relay_tally]") {
  relay_tally tally;
  CHECK(tally.read() == relay_counts{});
  std::vector<std::int64_t> times;
  for (std::int64_t ms = 0; ms < 40; ++ms) {
    times.push_back(ms);
    tally.note(relay_kind::candidate, at(ms));
    auto read = tally.read();
    REQUIRE(read.by_kind[2] == counted(times));
    REQUIRE(read.by_kind[2].last() == at(ms));
  }
  tally.note(relay_kind::offer, at(50));
  CHECK(tally.read().by_kind[0] == counted({50}));
  CHECK(tally.read().by_kind[1].n == 0);
}

TEST_CASE("counts of two permits are those of one for both, whichever came first",
          "[relay_tally]") {
  auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random{seed};
  for (int round = 0; round < 2'000; ++round) {
    std::vector<std::int64_t> one(random() % 9);
    std::vector<std::int64_t> other(random() % 9);
    for (auto* times : {&one, &other})
      for (auto& ms : *times)
        ms = static_cast<std::int64_t>(random() % 30);
    auto both = one;
    both.insert(both.end(), other.begin(), other.end());
    auto sum = counted(one);
    sum += counted(other);
    auto turned = counted(other);
    turned += counted(one);
    REQUIRE(sum == counted(both));
    REQUIRE(turned == sum);
  }
}

TEST_CASE("a tally is read while its sender notes", "[relay_tally]") {
  relay_tally tally;
  constexpr std::uint32_t times = 20'000;
  std::thread sender{[&] {
    for (std::uint32_t i = 1; i <= times; ++i)
      tally.note(relay_kind::candidate, from_epoch_ms(i));
  }};
  std::uint32_t before = 0;
  while (before < times) {
    auto now = tally.read().by_kind[2];
    REQUIRE(now.n >= before);
    for (std::size_t i = 0; i < std::min<std::size_t>(now.n, relay_count::marks - 1); ++i)
      REQUIRE(now.at[i] == from_epoch_ms(static_cast<std::int64_t>(i) + 1));
    before = now.n;
  }
  sender.join();
}
