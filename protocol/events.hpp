#pragma once

#include "protocol/commands.hpp"
#include "protocol/fwd.hpp"
#include "protocol/ids.hpp"
#include "protocol/records.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace carillon {

/// What a user session knows of one of its live calls; an entry of `callState`.
struct call_summary {
  call_id call;
  call_state state = call_state::ringing;
  bool is_caller = false; ///< role of the user whose session holds this: caller, initiator
  user_id peer;           ///< of a direct call
  std::optional<time_point> ring_deadline; ///< it rings; a session: the user's invitation is pending
  device_id device; ///< what the user's leg is bound to; empty: nothing, or it is away
  call_kind kind = call_kind::direct;
  std::optional<session_type> type{}; ///< of a session
  bool joined = false; ///< of a session or video call: the user's leg is in, perhaps away
  std::string shown_as{}; ///< of video: what clients call it; empty: `call`
  participant_role role = participant_role::participant; ///< of video: what the user may do
  bool away = false; ///< the leg has no device, and a grace runs

  friend bool operator==(const call_summary&, const call_summary&) = default;
};

/// A session as somebody sees it who joins it at this moment.
struct session_now {
  call_id call;
  session_facts_ptr facts;
  std::vector<participant> in;    ///< the joiner too, in the order of the record
  std::vector<std::string> names; ///< of those, in their order
  std::uint32_t version = 0;      ///< of the list
};

/// What the server tells devices about calls; the dialect of the call's family gives each its name
/// and JSON.
namespace event {

// -- direct calls ------------------------------------------------------------

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

// -- sessions ----------------------------------------------------------------

/// To the devices of a named participant, while its invitation is pending.
struct invited {
  call_id call;
  user_view initiator;
  session_facts_ptr facts;
  time_point until;
};
/// To the device that has the leg from now on: it joined, or the leg moved to it.
struct session_joined {
  std::shared_ptr<const session_now> now; ///< never null
};
/// To the others that are in. `previous` is set when the participant was in already, on that device
/// (the same as now when only its peer id is new).
struct user_joined {
  call_id call;
  participant who;
  std::string name;
  device_id previous;
  std::uint32_t version;
};
/// To the others that are in; to the device that did not come back, too.
struct user_left {
  call_id call;
  user_id user;
  device_id device;
  bool dropped; ///< no device came back; else it left
  std::uint32_t version;
};
/// To the user's other devices that know of the session: `device` has the leg.
struct taken_elsewhere {
  call_id call;
  device_id device;
};
struct media_changed {
  call_id call;
  user_id user;
  device_id device;
  media_state media;
};
/// To every device of everybody named.
struct session_ended {
  call_id call;
  user_id ended_by;
  end_reason reason;
  std::int64_t duration_s;
};

// -- video ---------------------------------------------------------------------

/// To every device of everybody for whom it was created; to later ones of who has not answered.
struct video_created {
  std::shared_ptr<const call_record> call; ///< never null
};
/// The status, or an invitation, changed.
struct video_updated {
  std::shared_ptr<const call_record> call;
};
struct video_joined {
  std::shared_ptr<const call_record> call;
  participant who;
  std::string name;
};
struct video_left {
  enum class why : std::uint8_t { left, kicked, connection_lost, timeout };
  std::shared_ptr<const call_record> call;
  participant who;
  why reason = why::left;
  user_id by; ///< who removed it; empty: nobody
};
struct video_ended {
  std::shared_ptr<const call_record> call;
};

// -- all --------------------------------------------------------------------

struct relayed {
  call_id call;
  user_id from;
  relay_kind kind;
  std::string payload;
  device_id from_device{};
  call_kind family = call_kind::direct;
  relay_ticket under_way = nullptr;
};
/// Ready as it is for every receiver: news of a channel.
struct told {
  wire_event_ptr what; ///< never null; without an offset
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
                 event::peer_reconnected, event::invited, event::session_joined, event::user_joined,
                 event::user_left, event::taken_elsewhere, event::media_changed,
                 event::session_ended, event::relayed, event::call_states, event::video_created,
                 event::video_updated, event::video_joined, event::video_left, event::video_ended,
                 event::told>;

/// Which devices of one user an event is for.
struct address {
  enum class scope : std::uint8_t {
    one,     ///< only `device`
    all,     ///< every device, and the lost ones that were told of the call
    knowing, ///< every device that was told of the call, and not `except`
    every,   ///< every device, and every lost one; none of them knows of a call by that
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
