#include "net/ping_after.hpp"

#include "tests/catch.hpp"

#include <set>

using namespace carillon;
using namespace std::chrono_literals;
using instant = std::chrono::steady_clock::time_point;

TEST_CASE("a ping is never later than due, and at most a hundredth of the interval earlier") {
  for (auto interval : {25'000ms, 10'000ms, 20ms, 1ms})
    for (auto now = instant{1h}; now < instant{1h} + 3s; now += 37'003us) {
      auto at = net::ping_after(now, interval);
      CHECK(at <= now + interval);
      CHECK(at > now + interval - instant::duration{interval} / 100 - 1ns);
    }
  CHECK(net::ping_after(instant{7s}, 0ms) == instant{7s});
}

TEST_CASE("connections that were heard of one after the other are pinged together") {
  std::set<instant> sweeps;
  for (auto now = instant{1h}; now < instant{1h} + 1s; now += 1ms)
    sweeps.insert(net::ping_after(now, 25'000ms));
  CHECK(sweeps.size() == 4); // of 250 ms each
}
