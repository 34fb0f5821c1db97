#pragma once

#include "protocol/call_policy.hpp"
#include "tests/protocol/dice.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace carillon::test {

/// What simulated clients have sent and the server has not got: the net loses it, doubles it and
/// lets it overtake what was sent before.
class wires {
public:
  void send(call_command cmd) { under_way_.push_back(std::move(cmd)); }

  /// A command that arrives; none when nothing does. Relays are numbered as they arrive.
  std::optional<call_command> receive(dice& random);

  /// Loses whatever is on its way.
  void lose_all() { under_way_.clear(); }

private:
  std::vector<call_command> under_way_;
  std::uint64_t relays_ = 0;
};

} // namespace carillon::test
