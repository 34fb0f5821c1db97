#include "actors/janitor.hpp"

#include "actors/guard.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace carillon::actors {

namespace {

constexpr std::chrono::minutes round_interval{1};
constexpr std::chrono::hours clean_up_interval{24};

} // namespace

janitor_actor::behavior_type janitor_behavior(janitor_actor::pointer self, janitor_duties duties) {
  guard(self);
  self->delayed_send(self, round_interval, tick{});
  return {[self, duties, next_clean_up = self->clock().now()](const tick&) mutable {
    duties.time->resync();
    auto now = self->clock().now();
    if (now >= next_clean_up) {
      next_clean_up = now + clean_up_interval;
      auto keep = std::chrono::days{duties.retention_days};
      auto before = duties.retention_days > 0 ? duties.time->wall(now) - keep : time_point{};
      self->send(duties.persistence, sweep{before});
    }
    self->delayed_send(self, round_interval, tick{});
  }};
}

} // namespace carillon::actors
