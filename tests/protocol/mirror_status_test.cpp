#include "protocol/mirror_status.hpp"

#include "tests/catch.hpp"

using namespace carillon;

TEST_CASE("a mirror takes what fits, and counts the rest", "[mirror]") {
  mirror_status status{true};
  CHECK(status.enabled());
  CHECK(status.admits());
  status.set_queued(mirror_status::most_queued - 1);
  CHECK(status.admits());
  CHECK(status.dropped() == 0);
  status.set_queued(mirror_status::most_queued);
  CHECK_FALSE(status.admits());
  CHECK_FALSE(status.admits());
  CHECK(status.dropped() == 2);
  status.set_queued(7);
  CHECK(status.admits());
  CHECK(status.dropped() == 2);
}

TEST_CASE("where there is no mirror nothing is mirrored, and nothing is missing", "[mirror]") {
  mirror_status status{false};
  CHECK_FALSE(status.enabled());
  CHECK_FALSE(status.admits());
  CHECK(status.dropped() == 0);
}

TEST_CASE("the newest error of a mirror stays until there is another", "[mirror]") {
  mirror_status status{true};
  CHECK(status.last_error().empty());
  status.set_error("first");
  status.set_error("second");
  status.set_queued(0);
  CHECK(status.last_error() == "second");
}

TEST_CASE("what was given up has failed, and so has what was never taken", "[mirror]") {
  mirror_status status{true};
  CHECK(status.queued() == 0);
  CHECK(status.failed() == 0);
  status.set_given_up(3);
  status.set_queued(mirror_status::most_queued);
  CHECK_FALSE(status.admits());
  CHECK(status.queued() == mirror_status::most_queued);
  CHECK(status.failed() == 4);
}
