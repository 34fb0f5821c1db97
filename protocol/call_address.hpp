#pragma once

#include "protocol/events.hpp"

namespace carillon {

/// Shorthands with which the call machine says whom an event is for.

[[nodiscard]] inline address one(user_id user, device_id device) {
  return {std::move(user), address::scope::one, std::move(device)};
}

[[nodiscard]] inline address one(const origin& who) {
  return one(who.user, who.device);
}

[[nodiscard]] inline address all_of(user_id user) {
  return {std::move(user), address::scope::all, {}};
}

/// Every device of `user` that was told of the call, but for `except`.
[[nodiscard]] inline address knowing(user_id user, device_id except = {}) {
  return {std::move(user), address::scope::knowing, std::move(except)};
}

/// Where news of a call's state goes for a leg: its device; while that is lost, whichever device was
/// told of the call meanwhile; every device of an unbound leg.
[[nodiscard]] inline address state_address(const user_id& user, const device_id& bound, bool away) {
  if (away)
    return knowing(user);
  return bound.empty() ? all_of(user) : one(user, bound);
}

} // namespace carillon
