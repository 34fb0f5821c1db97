#pragma once

#include "protocol/commands.hpp"
#include "protocol/ids.hpp"
#include "protocol/records.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace carillon {

/// What a user session knows of one of its live calls; an entry of `callState`.
struct call_summary {
  call_id call;
  call_state state = call_state::ringing;
  bool is_caller = false; ///< role of the user whose session holds this
  user_id peer;
  std::optional<time_point> ring_deadline;
  device_id device; ///< what the user's leg is bound to; empty: nothing, or it is away

  friend bool operator==(const call_summary&, const call_summary&) = default;
};

/// What the server tells devices about direct calls; the direct dialect gives each its name and
/// JSON.
namespace event {

struct initiated {
  call_id call;
  user_id receiver;
  media_type type;
  bool glare;
};
struct incoming {
  call_id call;
  user_view caller;
  media_type type;
};
struct accepted {
  call_id call;
  user_id receiver;
};
struct accepted_confirm {
  call_id call;
};
/// `busy`: the receiver's line was taken; else the receiver declined.
struct rejected {
  call_id call;
  user_id receiver;
  bool busy;
};
struct rejected_confirm {
  call_id call;
};
struct answered_elsewhere {
  call_id call;
};
struct ended {
  call_id call;
  user_id ended_by;
  end_reason reason;
  std::int64_t duration_s;
};
struct ended_confirm {
  call_id call;
  call_status status;
  std::int64_t duration_s;
};
struct not_available {
  call_id call;
  user_id receiver;
};
struct peer_reconnecting {
  call_id call;
  user_id user;
};
struct peer_reconnected {
  call_id call;
  user_id user;
};
struct relayed {
  call_id call;
  user_id from;
  relay_kind kind;
  std::string payload;
  relay_ticket under_way = nullptr;
};
/// The first event of every device: the live calls of its user.
struct call_states {
  std::vector<call_summary> calls;
};

} // namespace event

using call_event =
    std::variant<event::initiated, event::incoming, event::accepted, event::accepted_confirm,
                 event::rejected, event::rejected_confirm, event::answered_elsewhere, event::ended,
                 event::ended_confirm, event::not_available, event::peer_reconnecting,
                 event::peer_reconnected, event::relayed, event::call_states>;

/// Which devices of one user an event is for.
struct address {
  enum class scope : std::uint8_t {
    one,     ///< only `device`
    all,     ///< every device
    knowing, ///< every device that was told of the call, and not `except`
  };
  user_id user;
  scope to = scope::all;
  device_id device; ///< the one; or, with `knowing`, the one left out (empty: none)
};

/// An event on its way.
struct addressed_event {
  address to;
  call_event what;
  bool durable = false; ///< waits until every record of the call so far is committed
};

} // namespace carillon
