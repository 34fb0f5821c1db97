#pragma once

#include "protocol/call_policy.hpp"
#include "protocol/fwd.hpp"

#include <optional>

namespace carillon {

/// What a session does in one step. Made by `session_policy` for each step and gone after it;
/// `policies/` only.
class session_steps {
public:
  session_steps(const session_policy& policy, call_core& call, time_point now) noexcept
    : policy_(policy)
    , call_(call)
    , now_(now) {}

  // -- commands ----------------------------------------------------------------

  outcome operator()(command::open& cmd);
  outcome operator()(command::ask_to_join& cmd);
  outcome operator()(command::join& cmd);
  outcome operator()(command::leave& cmd);
  outcome operator()(command::set_media& cmd);
  outcome operator()(command::relay& cmd);
  outcome operator()(command::end& cmd);

  /// Commands that other kinds have.
  template <class Other>
  outcome operator()(Other&) {
    return call_.refuse(error_code::call_not_found);
  }

  // -- what also happens by itself -----------------------------------------------

  /// Tells `who` that it is invited, if it has not answered.
  void invite(outcome& out, const leg& who, address to);

  /// The leg of `who`, that is in, is bound to another device than `before`.
  void move(outcome& out, leg& who, const device_id& before);

  /// The leg of `who`, that is in, is out; the last one ends the session.
  void take_out(outcome& out, leg& who, bool dropped);

  /// The invitations that are still pending expire; no word of it to anybody.
  void expire_invitations();

  /// Ends the session for all.
  void end(outcome& out, end_reason why, const user_id& by);

private:
  /// The participant changes, with the next version of the record.
  participant& change(const leg& who);

  [[nodiscard]] std::optional<error_code> why_not(const leg* who) const;
  [[nodiscard]] leg* leg_of(const origin& by);
  [[nodiscard]] const session_facts& facts() const { return *call_.record.session().facts; }

  outcome join_again(leg& who, const command::join& cmd);
  void begin_stay(participant& who);
  void tell_joined(outcome& out, const leg& who);
  void tell_arrival(outcome& out, const leg& who, const device_id& previous);
  template <class Event>
  void tell_others(outcome& out, const leg& who, const Event& what);

  const session_policy& policy_;
  call_core& call_;
  time_point now_;
};

} // namespace carillon
