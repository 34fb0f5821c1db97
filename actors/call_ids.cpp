#include "actors/call_ids.hpp"

#include <cstdint>
#include <cstdio>
#include <random>

namespace carillon::actors {

call_id make_call_id(time_point now) {
  // Ids are no secrets (a participant is checked by user), so a seeded generator is enough.
  thread_local std::mt19937_64 random{[] {
    std::random_device seed;
    return (std::uint64_t{seed()} << 32) | seed();
  }()};
  auto epoch = static_cast<std::uint32_t>(
      std::chrono::duration_cast<seconds>(now.time_since_epoch()).count());
  char text[25];
  std::snprintf(text, sizeof text, "%08x%016llx", epoch, static_cast<unsigned long long>(random()));
  return call_id{std::string_view{text, 24}};
}

} // namespace carillon::actors
