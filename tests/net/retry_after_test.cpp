#include "net/retry_after.hpp"
#include "tests/catch.hpp"

using namespace carillon::net;

namespace {

// Sun, 06 Nov 1994 08:49:37 GMT
const auto now = std::chrono::system_clock::from_time_t(784111777);

long wait(std::string_view text) {
  auto found = parse_retry_after(text, now);
  return found ? static_cast<long>(found->count()) : -1;
}

} // namespace

TEST_CASE("Retry-After is a number of seconds or a date") {
  CHECK(wait("0") == 0);
  CHECK(wait("120") == 120);
  CHECK(wait("99999999999999999999") == 4294967295);
  CHECK(wait("Sun, 06 Nov 1994 08:50:37 GMT") == 60);
  CHECK(wait("Mon, 07 Nov 1994 08:49:37 GMT") == 86400);
  CHECK(wait("Sun, 06 Nov 1994 08:49:00 GMT") == 0);
  for (auto bad :
       {"", "-1", "1.5", "soon", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37 GMT+1", "1 minute"})
    CHECK(wait(bad) == -1);
}
