#include "net/relay_ways.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

relay_permit_ptr permit_of(std::string call) {
  return std::make_shared<relay_permit>(call_id{std::move(call)}, device_id{"d"}, relay_words{},
                                        std::vector<relay_permit::target>{});
}

} // namespace

TEST_CASE("a permit is used when nothing is under way", "[relay_ways]") {
  net::relay_ways ways;
  CHECK(ways.empty());
  CHECK_FALSE(ways.straight("c"));
  auto first = ways.ticket(call_id{"c"});
  auto permit = permit_of("c");
  ways.permit(permit);
  CHECK_FALSE(ways.straight("c"));
  auto copy = first;
  first.reset();
  CHECK_FALSE(ways.straight("c"));
  copy.reset();
  CHECK(ways.straight("c") == permit.get());
  CHECK_FALSE(ways.straight("other"));
  auto next = permit_of("c");
  ways.permit(next);
  CHECK(ways.straight("c") == next.get());
}

TEST_CASE("a permit may come before the first relay", "[relay_ways]") {
  net::relay_ways ways;
  ways.permit(permit_of("c"));
  CHECK(ways.straight("c"));
  auto under_way = ways.ticket(call_id{"c"});
  CHECK_FALSE(ways.straight("c"));
}

TEST_CASE("a relay behind the end of its call does not go straight", "[relay_ways]") {
  const origin me{user_id{"a"}, device_id{"d"}};
  for (client_command last : {client_command{command::end{me, call_id{"c"}}},
                              client_command{command::leave{me, call_id{"c"}}}}) {
    net::relay_ways ways;
    ways.permit(permit_of("c"));
    ways.prepare(last);
    CHECK_FALSE(ways.straight("c"));
    ways.permit(permit_of("c")); // it was under way
    CHECK_FALSE(ways.straight("c"));
  }
  net::relay_ways ways;
  ways.permit(permit_of("c"));
  client_command relay = command::relay{me, call_id{"c"}, user_id{"b"}, relay_kind::offer, "1"};
  ways.prepare(relay);
  CHECK_FALSE(ways.straight("c"));
  relay = command::end{me, call_id{"other"}};
  CHECK(ways.straight("c"));
}

TEST_CASE("only the last calls are remembered", "[relay_ways]") {
  net::relay_ways ways;
  for (int i = 0; i < 10; ++i)
    ways.permit(permit_of("c" + std::to_string(i)));
  CHECK_FALSE(ways.straight("c5"));
  CHECK(ways.straight("c9"));
  ways.clear();
  CHECK(ways.empty());
}

TEST_CASE("a call with a relay under way is not forgotten", "[relay_ways]") {
  net::relay_ways ways;
  auto under_way = ways.ticket(call_id{"c"});
  for (int i = 0; i < 10; ++i)
    ways.permit(permit_of("c" + std::to_string(i)));
  ways.permit(permit_of("c"));
  CHECK_FALSE(ways.straight("c"));
  under_way.reset();
  CHECK(ways.straight("c"));
}
