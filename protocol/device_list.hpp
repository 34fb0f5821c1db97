#pragma once

#include "protocol/ids.hpp"

#include <algorithm>
#include <vector>

namespace carillon {

/// Whether `device` is one of a user's few devices.
[[nodiscard]] inline bool contains(const std::vector<device_id>& list, const device_id& device) {
  return std::find(list.begin(), list.end(), device) != list.end();
}

} // namespace carillon
