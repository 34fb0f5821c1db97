#include "protocol/time.hpp"

#include "tests/catch.hpp"

using namespace carillon;

TEST_CASE("times are written as JavaScript writes them", "[time]") {
  // The right-hand sides are what `new Date(ms).toISOString()` gives.
  CHECK(to_iso8601(from_epoch_ms(0)) == "1970-01-01T00:00:00.000Z");
  CHECK(to_iso8601(from_epoch_ms(1)) == "1970-01-01T00:00:00.001Z");
  CHECK(to_iso8601(from_epoch_ms(1762853400000)) == "2025-11-11T09:30:00.000Z");
  CHECK(to_iso8601(from_epoch_ms(1709208000999)) == "2024-02-29T12:00:00.999Z");
  CHECK(to_iso8601(from_epoch_ms(1767225599999)) == "2025-12-31T23:59:59.999Z");
}

TEST_CASE("times before 1970 round down, not towards zero", "[time]") {
  CHECK(to_iso8601(from_epoch_ms(-1)) == "1969-12-31T23:59:59.999Z");
  CHECK(to_iso8601(from_epoch_ms(-62135596800000)) == "0001-01-01T00:00:00.000Z");
}

TEST_CASE("years beyond four digits get a sign", "[time]") {
  CHECK(to_iso8601(from_epoch_ms(253402300799999)) == "9999-12-31T23:59:59.999Z");
  CHECK(to_iso8601(from_epoch_ms(253402300800000)) == "+010000-01-01T00:00:00.000Z");
  CHECK(to_iso8601(from_epoch_ms(-62198755200000)) == "-000001-01-01T00:00:00.000Z");
}

TEST_CASE("epoch milliseconds round-trip", "[time]") {
  for (std::int64_t ms : {std::int64_t{0}, std::int64_t{-5}, std::int64_t{1762853400123}})
    CHECK(to_epoch_ms(from_epoch_ms(ms)) == ms);
}
