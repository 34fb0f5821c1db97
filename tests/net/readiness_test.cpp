#include "net/readiness.hpp"
#include "tests/catch.hpp"

using namespace carillon::net;
using namespace std::chrono_literals;

namespace {

constexpr instant at(std::chrono::milliseconds since) { return instant{} + 1h + since; }

} // namespace

TEST_CASE("one finds out at the start, too, and the others have what was so when the server began") {
  readiness state;
  CHECK(state.known(at(0ms)) == std::nullopt);
  CHECK(state.known(at(1ms)) == true);
  state.tell(false);
  CHECK(state.known(at(2ms)) == false);
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
