#pragma once

#include "protocol/client_link.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace carillon {

/// How much of what a device was sent is kept, so that it can go on after a lost connection.
struct resume_limits {
  std::size_t events = 256;
  std::size_t bytes = 1024 * 1024;
  seconds window{120};   ///< how long a lost device may stay away
  seconds unanswered{45}; ///< what was sent longer ago has arrived: a ping after it was answered
};

/// The last events of one device, oldest first. A plain value; owned by the user's session.
class event_log {
public:
  explicit event_log(const resume_limits& limits = {})
    : limits_(limits) {}

  /// Keeps an event that has an offset; what no longer fits goes, the oldest first.
  void add(const wire_event_ptr& event, time_point now);

  /// The events after the one at `offset` (0: all), or nothing when some of them are no longer here.
  [[nodiscard]] std::optional<std::vector<wire_event_ptr>> since(std::uint64_t offset) const;

  /// Lets go what was sent before `when` and has arrived.
  void trim(time_point when);

  [[nodiscard]] bool empty() const noexcept { return size() == 0; }

private:
  struct entry {
    wire_event_ptr event;
    time_point sent;
  };

  [[nodiscard]] std::size_t size() const noexcept { return kept_.size() - first_; }
  void drop_first(std::size_t count);

  resume_limits limits_;
  std::vector<entry> kept_; ///< those before `first_` are gone and only not moved over yet
  std::size_t first_ = 0;
  std::size_t bytes_ = 0;
  std::uint64_t gone_ = 0; ///< offset of the last event that was let go
};

} // namespace carillon
