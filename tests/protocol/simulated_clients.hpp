#pragma once

#include "protocol/call.hpp"
#include "tests/protocol/dice.hpp"
#include "tests/protocol/simulated_user.hpp"
#include "tests/protocol/wires.hpp"

#include <array>
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
  std::optional<call_command> receive() { return wires_.receive(random_); }

  /// Loses whatever is on its way.
  void lose_all() { wires_.lose_all(); }

private:
  call_command invent(const std::vector<simulated_user>& users);
  origin somebody(const simulated_user& user);

  call_id call_;
  dice& random_;
  std::array<unsigned, 5> appetite_; ///< for accepting, rejecting, ending, initiating, relaying
  wires wires_;
};

} // namespace carillon::test
