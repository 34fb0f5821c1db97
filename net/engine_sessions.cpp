#include "net/engine_sessions.hpp"

namespace carillon::net {

void engine_sessions::add(const std::string& sid, std::weak_ptr<engine_io_session> session) {
  std::lock_guard guard{lock_};
  sessions_.insert_or_assign(sid, std::move(session));
}

void engine_sessions::remove(const std::string& sid) noexcept {
  std::lock_guard guard{lock_};
  sessions_.erase(sid);
}

std::shared_ptr<engine_io_session> engine_sessions::find(const std::string& sid) const {
  std::lock_guard guard{lock_};
  auto found = sessions_.find(sid);
  return found == sessions_.end() ? nullptr : found->second.lock();
}

} // namespace carillon::net
