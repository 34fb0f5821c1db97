#include "tests/protocol/call_simulation.hpp"
#include "tests/protocol/random_run.hpp"

using namespace carillon::test;

TEST_CASE("random commands, losses and crashes break no promise", "[call][random]") {
  run_random_calls<call_simulation>(300'000, {"place ok",
                                              "place user_busy",
                                              "place user_offline",
                                              "again ok",
                                              "again caller_busy",
                                              "again call_not_found",
                                              "accept ok",
                                              "accept already_processed",
                                              "accept not_authorized",
                                              "reject ok",
                                              "end ok",
                                              "end not_authorized",
                                              "relay ok",
                                              "relay not_authorized",
                                              "relay call_not_found",
                                              "relay early_relay_limit",
                                              "ended hung-up",
                                              "ended no-answer",
                                              "ended rejected",
                                              "ended cancelled",
                                              "ended busy",
                                              "ended offline",
                                              "ended connection-lost",
                                              "ended timeout",
                                              "elsewhere",
                                              "reconnecting",
                                              "reconnected",
                                              "offer",
                                              "answer",
                                              "candidate",
                                              "incoming",
                                              "initiated",
                                              "rejected-confirm",
                                              "ended-confirm",
                                              "glare",
                                              "accepted-confirm",
                                              "accepted",
                                              "rejected",
                                              "not-available",
                                              "restored ringing",
                                              "restored active",
                                              "not restored",
                                              "timer late",
                                              "lost",
                                              "report overtaken",
                                              "settled ringing",
                                              "settled active",
                                              "resumed"});
}

TEST_CASE("the same seed makes the same simulation", "[call][random]") {
  run_calls_twice<call_simulation>();
}
