#include "actors/call_ids.hpp"

#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>

namespace carillon::actors {

namespace {

// Ids are no secrets (a participant is checked by user), so a seeded generator is enough.
std::mt19937_64& dice() {
  thread_local std::mt19937_64 random{[] {
    std::random_device seed;
    return (std::uint64_t{seed()} << 32) | seed();
  }()};
  return random;
}

} // namespace

call_id make_call_id(time_point now) {
  auto epoch = static_cast<std::uint32_t>(
      std::chrono::duration_cast<seconds>(now.time_since_epoch()).count());
  char text[25];
  std::snprintf(text, sizeof text, "%08x%016llx", epoch, static_cast<unsigned long long>(dice()()));
  return call_id{std::string_view{text, 24}};
}

call_id make_session_id(time_point now) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::uniform_int_distribution<std::size_t> any{0, letters.size() - 1};
  auto text = "call_" + std::to_string(to_epoch_ms(now)) + "_";
  for (auto count = 0; count < 9; ++count)
    text += letters[any(dice())];
  return call_id{text};
}

} // namespace carillon::actors
