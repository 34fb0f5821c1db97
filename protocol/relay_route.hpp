#pragma once

#include "protocol/commands.hpp"

#include <vector>

namespace carillon {

/// Where a device may send relays of one call without the call being asked: true until the next
/// step of its machine.
struct relay_route {
  origin sender;               ///< the leg and the device it is bound to
  std::vector<origin> targets; ///< the other legs that are bound to a device, and not away

  friend bool operator==(const relay_route&, const relay_route&) = default;
};

} // namespace carillon
