#include "tests/protocol/wires.hpp"

#include <string>

namespace carillon::test {

std::optional<call_command> wires::receive(dice& random) {
  if (under_way_.empty())
    return std::nullopt;
  auto which = under_way_.begin() + static_cast<std::ptrdiff_t>(random.pick(under_way_.size()));
  auto cmd = *which;
  if (!random.chance(8))
    under_way_.erase(which); // else it arrives once more
  if (random.chance(5))
    return std::nullopt; // lost
  if (auto* relay = std::get_if<command::relay>(&cmd)) {
    if (relay->from.device.empty())
      return std::nullopt; // there is no signaling over REST
    relay->payload = std::to_string(++relays_);
  }
  return cmd;
}

} // namespace carillon::test
