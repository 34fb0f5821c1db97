#pragma once

#include "protocol/call_policy.hpp"
#include "protocol/fwd.hpp"

#include <optional>

namespace carillon {

/// What a video call does in one step. Made by `video_policy` for each step and gone after it;
/// `policies/` only. All its events are durable: nobody sees a version that a crash can take back.
class video_steps {
public:
  video_steps(const video_policy& policy, call_core& call, time_point now) noexcept
    : policy_(policy)
    , call_(call)
    , now_(now) {}

  // -- commands ----------------------------------------------------------------

  outcome operator()(command::create& cmd);     ///< the first one; or again
  outcome operator()(command::enter_call& cmd); ///< join
  outcome operator()(command::leave& cmd);
  outcome operator()(command::set_status& cmd);
  outcome operator()(command::end& cmd); ///< in the words of stream alone
  outcome operator()(command::answer_invitation& cmd);
  outcome operator()(command::kick& cmd);

  /// Commands that other kinds have.
  template <class Other>
  outcome operator()(Other&) {
    return call_.refuse(error_code::call_not_found);
  }

  // -- what also happens by itself -----------------------------------------------

  /// Tells `who`, if it is invited and has not answered, of the call.
  void announce(outcome& out, const leg& who, address to);

  /// The leg of `who`, that is in, is out; the last one ends the call. `by`: who removed it.
  void take_out(outcome& out, leg& who, event::video_left::why why, const user_id& by);

  /// The time for answers is over: the invitations that are still pending expire.
  void expire_invitations(outcome& out);

  /// The call was active for a while: over, if nobody ever came.
  void give_up_waiting(outcome& out);

  void end(outcome& out, call_status as, end_reason why, const user_id& by);

  /// The leg of `who`, that is in, is kept by the device that it is bound to, or, bound to none, by
  /// whichever its user has; not by a lease any more.
  void keep_by_device(outcome& out, leg& who);

private:
  [[nodiscard]] const video_facts& facts() const { return *call_.record.video().facts; }

  /// The participant changes, with the next version of the record.
  participant& change(const leg& who);
  void begin(command::create& cmd);

  /// Whether the call is something to `by`, so that it may know that there is one.
  [[nodiscard]] bool is_seen_by(const origin& by, bool as_admin) const;
  [[nodiscard]] std::optional<error_code> why_not_removed(const command::kick& cmd) const;

  [[nodiscard]] leg& admit(outcome& out, const user_view& who); ///< the leg of a newcomer
  void begin_stay(leg& who, const device_id& device);
  void bind(outcome& out, leg& who, const device_id& device); ///< a leg that is in already

  /// A sign of life of `who`, perhaps null: its lease, if it has one, begins again. False: nothing
  /// changed.
  bool touch(leg* who);
  outcome answer_unchanged(const user_id& asker); ///< but for the lease
  bool lapse();             ///< pending invitations expire without a word; false: there were none
  void settle();            ///< sets the deadlines as status and people have it
  void write(outcome& out); ///< settles; the record as it stands is a new version

  /// Everybody that the call concerns hears it, on every device.
  void tell_all(outcome& out, const call_event& what);
  [[nodiscard]] std::shared_ptr<const call_record> snapshot() const;

  const video_policy& policy_;
  call_core& call_;
  time_point now_;
};

} // namespace carillon
