#include "tests/protocol/channel_simulation.hpp"
#include "tests/protocol/random_run.hpp"

using namespace carillon::test;

TEST_CASE("random repetitions, closings and crashes break no promise of a channel",
          "[channel][random]") {
  run_random_calls<channel_simulation>(1'200'000, {"said",
                                                   "told",
                                                   "read",
                                                   "channel",
                                                   "row made",
                                                   "row closed",
                                                   "closed by close",
                                                   "closed by end",
                                                   "call after channel",
                                                   "call there",
                                                   "row there",
                                                   "nothing there",
                                                   "crash",
                                                   "restart",
                                                   "forgotten",
                                                   "lookup after say",
                                                   "lookup after stored",
                                                   "channel_closed",
                                                   "channel_not_found",
                                                   "call_not_found",
                                                   "message_id_taken",
                                                   "not_authorized",
                                                   "store_unavailable",
                                                   "internal_error"});
}

TEST_CASE("the same seed makes the same simulated channel", "[channel][random]") {
  run_calls_twice<channel_simulation>();
}
