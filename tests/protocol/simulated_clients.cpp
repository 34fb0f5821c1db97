#include "tests/protocol/simulated_clients.hpp"

#include <numeric>
#include <string>
#include <utility>

namespace carillon::test {

simulated_clients::simulated_clients(call_id call, dice& random,
                                     std::initializer_list<appetite> kinds)
  : call_(std::move(call))
  , random_(random) {
  for (auto kind : kinds)
    appetites_.push_back(kind.least + static_cast<unsigned>(random_.pick(kind.range)));
}

std::size_t simulated_clients::pick_kind() {
  auto roll = random_.pick(std::accumulate(appetites_.begin(), appetites_.end(), 0U));
  std::size_t kind = 0;
  while (roll >= appetites_[kind])
    roll -= appetites_[kind++];
  return kind;
}

std::optional<call_command> simulated_clients::receive() {
  if (wires_.empty())
    return std::nullopt;
  auto which = wires_.begin() + static_cast<std::ptrdiff_t>(random_.pick(wires_.size()));
  auto cmd = *which;
  if (!random_.chance(8))
    wires_.erase(which); // else it arrives once more
  if (random_.chance(5))
    return std::nullopt; // lost
  if (auto* relay = std::get_if<command::relay>(&cmd)) {
    if (relay->from.device.empty())
      return std::nullopt; // there is no signaling over REST
    relay->payload = std::to_string(++relays_);
  }
  return cmd;
}

} // namespace carillon::test
