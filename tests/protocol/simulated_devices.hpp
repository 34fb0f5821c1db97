#pragma once

#include "tests/protocol/dice.hpp"
#include "tests/protocol/simulated_user.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace carillon::test {

/// What becomes of the devices of a simulation that are not connected: some may resume, and then
/// hear what they missed; of others the client may connect again, as another device.
class simulated_devices {
public:
  struct lost_device {
    device_id device;
    std::vector<call_event> missed;
  };

  /// A device with a new id. The first letter is its user's.
  device_id make(const user_id& owner);

  [[nodiscard]] const user_id& owner_of(const device_id& device) const {
    return owners_.at(device);
  }

  void lose(const device_id& device) { lost_.push_back({device, {}}); }
  void give_up(const device_id& device) { gone_[owner_of(device)].push_back(device); }

  [[nodiscard]] bool is_lost(const device_id& device) const;

  /// Keeps `what` for a lost device; false if it is not lost.
  bool keep(const device_id& device, const call_event& what);

  /// A lost device, which is lost no more; none if there is none.
  std::optional<lost_device> find_again(dice& random);

  /// The device as which a client of `owner` was connected that connects again; empty if none does.
  device_id page_of(const user_id& owner, dice& random);

  /// The server restarted: nothing can be resumed.
  void restart(const std::vector<simulated_user>& users);

  /// All that are lost are given up; returns them.
  std::vector<lost_device> give_up_all();

private:
  std::map<user_id, std::vector<device_id>> gone_;
  std::map<device_id, user_id> owners_;
  std::vector<lost_device> lost_;
  std::uint64_t made_ = 0;
};

} // namespace carillon::test
