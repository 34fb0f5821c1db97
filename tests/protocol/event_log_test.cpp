#include "protocol/event_log.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

wire_event_ptr event(std::uint64_t offset, std::size_t bytes = 2) {
  return std::make_shared<const wire_event>("test", std::string(bytes, '1'), offset);
}

std::vector<std::uint64_t> offsets(const std::optional<std::vector<wire_event_ptr>>& events) {
  std::vector<std::uint64_t> result;
  for (const auto& one : events.value())
    result.push_back(one->offset);
  return result;
}

using numbers = std::vector<std::uint64_t>;
constexpr auto at = from_epoch_ms(1'000'000);

} // namespace

TEST_CASE("a log gives what came after an offset", "[event_log]") {
  event_log log;
  CHECK(offsets(log.since(0)).empty());
  for (std::uint64_t n : {3, 4, 9})
    log.add(event(n), at);
  CHECK(offsets(log.since(0)) == numbers{3, 4, 9});
  CHECK(offsets(log.since(3)) == numbers{4, 9});
  CHECK(offsets(log.since(5)) == numbers{9});
  CHECK(offsets(log.since(9)).empty());
}

TEST_CASE("a log keeps no event without an offset", "[event_log]") {
  event_log log;
  log.add(event(0), at);
  CHECK(log.empty());
}

TEST_CASE("a full log lets the oldest go and says so", "[event_log]") {
  SECTION("by number") {
    event_log log{{.events = 2, .bytes = 100}};
    for (std::uint64_t n : {1, 2, 3})
      log.add(event(n), at);
    CHECK_FALSE(log.since(0).has_value());
    CHECK(offsets(log.since(1)) == numbers{2, 3});
  }
  SECTION("by bytes") {
    event_log log{{.events = 100, .bytes = 10}};
    log.add(event(1, 6), at);
    log.add(event(2, 4), at);
    CHECK(offsets(log.since(0)) == numbers{1, 2});
    log.add(event(3, 5), at);
    CHECK(offsets(log.since(1)) == numbers{2, 3});
    log.add(event(4, 11), at);
    CHECK(log.empty());
    CHECK_FALSE(log.since(3).has_value());
    CHECK(offsets(log.since(4)).empty());
  }
}

TEST_CASE("trimming lets go what has arrived", "[event_log]") {
  event_log log;
  log.add(event(1), at);
  log.add(event(2), at + seconds{10});
  log.trim(at + seconds{5});
  CHECK(offsets(log.since(1)) == numbers{2});
  CHECK_FALSE(log.since(0).has_value());
  log.trim(at + seconds{60});
  CHECK(log.empty());
  CHECK(offsets(log.since(2)).empty());
}
