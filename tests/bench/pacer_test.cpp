#include "bench/load/pacer.hpp"

#include "tests/catch.hpp"

using carillon::load::pacer;

TEST_CASE("a schedule keeps its rate over a long time", "[bench]") {
  constexpr std::int64_t start = 5'000;
  pacer schedule{300, start};
  CHECK(schedule.next() == start);
  for (int i = 0; i < 300 * 60; ++i)
    schedule.take();
  // A minute later, with no sum of roundings.
  CHECK(schedule.next() == start + 60'000'000'000);
}

TEST_CASE("what was not taken keeps its time", "[bench]") {
  pacer schedule{1000, 0};
  CHECK(schedule.take() == 0);
  CHECK(schedule.next() == 1'000'000);
  CHECK(schedule.next() == 1'000'000);
  CHECK(schedule.take() == 1'000'000);
}
