#include "protocol/latency.hpp"
#include "protocol/vitals.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <array>
#include <utility>

using namespace carillon;

namespace {

constexpr std::array<std::uint64_t, 3> bounds{10, 20, 100};

} // namespace

TEST_CASE("a value counts in the first bucket whose bound it does not exceed", "[latency]") {
  histogram<3> times{bounds};
  for (std::uint64_t value : {0, 10, 11, 20, 100, 101, 5'000})
    times.add(value);
  auto read = times.read();
  CHECK(read.counts == std::array<std::uint64_t, 4>{2, 2, 1, 2});
  CHECK(read.sum == 5'242);
  CHECK(read.total() == 7);
}

TEST_CASE("readings of several threads are added up", "[latency]") {
  histogram<3> one{bounds};
  histogram<3> other{bounds};
  one.add(5);
  other.add(50);
  other.add(500);
  auto all = one.read();
  all += other.read();
  CHECK(all.counts == std::array<std::uint64_t, 4>{1, 0, 1, 1});
  CHECK(all.sum == 555);
}

TEST_CASE("quantiles are found inside of a bucket", "[latency]") {
  histogram<3> times{bounds};
  CHECK(quantile(times.read(), bounds, 0.5) == 0);
  for (int i = 0; i < 8; ++i)
    times.add(15);
  CHECK(quantile(times.read(), bounds, 0.5) == 15);
  CHECK(quantile(times.read(), bounds, 1.0) == 20);
  times.add(99);
  times.add(1'000);
  CHECK(quantile(times.read(), bounds, 0.8) == 20);
  CHECK(quantile(times.read(), bounds, 0.9) == 100);
  CHECK(quantile(times.read(), bounds, 0.99) == 100); // above all bounds there is only the last
}

TEST_CASE("the bounds grow", "[latency]") {
  auto grows = [](const auto& upto) {
    return std::is_sorted(upto.begin(), upto.end())
           && std::adjacent_find(upto.begin(), upto.end()) == upto.end();
  };
  CHECK(grows(relay_bounds));
  CHECK(grows(commit_bounds));
  CHECK(grows(batch_bounds));
}

TEST_CASE("a gauge is up for as long as it is held", "[vitals]") {
  gauge one{0};
  gauge other{0};
  {
    gauge_hold hold{one};
    CHECK(one == 1);
    hold = gauge_hold{other};
    CHECK(one == 0);
    CHECK(other == 1);
    auto taken = std::move(hold);
    CHECK(other == 1);
    taken = {};
    CHECK(other == 0);
    taken = gauge_hold{one};
    CHECK(one == 1);
  }
  CHECK(one == 0);
}
