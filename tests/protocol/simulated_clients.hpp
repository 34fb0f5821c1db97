#pragma once

#include "protocol/call.hpp"
#include "tests/protocol/dice.hpp"
#include "tests/protocol/simulated_user.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace carillon::test {

/// The clients of both users of a direct call and a stranger: they send commands without sense, and
/// the net loses them, doubles them and lets them overtake one another.
class simulated_clients {
public:
  simulated_clients(call_id call, dice& random);

  /// One of the clients sends something.
  void send(const std::vector<simulated_user>& users);

  /// A command that arrives; none when nothing does.
  std::optional<call_command> receive();

  /// Loses whatever is on its way.
  void lose_all() { wires_.clear(); }

private:
  call_command invent(const std::vector<simulated_user>& users);
  origin somebody(const simulated_user& user);

  call_id call_;
  dice& random_;
  std::array<unsigned, 5> appetite_; ///< for accepting, rejecting, ending, initiating, relaying
  std::vector<call_command> wires_;
  std::uint64_t relays_ = 0;
};

} // namespace carillon::test
