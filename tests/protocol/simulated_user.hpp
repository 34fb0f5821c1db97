#pragma once

#include "protocol/call.hpp"
#include "protocol/user_session.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace carillon::test {

/// One user in a simulation: the session, and the ways between it and the call, on which messages
/// stay as long as the simulation likes. A value.
class simulated_user {
public:
  using hears = std::function<void(const device_id&, const call_event&)>;

  explicit simulated_user(user_id user)
    : user_(std::move(user)) {}

  [[nodiscard]] const user_id& id() const noexcept { return user_; }
  [[nodiscard]] const std::vector<device_id>& devices() const noexcept {
    return session_.devices();
  }
  [[nodiscard]] bool has(const device_id& device) const;
  [[nodiscard]] bool holds_call() const { return !session_.calls().empty(); }
  [[nodiscard]] bool idle() const noexcept { return session_.idle(); }
  /// Whether something is on its way.
  [[nodiscard]] bool busy() const { return !mailbox_.empty() || !reports_.empty(); }

  // -- devices ---------------------------------------------------------------

  std::vector<call_summary> attach(const device_id& device);
  /// A device, here or lost, is gone for good.
  void detach(const device_id& device);
  /// A device may come back.
  void lose(const device_id& device);
  /// The lost device is back.
  std::vector<call_summary> resume(const device_id& device);

  // -- from the call to the devices --------------------------------------------

  /// The call has `events` for this user. One that waits for a commit holds back what follows it: until
  /// all is committed; of video, which may change faster than that, until its own version is.
  void tell(const call& from, const std::vector<addressed_event>& events, bool all_committed,
            std::uint32_t committed);

  /// The session handles the next message of the call; says who hears what.
  void handle_mail(const call_id& id, const hears& hear);

  /// The server restarted and `restored` lives.
  void restart(const call& restored);

  /// The call stops, to rest in the store; and lives again as `woken`.
  void rest();
  void wake(const call& woken);

  // -- from the session to the call --------------------------------------------

  /// The next list of devices that the call gets; null when there is none.
  [[nodiscard]] const command::presence* next_report() const;
  void drop_report() { reports_.pop_front(); }
  /// Whether a newer list may take the place of the next one: not of the first, which says whom the
  /// ring reached.
  [[nodiscard]] bool may_skip_report() const { return !first_is_due_ && reports_.size() > 1; }
  void report_heard() { first_is_due_ = false; }

private:
  struct delivery {
    std::optional<call_summary> summary;
    std::vector<addressed_event> events;
    bool gone = false; ///< forget the call after this
  };

  struct held_event {
    addressed_event what;
    std::uint32_t after; ///< the version that has to be committed
  };

  void report();

  user_id user_;
  user_session session_;
  std::deque<delivery> mailbox_;
  std::deque<held_event> waiting_;   ///< from the first that waits for a commit on
  std::optional<call_summary> told_; ///< the last summary that was sent
  bool gone_ = false; ///< the session was told that the call is over, or rests
  bool deaf_ = false; ///< the call does not live that the session still holds
  std::deque<command::presence> reports_;
  bool first_is_due_ = false;
};

} // namespace carillon::test
