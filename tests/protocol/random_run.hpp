#pragma once

#include "tests/catch.hpp"
#include "tests/protocol/simulated_world.hpp"

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

namespace carillon::test {

inline std::uint64_t seed_of_this_run() {
  if (const char* given = std::getenv("CARILLON_TEST_SEED"))
    return std::strtoull(given, nullptr, 10);
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

/// Runs the failing call once more, this time writing down what happens.
template <class Simulation>
std::string log_of(std::uint64_t seed, std::uint64_t number) {
  std::vector<std::string> log;
  tally unused;
  try {
    Simulation{seed, number, unused, &log}.run();
    log.emplace_back("(the second run found nothing: the simulation is not deterministic)");
  } catch (const std::exception& broken) {
    log.push_back(std::string{"BROKEN: "} + broken.what());
  }
  std::string text;
  for (const auto& line : log)
    text += "\n  " + line;
  return text;
}

/// Simulates calls until clients have sent `commands`, and checks that each of `wanted` happened: a
/// simulation in which something never happens proves nothing of it.
template <class Simulation>
void run_random_calls(std::uint64_t commands, std::initializer_list<const char*> wanted) {
  auto seed = seed_of_this_run();
  INFO("to repeat: CARILLON_TEST_SEED=" << seed);
  tally count;
  for (std::uint64_t number = 0; count.commands < commands; ++number) {
    try {
      Simulation{seed, number, count, nullptr}.run();
    } catch (const std::exception& broken) {
      FAIL("call " << number << ": " << broken.what() << log_of<Simulation>(seed, number));
    }
  }
  for (const auto* what : wanted) {
    INFO(what);
    CHECK(count.seen[what] > 0);
  }
  if (std::getenv("CARILLON_TEST_TALLY"))
    for (const auto& [what, times] : count.seen)
      WARN(what << ": " << times);
}

/// Checks that calls go the same way twice.
template <class Simulation>
void run_calls_twice() {
  for (std::uint64_t number = 0; number < 20; ++number) {
    tally count;
    std::vector<std::string> first;
    std::vector<std::string> second;
    Simulation{7, number, count, &first}.run();
    Simulation{7, number, count, &second}.run();
    CHECK(first == second);
  }
}

} // namespace carillon::test
