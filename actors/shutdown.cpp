#include "actors/shutdown.hpp"

#include "actors/guard.hpp"
#include "config/log.hpp"

#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace carillon::actors {

shutdown_actor::behavior_type shutdown_behavior(shutdown_actor::pointer self, shutdown_plan plan) {
  guard(self);
  auto done = std::make_shared<std::shared_ptr<std::promise<void>>>();
  auto finish = [self, plan, done] {
    for (const auto& who : plan.people())
      caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
    for (const auto& who : plan.services)
      caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
    (*done)->set_value();
    self->quit();
  };
  return {
      [self, plan, done](begin_shutdown& begin) {
        *done = std::move(begin.done);
        self->send(plan.persistence, flush{shutdown_actor{self}});
        self->delayed_send(self, plan.patience, tick{});
      },
      [finish](const flushed&) { finish(); },
      [finish](const tick&) {
        log::error("shutdown_without_flush", {{"why", "the last writes took too long"}});
        finish();
      },
  };
}

} // namespace carillon::actors
