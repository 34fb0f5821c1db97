#include "protocol/socket_io.hpp"
#include "tests/catch.hpp"

using namespace carillon;

TEST_CASE("an event is peeked at without a copy", "[socket_io]") {
  auto seen = socket_io::peek_event(R"( ["sendOffer" , {"a":1}])");
  REQUIRE(seen);
  CHECK(seen->name == "sendOffer");
  CHECK(seen->rest == R"({"a":1}])");
  for (auto other : {R"(["x"])", R"([1,{}])", R"(["\u0061",{}])", "[]"})
    CHECK_FALSE(socket_io::peek_event(other));
}
