#pragma once

#include <stdexcept>
#include <string>

namespace carillon::persistence {

/// Why a store could not do what it was asked. Thrown and caught inside this folder only; outside
/// it is a `failure` (see `store_guard`).
class store_error : public std::runtime_error {
public:
  enum class cause {
    away, ///< the store's doing: not reachable, locked, full, damaged, without its tables
    data, ///< the written values' doing: writing them again fails again
  };

  store_error(cause why, const std::string& text)
    : std::runtime_error(text)
    , why_(why) {}

  [[nodiscard]] cause why() const noexcept { return why_; }

private:
  cause why_;
};

} // namespace carillon::persistence
