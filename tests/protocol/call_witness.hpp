#pragma once

#include "protocol/events.hpp"
#include "tests/protocol/relay_ledger.hpp"

#include <cstdint>
#include <map>
#include <utility>

namespace carillon::test {

/// Sees what each device hears of one call and holds it against what devices are promised. Devices
/// have ids that are never used again. Throws `violation`.
class call_witness {
public:
  call_witness(call_id call, user_id caller, user_id receiver)
    : call_(std::move(call))
    , caller_(std::move(caller))
    , receiver_(std::move(receiver)) {}

  /// A device came and was told of `calls`; as which device its client was connected before says
  /// nothing of a direct call.
  void attached(const user_id& user, const device_id& device, const device_id& before,
                const event::call_states& calls);
  void detached(const device_id& device);
  /// A device that was lost is back; it hears first what it missed.
  void resumed(const device_id& device) {
    views_.at(device).here = true;
    views_.at(device).was_lost = true;
  }

  /// A device hears an event.
  void hears(const device_id& device, const call_event& what);

  /// Relay number `number` was accepted for `device`: it has to arrive there, once, if the device
  /// stays.
  void expects(std::uint64_t number, const device_id& device) { relays_.owe(number, device); }

  /// The server restarted: what was not written is as if it had not been.
  void restarted();

  /// Everything on its way has arrived. `accepted`: the call is or was active;
  /// `placed_by`: the device that began it, if the leg is still bound to it.
  void settled(call_state state, bool accepted, const device_id& placed_by) const;

private:
  struct view {
    user_id user;
    bool here = true;
    bool was_lost = false;  ///< perhaps while the others heard of the call
    bool listed = false;    ///< was told by `callState`
    bool initiated = false; ///< heard `callInitiated`
    bool rang = false;
    bool accepted = false; ///< heard that the call was accepted, on either side
    bool elsewhere = false;
    bool ended = false; ///< heard `callEnded`
    bool over = false;  ///< heard a word that ends the call for it
    [[nodiscard]] bool knows() const { return listed || initiated || rang; }
  };

  void hears_relay(const device_id& device, view& seen, const event::relayed& relay);
  void note(view& seen, const call_event& what);

  call_id call_;
  user_id caller_;
  user_id receiver_;
  std::map<device_id, view> views_;
  relay_ledger relays_;
};

} // namespace carillon::test
