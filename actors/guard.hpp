#pragma once

#include "config/log.hpp"

#include <caf/error.hpp>
#include <caf/exit_reason.hpp>

#include <exception>

namespace carillon::actors {

/// Makes an exception that leaves a handler end the actor with a line in the log instead of in
/// silence. Its state's destructor then frees what it held in the directory. Called first by every
/// behavior.
template <class Self>
void guard(Self* self) {
  self->set_exception_handler([name = self->name()](std::exception_ptr& what) -> caf::error {
    try {
      std::rethrow_exception(what);
    } catch (const std::exception& e) {
      log::error("actor_failed", {{"actor", name}, {"what", e.what()}});
    } catch (...) {
      log::error("actor_failed", {{"actor", name}, {"what", "unknown"}});
    }
    return make_error(caf::exit_reason::unhandled_exception);
  });
}

} // namespace carillon::actors
