#pragma once

#include "protocol/commands.hpp"

#include <vector>

namespace carillon {

/// Where the device of one leg may send relays without the machine being asked: what `call::routes`
/// says is so until the next step of the machine.
struct relay_route {
  origin sender;               ///< the leg's device; relays of another device are not covered
  std::vector<origin> targets; ///< the other legs that are in, bound and not away

  friend bool operator==(const relay_route&, const relay_route&) = default;
};

} // namespace carillon
