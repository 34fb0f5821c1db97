#pragma once

#include "protocol/call_policy.hpp"
#include "protocol/fwd.hpp"

#include <optional>

namespace carillon {

/// What a one-to-one call does in one step. Made by `direct_policy` for each step and gone after
/// it; `policies/` only.
class direct_steps {
public:
  direct_steps(const direct_policy& policy, call_core& call, time_point now) noexcept
    : policy_(policy)
    , call_(call)
    , now_(now) {}

  // -- commands ----------------------------------------------------------------

  outcome operator()(command::place& cmd);
  outcome operator()(command::again& cmd);
  outcome operator()(command::accept& cmd);
  outcome operator()(command::reject& cmd);
  outcome operator()(command::end& cmd);
  outcome operator()(command::relay& cmd);

  /// Commands that other kinds have.
  template <class Other>
  outcome operator()(Other&) {
    return call_.refuse(error_code::call_not_found);
  }

  // -- what also happens by itself -----------------------------------------------

  /// Ends the call and tells all who know of it.
  void end(outcome& out, call_status as, end_reason why, const user_id& by);

  /// The other leg.
  [[nodiscard]] static const leg& peer_of(const call_core& call, const leg& who);

  /// Where `who` hears of the other one's comings and goings.
  [[nodiscard]] static address side_of(const leg& who);

private:
  [[nodiscard]] leg& caller() { return call_.legs[0]; }
  [[nodiscard]] leg& receiver() { return call_.legs[1]; }
  [[nodiscard]] bool lost_the_accept(const origin& by);
  [[nodiscard]] std::optional<error_code> claim(outcome& out, leg& sender, const device_id& device);

  void ring(outcome& out, const origin& by);
  void answer(outcome& out, const origin& by);
  void decline(outcome& out, const origin& by);
  void come_back(outcome& out, leg& who, const device_id& device);
  void bind_unbound(outcome& out, leg& who, const device_id& device);
  void pass_on(outcome& out, const leg& sender, kept_relay what);
  void hand_over_early(outcome& out);
  void tell_end(outcome& out, const leg& who, const device_id& except = {});
  void confirm_end(outcome& out, const origin& by);

  const direct_policy& policy_;
  call_core& call_;
  time_point now_;
};

} // namespace carillon
