#include "protocol/judge.hpp"

#include <algorithm>

namespace carillon {

namespace {

bool is_busy(const line& who) {
  return std::any_of(who.calls.begin(), who.calls.end(),
                     [](const held_call& held) { return held.occupies; });
}

} // namespace

verdict judge(const line& caller, const line& receiver, const user_id& receiver_id,
              const line_policy& policy) {
  const held_call* glare = nullptr;
  for (const auto& held : caller.calls) {
    if (held.peer != receiver_id || !held.ringing)
      continue;
    if (held.is_caller)
      return {verdict_kind::duplicate, held.call};
    glare = &held;
  }
  if (glare)
    return {verdict_kind::glare, glare->call};
  if (is_busy(caller))
    return {verdict_kind::caller_busy, {}};
  if (is_busy(receiver) && !policy.call_waiting)
    return {verdict_kind::receiver_busy, {}};
  if (!receiver.has_device && !policy.ring_offline)
    return {verdict_kind::receiver_offline, {}};
  return {verdict_kind::ring, {}};
}

} // namespace carillon
