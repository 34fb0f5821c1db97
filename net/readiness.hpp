#pragma once

#include "net/stream.hpp"

#include <chrono>
#include <mutex>
#include <optional>

namespace carillon::net {

/// Whether the store answers. However many ask `/readyz`, it is read twice a second at most: in
/// between the last answer holds. Thread-safe.
class readiness {
public:
  static constexpr std::chrono::milliseconds holds{500};

  /// The answer that still holds; without one the caller has to find out, and to `tell`.
  [[nodiscard]] std::optional<bool> known(instant now);

  void tell(bool store_answers);

private:
  std::mutex lock_;
  bool last_ = true; ///< a server begins with a store that answered
  instant asked_at_{}; ///< the last time that somebody was sent to find out
};

} // namespace carillon::net
