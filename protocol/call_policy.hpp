#pragma once

#include "protocol/call_core.hpp"
#include "protocol/events.hpp"

#include <variant>
#include <vector>

namespace carillon {

/// What the directory found when it judged an initiate that starts a new call.
enum class placement : std::uint8_t { ring, receiver_busy, receiver_offline };

/// What the call machine understands beyond the commands of clients.
namespace command {

/// The directory placed a new direct call. The first command of its machine.
struct place {
  origin from;
  call_id call;
  user_view caller;
  user_view receiver;
  media_type type = media_type::audio;
  placement verdict = placement::ring;
};

/// An initiate between the two users of this call: a duplicate by the caller, glare by the
/// receiver.
struct again {
  origin from;
  user_id receiver;
  media_type type = media_type::audio; ///< asked for; the call keeps its own
};

/// The door opened a new session. The first command of its machine.
struct open {
  origin from;
  call_id call;
  session_facts_ptr facts;       ///< never null; `seats` is set
  std::vector<user_view> people; ///< the initiator first
};

/// All devices that `user` has now. Level-triggered: the machine finds out itself what changed.
struct presence {
  user_id user;
  std::vector<device_id> devices;
  std::vector<device_id> lost{}; ///< may come back, and then hear what they missed
};

} // namespace command

using call_command =
    std::variant<command::place, command::again, command::accept, command::reject, command::end,
                 command::relay, command::presence, command::open, command::ask_to_join,
                 command::join, command::leave, command::set_media, command::report_quality,
                 command::create, command::enter_call, command::set_status,
                 command::answer_invitation, command::kick>;

/// Where the kinds of call differ. `call` does what they share (who is there, graces, deadlines,
/// reports, refusing the commands of other families) and asks the policy at these points.
/// Stateless: one object for each kind, shared by all calls; all that changes is in the core.
class call_policy {
public:
  virtual ~call_policy() = default;

  /// A command of this kind's family that is not common to all; one that this kind does not have is
  /// refused with `call_not_found`. The call may be over.
  [[nodiscard]] virtual outcome run(call_core& call, call_command& cmd, time_point now) const = 0;

  /// The call was live when the server stopped, and is again: what waits from `now` on.
  virtual void restored(call_core& call, time_point now) const = 0;

  /// `who`, that is in, has lost its device: sets its grace, if it gets one.
  virtual void lost(call_core& call, outcome& out, leg& who, time_point now) const = 0;

  /// `who`, that was away, has a device again and is bound to it; `before` is the one that it had. Or
  /// it was on a lease and has a first device, to which it is not bound.
  virtual void returned(call_core& call, outcome& out, leg& who, const device_id& before,
                        time_point now) const = 0;

  /// A device came that this call has not met, and `who` is not waiting for one.
  virtual void met(call_core& call, outcome& out, leg& who, const device_id& device,
                   time_point now) const = 0;

  /// The grace of `who` ran out at `at`.
  virtual void gave_up(call_core& call, outcome& out, leg& who, time_point at) const = 0;

  /// The ring deadline passed at `at`.
  virtual void rang_out(call_core& call, outcome& out, time_point at) const = 0;

  /// The call deadline passed at `at`.
  virtual void timed_out(call_core& call, outcome& out, time_point at) const = 0;

  /// What the session of `who` holds of the call: its peer, ring deadline, type and whether
  /// the leg is in; `call` fills in the rest.
  virtual void summarize(const call_core& call, const leg& who, call_summary& summary) const = 0;

  /// Whether the call takes up `who`'s line, so that a direct call finds the user busy.
  [[nodiscard]] virtual bool occupies(const call_core& call, const leg& who) const = 0;

  /// A step that the kinds share: a leg that is in and bound lives as long as its device, one
  /// without a device as long as its user has any (of video: in whatever state). Commands and presence come by different ways, so
  /// a leg can have been bound to a device that is known to be gone.
  void check_leg(call_core& call, outcome& out, leg& who, time_point now) const;
};

/// The policy of a kind. Never fails; lives as long as the program.
[[nodiscard]] const call_policy& policy_of(call_kind kind) noexcept;

} // namespace carillon
