#pragma once

#include "actors/interfaces.hpp"

#include <caf/actor.hpp>

#include <functional>
#include <vector>

namespace carillon::actors {

/// What has to end, and in which order.
struct shutdown_plan {
  persistence_actor persistence;
  /// The calls, sessions and channels that live at that moment; called once everything is written.
  std::function<std::vector<caf::actor>()> people;
  /// The rest, in the order of their ending.
  std::vector<caf::actor> services;
  seconds patience{6}; ///< for the last writes; a store that hangs is given up after 4
};

/// Waits until everything is written (or for its patience), then ends every actor; calls are not
/// ended by it, only their actors: the records stay live for the restart.
shutdown_actor::behavior_type shutdown_behavior(shutdown_actor::pointer self, shutdown_plan plan);

} // namespace carillon::actors
