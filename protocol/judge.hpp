#pragma once

#include "protocol/ids.hpp"

#include <cstdint>
#include <vector>

namespace carillon {

/// A live call that concerns a user.
struct held_call {
  call_id call;
  user_id peer;           ///< of a direct call; empty for others
  bool is_caller = false;
  bool ringing = true;    ///< a direct call that was not accepted yet
  bool occupies = true;   ///< the user is busy with it: see `call::occupies`
};

/// What the directory knows of one user when an initiate is judged.
struct line {
  std::vector<held_call> calls;
  bool has_device = false;
};

/// The operator's choices that change a verdict (`calls.*`).
struct line_policy {
  bool ring_offline = false; ///< ring a user with no device
  bool call_waiting = false; ///< ring a user who is in a call
};

enum class verdict_kind : std::uint8_t {
  ring,
  duplicate, ///< the same call rings already
  glare,     ///< the receiver is calling the caller
  caller_busy,
  receiver_busy,
  receiver_offline,
};

struct verdict {
  verdict_kind kind = verdict_kind::ring;
  call_id existing; ///< of `duplicate` and `glare`
};

/// Judges an initiate, in the order that clients are promised: duplicate, glare, caller busy,
/// receiver busy, receiver offline. Busy is who has a call that occupies the line. Pure.
[[nodiscard]] verdict judge(const line& caller, const line& receiver, const user_id& receiver_id,
                            const line_policy& policy);

} // namespace carillon
