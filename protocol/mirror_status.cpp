#include "protocol/mirror_status.hpp"

#include <utility>

namespace carillon {

bool mirror_status::admits() noexcept {
  if (!enabled_)
    return false;
  if (queued_.load(std::memory_order_relaxed) < most_queued)
    return true;
  dropped_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

void mirror_status::set_error(std::string line) {
  std::lock_guard guard{lock_};
  error_ = std::move(line);
}

std::string mirror_status::last_error() const {
  std::lock_guard guard{lock_};
  return error_;
}

} // namespace carillon
