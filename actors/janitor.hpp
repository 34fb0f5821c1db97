#pragma once

#include "actors/interfaces.hpp"
#include "protocol/clock.hpp"

namespace carillon::actors {

/// What the janitor looks after.
struct janitor_duties {
  persistence_actor persistence;
  clock* time = nullptr;
  int retention_days = 0; ///< 0: only calls that both sides deleted are removed
};

/// Follows steps of the system clock each minute, and has old calls deleted a minute after the
/// start and then once a day.
janitor_actor::behavior_type janitor_behavior(janitor_actor::pointer self, janitor_duties duties);

} // namespace carillon::actors
