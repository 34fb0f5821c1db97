#include "net/readiness.hpp"
#include "tests/catch.hpp"

using namespace carillon::net;
using namespace std::chrono_literals;

namespace {

constexpr instant at(std::chrono::milliseconds since) { return instant{} + 1h + since; }

} // namespace

TEST_CASE("until somebody has told, all have to find out") {
  readiness state;
  CHECK(state.known(at(0ms)) == std::nullopt);
  CHECK(state.known(at(1ms)) == std::nullopt);
  state.tell(true);
  CHECK(state.known(at(2ms)) == true);
}

TEST_CASE("an answer holds for half a second, then one finds out for all") {
  readiness state;
  CHECK_FALSE(state.known(at(0ms)));
  state.tell(true);
  CHECK(state.known(at(499ms)) == true);
  CHECK(state.known(at(500ms)) == std::nullopt);
  // While that one asks the others have the last answer.
  CHECK(state.known(at(501ms)) == true);
  state.tell(false);
  CHECK(state.known(at(999ms)) == false);
  CHECK(state.known(at(1000ms)) == std::nullopt);
}
