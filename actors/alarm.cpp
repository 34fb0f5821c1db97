#include "actors/alarm.hpp"

#include "actors/context.hpp"
#include "actors/guard.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

namespace carillon::actors {

void alarm::set(const context& house, const call_actor& target, std::optional<time_point> when,
                time_point now) {
  if (when == when_)
    return;
  clear();
  when_ = when;
  if (!when)
    return;
  slot_ = std::make_shared<alarm_slot>();
  slot_->target = target;
  // One millisecond more: both clocks are cut to milliseconds, and waking early would be for
  // nothing.
  auto wait = std::max(milliseconds{0}, *when - now) + milliseconds{1};
  caf::delayed_anon_send(house.alarms, wait, fire{slot_});
}

void alarm::clear() noexcept {
  if (!slot_)
    return;
  {
    std::lock_guard lock{slot_->mutex};
    slot_->target = nullptr;
  }
  slot_.reset();
}

alarm_actor::behavior_type alarm_behavior(alarm_actor::pointer self) {
  guard(self);
  return {[](const fire& what) {
    std::lock_guard lock{what.slot->mutex};
    if (what.slot->target)
      caf::anon_send(what.slot->target, wake{});
  }};
}

} // namespace carillon::actors
