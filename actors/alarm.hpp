#pragma once

#include "actors/interfaces.hpp"
#include "protocol/time.hpp"

#include <memory>
#include <mutex>
#include <optional>

namespace carillon::actors {

struct context;

/// Whom a pending alarm wakes. CAF can neither cancel a delayed message nor deliver one without
/// keeping its receiver alive, so the delayed message goes to one long-lived actor and carries only
/// this slot, which is emptied when the alarm is set anew.
struct alarm_slot {
  std::mutex mutex;
  call_actor target;
};

/// The one timer of a call. Owned by the call's actor and used on its thread only.
class alarm {
public:
  alarm() = default;
  alarm(const alarm&) = delete;
  alarm& operator=(const alarm&) = delete;
  ~alarm() { clear(); }

  /// Wakes `target` at `when` or soon after, or earlier, to look again; a time that is set already is left as it is. Nothing:
  /// no alarm.
  void set(const context& house, const call_actor& target, std::optional<time_point> when,
           time_point now);

  /// The target was woken: the next `set` sets the alarm anew even for the same time.
  void fired() noexcept;

private:
  void clear() noexcept;

  std::shared_ptr<alarm_slot> slot_;
  std::optional<time_point> when_;
};

/// The actor that delivers alarms.
alarm_actor::behavior_type alarm_behavior(alarm_actor::pointer self);

} // namespace carillon::actors
