#include "tests/protocol/simulated_devices.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace carillon::test {

device_id simulated_devices::make(const user_id& owner) {
  device_id device{owner.str().substr(0, 1) + std::to_string(++made_)};
  owners_[device] = owner;
  return device;
}

bool simulated_devices::is_lost(const device_id& device) const {
  return std::any_of(lost_.begin(), lost_.end(),
                     [&](const lost_device& one) { return one.device == device; });
}

bool simulated_devices::keep(const device_id& device, const call_event& what) {
  for (auto& one : lost_)
    if (one.device == device) {
      one.missed.push_back(what);
      return true;
    }
  return false;
}

std::optional<simulated_devices::lost_device> simulated_devices::find_again(dice& random) {
  if (lost_.empty())
    return std::nullopt;
  std::swap(random.any_of(lost_), lost_.back());
  auto found = std::move(lost_.back());
  lost_.pop_back();
  return found;
}

device_id simulated_devices::page_of(const user_id& owner, dice& random) {
  auto& gone = gone_[owner];
  if (gone.empty() || random.chance(40))
    return {};
  auto page = gone.back();
  gone.pop_back();
  return page;
}

void simulated_devices::restart(const std::vector<simulated_user>& users) {
  for (const auto& who : users)
    for (const auto& device : who.devices())
      give_up(device);
  (void)give_up_all();
}

std::vector<simulated_devices::lost_device> simulated_devices::give_up_all() {
  for (const auto& one : lost_)
    give_up(one.device);
  return std::exchange(lost_, {});
}

} // namespace carillon::test
