#pragma once

#include "protocol/call.hpp"
#include "tests/protocol/relay_ledger.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace carillon::test {

/// Sees what each device hears of one session and holds it against what devices are promised:
/// replays the list of participants at each of them. Devices have ids that are never used again; a
/// client that connects again is another device, but remembers the versions that it saw. Throws
/// `violation`.
class session_witness {
public:
  explicit session_witness(call_id call)
    : call_(std::move(call)) {}

  /// A device came and was told of `calls`; its client was connected as `before`, if not empty.
  void attached(const user_id& user, const device_id& device, const device_id& before,
                const event::call_states& calls);
  void detached(const device_id& device) { views_.at(device).here = false; }
  void resumed(const device_id& device) { views_.at(device).here = true; }

  /// A device hears an event.
  void hears(const device_id& device, const call_event& what);

  /// Relay number `number` was accepted for `device`: it has to arrive there, once, if the device
  /// stays.
  void expects(std::uint64_t number, const device_id& device) { relays_.owe(number, device); }

  /// The server restarted: all devices are gone.
  void restarted();

  /// Everything on its way has arrived: what devices believe is what stands.
  void settled(const call& machine) const;

private:
  struct entry {
    device_id device;
    std::string peer_id;
    media_state media;
    friend bool operator==(const entry&, const entry&) = default;
  };
  using list = std::map<user_id, entry>;

  struct view {
    user_id user;
    device_id page; ///< the first device as which this client was connected
    bool here = true;
    bool listed = false; ///< was told by `callState`
    bool invited = false;
    bool over = false;
    std::optional<list> others; ///< while the device has the leg, as far as it knows
  };

  void on(view& seen, const device_id& device, const event::session_joined& e);
  void on(view& seen, const device_id& device, const event::user_joined& e);
  void on(view& seen, const device_id& device, const event::user_left& e);
  void on(view& seen, const event::media_changed& e);
  void on(view& seen, const device_id& device, const event::relayed& e);
  /// A change of the list came: it is newer than all that the client ever saw.
  void newer(const view& seen, std::uint32_t version);
  /// What `device` believes now is what all believe who saw this version.
  void same_for_all(const view& seen, const device_id& device, std::uint32_t version);
  static entry& entry_of(view& seen, const user_id& user, const device_id& device);

  call_id call_;
  std::map<device_id, view> views_;
  std::map<device_id, std::uint32_t> versions_;                 ///< by page
  std::map<std::uint32_t, std::map<user_id, device_id>> lists_; ///< by version, of all times
  relay_ledger relays_;
};

} // namespace carillon::test
