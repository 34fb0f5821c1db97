#include "bench/load/proc_stat.hpp"

#include "tests/catch.hpp"

#include <atomic>
#include <cstdint>
#include <sys/wait.h>
#include <unistd.h>

using namespace carillon::load;

namespace {

constexpr std::int64_t ms = 1'000'000;

/// Uses the processor for about `wanted` of CPU time.
void work(std::int64_t wanted) {
  auto begin = own_cpu();
  std::atomic<std::uint64_t> sum{0};
  while ((own_cpu() - begin).total_ns() < wanted)
    for (int i = 0; i < 1000; ++i)
      sum.fetch_add(1, std::memory_order_relaxed);
}

} // namespace

TEST_CASE("the CPU time of a process is told in less than a clock tick", "[bench]") {
  auto before = sample_process(::getpid());
  auto own_before = own_cpu();
  work(3 * ms);
  auto after = sample_process(::getpid());
  auto own_after = own_cpu();
  REQUIRE(before);
  REQUIRE(after);
  auto spent = (after->cpu - before->cpu).total_ns();
  auto own = (own_after - own_before).total_ns();
  CHECK(spent >= own);
  CHECK(after->rss_bytes > 0);
}

TEST_CASE("the CPU time of a family is that of all its members", "[bench]") {
  auto before = sample_family(::getpid());
  REQUIRE(before);
  SECTION("of a child that lives") {
    int ready[2];
    int end[2];
    REQUIRE((::pipe(ready) == 0 && ::pipe(end) == 0));
    auto child = ::fork();
    if (child == 0) {
      work(30 * ms);
      char byte = 0;
      ::close(end[1]);
      auto ignored = ::write(ready[1], &byte, 1);
      ignored = ::read(end[0], &byte, 1);
      ::_exit(ignored == 0 ? 0 : 1);
    }
    char byte = 0;
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    auto after = sample_family(::getpid());
    ::close(end[1]);
    ::waitpid(child, nullptr, 0);
    for (int fd : {ready[0], ready[1], end[0]})
      ::close(fd);
    REQUIRE(after);
    CHECK((*after - *before).total_ns() >= 29 * ms);
  }
  SECTION("of a child that was waited for") {
    auto child = ::fork();
    if (child == 0) {
      work(50 * ms);
      ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
    auto after = sample_family(::getpid());
    REQUIRE(after);
    CHECK((*after - *before).total_ns() >= 30 * ms); // in clock ticks of 10 ms
  }
}

TEST_CASE("nothing is told of a process that is not there", "[bench]") {
  CHECK_FALSE(sample_process(0x7ffffffe));
  CHECK_FALSE(sample_family(0x7ffffffe));
}
