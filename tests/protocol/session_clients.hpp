#pragma once

#include "protocol/call.hpp"
#include "tests/protocol/dice.hpp"
#include "tests/protocol/simulated_user.hpp"
#include "tests/protocol/wires.hpp"

#include <array>
#include <optional>
#include <vector>

namespace carillon::test {

/// The clients of a session's users and a stranger: they send commands without sense, and the net
/// loses them, doubles them and lets them overtake one another.
class session_clients {
public:
  session_clients(call_id call, dice& random);

  /// One of the clients sends something.
  void send(const std::vector<simulated_user>& users);

  /// A command that arrives; none when nothing does.
  std::optional<call_command> receive() { return wires_.receive(random_); }

  /// Loses whatever is on its way.
  void lose_all() { wires_.lose_all(); }

private:
  call_command invent(const std::vector<simulated_user>& users);
  call_command something_of_direct_calls(origin by);
  command::relay relay(origin by, const simulated_user& to);
  origin somebody(const std::vector<simulated_user>& users);
  std::optional<bool> perhaps();

  call_id call_;
  dice& random_;
  /// For joining, leaving, media, relaying, asking, ending, reporting, the words of direct calls.
  std::array<unsigned, 8> appetite_;
  wires wires_;
};

} // namespace carillon::test
