#include "tests/catch.hpp"
#include "tests/protocol/call_simulation.hpp"

#include <cstdlib>
#include <random>

using namespace carillon::test;

namespace {

constexpr std::uint64_t commands_to_run = 300'000;

std::uint64_t seed_of_this_run() {
  if (const char* given = std::getenv("CARILLON_TEST_SEED"))
    return std::strtoull(given, nullptr, 10);
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

/// Runs the failing call once more, this time writing down what happens.
std::string log_of(std::uint64_t seed, std::uint64_t number) {
  std::vector<std::string> log;
  tally unused;
  try {
    call_simulation{seed, number, unused, &log}.run();
    log.emplace_back("(the second run found nothing: the simulation is not deterministic)");
  } catch (const std::exception& broken) {
    log.push_back(std::string{"BROKEN: "} + broken.what());
  }
  std::string text;
  for (const auto& line : log)
    text += "\n  " + line;
  return text;
}

} // namespace

TEST_CASE("random commands, losses and crashes break no promise", "[call][random]") {
  auto seed = seed_of_this_run();
  INFO("to repeat: CARILLON_TEST_SEED=" << seed);
  tally count;
  for (std::uint64_t number = 0; count.commands < commands_to_run; ++number) {
    try {
      call_simulation{seed, number, count, nullptr}.run();
    } catch (const std::exception& broken) {
      FAIL("call " << number << ": " << broken.what() << log_of(seed, number));
    }
  }

  // A simulation in which something never happens proves nothing of it.
  for (const auto* what : {"place ok",
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
                           "settled active"}) {
    INFO(what);
    CHECK(count.seen[what] > 0);
  }
  if (std::getenv("CARILLON_TEST_TALLY"))
    for (const auto& [what, times] : count.seen)
      WARN(what << ": " << times);
}

TEST_CASE("the same seed makes the same simulation", "[call][random]") {
  for (std::uint64_t number = 0; number < 20; ++number) {
    tally count;
    std::vector<std::string> first;
    std::vector<std::string> second;
    call_simulation{7, number, count, &first}.run();
    call_simulation{7, number, count, &second}.run();
    CHECK(first == second);
  }
}
