#pragma once

#include "protocol/call_core.hpp"
#include "protocol/call_policy.hpp"

#include <optional>
#include <vector>

namespace carillon {

/// The state machine of one call of any kind, from its beginning to its final record.
///
/// A regular, copyable value without I/O, clock, logger or randomness: time and ids come in, an
/// `outcome` goes out. Owned by one call actor, which carries the outcomes out. What the kinds
/// share is here and in `call_core`; where they differ, the kind's policy decides (`policies/`).
class call {
public:
  /// A machine that waits for its `place` or `open`.
  explicit call(const call_settings& settings, call_kind kind = call_kind::direct)
    : policy_(&policy_of(kind)) {
    core_.settings = settings;
  }

  /// The machine of a call that was live when the server stopped: its deadlines go on, and each leg
  /// that was in gets its grace from `now`. `users` in the order of `record.users()`.
  [[nodiscard]] static call restore(const call_settings& settings, const call_record& record,
                                    std::vector<user_view> users, time_point now);

  /// The machine of a call that is over; it only answers (the same confirmation again, refusals).
  [[nodiscard]] static call closed(const call_settings& settings, const call_record& record);

  /// One step. Never throws on bad input: the refusal is the outcome's reply.
  [[nodiscard]] outcome apply(call_command cmd, time_point now);

  /// Whatever is due at `now`, in the order in which it was; nothing if `next_deadline()` is later.
  [[nodiscard]] outcome expire(time_point now);

  /// When `expire` has to be called next; none once it has ended.
  [[nodiscard]] std::optional<time_point> next_deadline() const { return core_.next_deadline(); }

  [[nodiscard]] const call_record& record() const noexcept { return core_.record; }
  [[nodiscard]] call_state state() const noexcept { return core_.state(); }

  /// What the session of `user`, whom the call concerns, holds of this call.
  [[nodiscard]] call_summary summary_for(const user_id& user) const;

  /// Whether `user` is busy with this call: a direct one that lives; a session that the user is in
  /// with a device that is there.
  [[nodiscard]] bool occupies(const user_id& user) const;

  /// Which device may relay straight to which others until the next step. A device without a route,
  /// or whose route does not lead to the target, has to ask.
  [[nodiscard]] std::vector<relay_route> routes() const { return core_.routes(); }

  /// True when `user`'s leg has a device or waits for one: for the invariant "no active call
  /// without a live leg or a running grace".
  [[nodiscard]] bool leg_is_live_or_in_grace(const user_id& user, time_point now) const;

private:
  outcome on(command::presence& cmd, time_point now);
  outcome on(command::report_quality& cmd, time_point now);

  void device_came(outcome& out, leg& who, const device_id& device, time_point now);

  call_core core_;
  const call_policy* policy_; ///< never null
};

} // namespace carillon
