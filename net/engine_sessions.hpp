#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace carillon::net {

class engine_io_session;

/// The open Engine.IO sessions by their ids, so that a request which comes over any connection
/// finds the session it belongs to. Thread-safe. Owned by `site`.
class engine_sessions {
public:
  void add(const std::string& sid, std::weak_ptr<engine_io_session> session);
  void remove(const std::string& sid) noexcept;

  /// The session, null when there is none (any more).
  [[nodiscard]] std::shared_ptr<engine_io_session> find(const std::string& sid) const;

private:
  mutable std::mutex lock_;
  std::unordered_map<std::string, std::weak_ptr<engine_io_session>> sessions_;
};

} // namespace carillon::net
