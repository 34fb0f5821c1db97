#include "net/auth_failures.hpp"
#include "tests/catch.hpp"

using carillon::net::auth_failures;
using namespace std::chrono_literals;

namespace {

constexpr auth_failures::instant start{1000s};

carillon::config::limits_settings allow(unsigned failures, unsigned minutes) {
  carillon::config::limits_settings settings;
  settings.auth_failures = failures;
  settings.auth_window_minutes = minutes;
  return settings;
}

} // namespace

TEST_CASE("failures beyond the allowed ones wait for the end of the window") {
  auth_failures table{allow(3, 30)};
  for (int i = 0; i < 3; ++i)
    CHECK(table.note("a", start) == 0);
  CHECK(table.note("a", start) == 1800);
  CHECK(table.note("a", start + 29min + 59500ms) == 1);
  CHECK(table.note("b", start) == 0);
  for (int i = 0; i < 3; ++i)
    CHECK(table.note("a", start + 30min) == 0);
  CHECK(table.note("a", start + 31min) == 29 * 60);
}

TEST_CASE("0 failures or a window of 0 switches it off") {
  auth_failures unlimited{allow(0, 30)};
  auth_failures timeless{allow(3, 0)};
  for (int i = 0; i < 100; ++i) {
    CHECK(unlimited.note("a", start) == 0);
    CHECK(timeless.note("a", start) == 0);
  }
  CHECK(unlimited.size() + timeless.size() == 0);
}

TEST_CASE("addresses whose window has ended are forgotten") {
  auth_failures table{allow(1, 1)};
  auto now = start;
  for (int i = 0; i < 100'000; ++i)
    REQUIRE(table.note(std::to_string(i), now += 1s) == 0);
  CHECK(table.size() < 1000);
}

TEST_CASE("the number of addresses is bounded within one window, and the latest ones are kept") {
  auth_failures table{allow(1, 60)};
  auto now = start;
  for (int i = 0; i < 200'000; ++i)
    REQUIRE(table.note(std::to_string(i), now += 1ms) == 0);
  CHECK(table.size() <= auth_failures::most_entries);
  CHECK(table.note("199999", now) > 0);
}
