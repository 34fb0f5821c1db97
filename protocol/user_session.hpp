#pragma once

#include "protocol/events.hpp"
#include "protocol/ids.hpp"

#include <vector>

namespace carillon {

/// What one user's devices know: which devices there are, which calls live, and which device was
/// told of which call.
///
/// A regular, copyable value; owned by one user session actor, which holds the links to the
/// devices.
class user_session {
public:
  /// A device came. Returns the calls that its first event, `call_states`, has to list; the device
  /// knows of them from here on. Attaching a device twice changes nothing.
  [[nodiscard]] std::vector<call_summary> attach(const device_id& device);

  /// A device is gone for good. Returns whether it was there.
  bool detach(const device_id& device);

  /// A device lost its connection and may come back: it is no device of the user until then, but what
  /// is for it, or for those who know of a call, is still addressed to it. Returns whether it was there.
  bool lose(const device_id& device);

  /// A lost device is back (`attach` follows). Returns whether it was among the lost ones.
  bool find_again(const device_id& device);

  /// A call begins or its state changed.
  void update(const call_summary& summary);

  /// A call is over.
  void drop(const call_id& call);

  /// The devices that `to` means now, for an event of `call`; each of them knows of the call
  /// afterwards, unless `to` is `every`. A lost device that knows of the call counts: it hears of it
  /// if it comes back.
  [[nodiscard]] std::vector<device_id> recipients(const address& to, const call_id& call);

  /// Whether `device` carries a live leg.
  [[nodiscard]] bool in_call(const device_id& device) const;

  [[nodiscard]] const std::vector<device_id>& devices() const noexcept { return devices_; }

  /// Those that may come back.
  [[nodiscard]] const std::vector<device_id>& lost() const noexcept { return lost_; }

  /// The live calls, oldest first.
  [[nodiscard]] std::vector<call_id> calls() const;

  /// Nothing to hold on to: no device, none that may come back, and no call.
  [[nodiscard]] bool idle() const noexcept {
    return devices_.empty() && lost_.empty() && calls_.empty();
  }

private:
  struct known_call {
    call_summary summary;
    std::vector<device_id> knowing;
  };

  known_call* find(const call_id& call);

  std::vector<device_id> devices_; ///< in the order in which they came
  std::vector<device_id> lost_;    ///< may come back
  std::vector<known_call> calls_;  ///< few: linear search beats hashing
};

} // namespace carillon
