#include "protocol/event_log.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

constexpr auto at = from_epoch_ms(1'000'000);

void add(event_log& log, std::uint64_t offset, std::size_t bytes = 2, time_point when = at) {
  (void)log.add("test", {std::string(bytes, '1')}, offset, when);
}

std::vector<std::uint64_t> offsets(const std::optional<std::vector<wire_event_ptr>>& events) {
  std::vector<std::uint64_t> result;
  for (const auto& one : events.value())
    result.push_back(one->offset);
  return result;
}

using numbers = std::vector<std::uint64_t>;

} // namespace

TEST_CASE("a log gives what came after an offset", "[event_log]") {
  event_log log;
  CHECK(offsets(log.since(0)).empty());
  for (std::uint64_t n : {3, 4, 9})
    add(log, n);
  CHECK(offsets(log.since(0)) == numbers{3, 4, 9});
  CHECK(offsets(log.since(3)) == numbers{4, 9});
  CHECK(offsets(log.since(5)) == numbers{9});
  CHECK(offsets(log.since(9)).empty());
}

TEST_CASE("a log keeps the parts of an event as one text", "[event_log]") {
  event_log log;
  CHECK(log.add("test", {"{\"a\":", "1", "}"}, 1, at) == "{\"a\":1}");
  auto kept = log.since(0).value();
  CHECK(kept.at(0)->name == "test");
  CHECK(kept.at(0)->data == "{\"a\":1}");
}

TEST_CASE("events stay whole while others come and go", "[event_log]") {
  event_log log{{.events = 20, .bytes = 30'000}};
  auto text = [](std::uint64_t n) {
    return std::string(n * 7919 % 6000, static_cast<char>('a' + n % 26));
  };
  for (std::uint64_t n = 1; n < 2000; ++n) {
    REQUIRE(log.add("test",
                    {text(n).substr(0, n % 5),
                     text(n).substr(std::min<std::size_t>(n % 5, text(n).size()))},
                    n, at)
            == text(n));
    if (n % 97 == 0)
      log.trim(at + seconds{1});
    auto kept = log.since(n < 4 ? 0 : n - 3);
    if (kept)
      for (const auto& one : *kept)
        REQUIRE(one->data == text(one->offset));
  }
}

TEST_CASE("a full log lets the oldest go and says so", "[event_log]") {
  SECTION("by number") {
    event_log log{{.events = 2, .bytes = 100}};
    for (std::uint64_t n : {1, 2, 3})
      add(log, n);
    CHECK_FALSE(log.since(0).has_value());
    CHECK(offsets(log.since(1)) == numbers{2, 3});
  }
  SECTION("by bytes") {
    event_log log{{.events = 100, .bytes = 10}};
    add(log, 1, 6);
    add(log, 2, 4);
    CHECK(offsets(log.since(0)) == numbers{1, 2});
    add(log, 3, 5);
    CHECK(offsets(log.since(1)) == numbers{2, 3});
    add(log, 4, 11);
    CHECK(log.empty());
    CHECK_FALSE(log.since(3).has_value());
    CHECK(offsets(log.since(4)).empty());
  }
}

TEST_CASE("trimming lets go what has arrived", "[event_log]") {
  event_log log;
  add(log, 1);
  add(log, 2, 2, at + seconds{10});
  log.trim(at + seconds{5});
  CHECK(offsets(log.since(1)) == numbers{2});
  CHECK_FALSE(log.since(0).has_value());
  log.trim(at + seconds{60});
  CHECK(log.empty());
  CHECK(offsets(log.since(2)).empty());
}
