#include "net/readiness.hpp"

namespace carillon::net {

std::optional<bool> readiness::known(instant now) {
  std::lock_guard guard{lock_};
  if (now - asked_at_ < holds)
    return last_;
  asked_at_ = now;
  return std::nullopt;
}

void readiness::tell(bool store_answers) {
  std::lock_guard guard{lock_};
  last_ = store_answers;
}

} // namespace carillon::net
