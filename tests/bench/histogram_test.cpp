#include "bench/load/histogram.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using carillon::load::histogram;

TEST_CASE("an empty histogram says zero", "[bench]") {
  histogram values;
  CHECK(values.count() == 0);
  CHECK(values.max() == 0);
  CHECK(values.percentile(99.9) == 0);
}

TEST_CASE("negative durations count as zero", "[bench]") {
  histogram values;
  values.record(-5);
  CHECK(values.count() == 1);
  CHECK(values.percentile(100) == 0);
}

TEST_CASE("small values are exact", "[bench]") {
  histogram values;
  for (int i = 1; i <= 100; ++i)
    values.record(i);
  CHECK(values.percentile(0) == 1);
  CHECK(values.percentile(50) == 50);
  CHECK(values.percentile(99) == 99);
  CHECK(values.percentile(100) == 100);
  CHECK(values.max() == 100);
}

TEST_CASE("percentiles are never below the true value and at most 0.8 % above", "[bench]") {
  std::mt19937_64 random{20260101};
  for (double largest : {8.0, 14.0, 20.0, 26.0, 32.0}) {
    std::uniform_real_distribution<> exponent{0, largest};
    histogram values;
    std::vector<std::int64_t> sorted;
    for (int i = 0; i < 20'000; ++i) {
      auto value = static_cast<std::int64_t>(std::exp(exponent(random)));
      values.record(value);
      sorted.push_back(value);
    }
    std::sort(sorted.begin(), sorted.end());
    for (double percent : {1.0, 25.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
      CAPTURE(largest, percent);
      auto rank = std::ceil(percent / 100 * static_cast<double>(sorted.size()));
      auto exact = static_cast<double>(sorted[static_cast<std::size_t>(rank) - 1]);
      auto found = static_cast<double>(values.percentile(percent));
      CHECK(found >= exact);
      CHECK(found <= exact * 1.008);
    }
  }
}
