#include "actors/alarm.hpp"

#include "actors/context.hpp"
#include "actors/guard.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

namespace carillon::actors {

namespace {

/// A message on its way to the alarm actor cannot be taken back, so none may be on its way for
/// long; a later deadline is waited for in pieces, which also follow a step of the wall clock.
constexpr milliseconds longest_wait{60'000};

} // namespace

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
  auto wait = std::clamp(*when - now + milliseconds{1}, milliseconds{1}, longest_wait);
  caf::delayed_anon_send(house.alarms, wait, fire{slot_});
}

void alarm::fired() noexcept {
  when_.reset();
  slot_.reset();
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
