#pragma once

#include "protocol/call.hpp"
#include "tests/protocol/dice.hpp"
#include "tests/protocol/simulated_user.hpp"
#include "tests/protocol/wires.hpp"

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <vector>

namespace carillon::test {

/// The clients of a simulated call's users, and strangers: they send commands without sense, and
/// the net loses them, doubles them and lets them overtake one another. What they send is up to the
/// kind of call.
class simulated_clients {
public:
  simulated_clients(const simulated_clients&) = delete;
  simulated_clients& operator=(const simulated_clients&) = delete;

  /// One of the clients sends something.
  void send(const std::vector<simulated_user>& users) { wires_.send(invent(users)); }

  /// A command that arrives; none when nothing does.
  std::optional<call_command> receive() { return wires_.receive(random_); }

  /// Loses whatever is on its way.
  void lose_all() { wires_.lose_all(); }

protected:
  /// How likely each kind of command is: in this call something from `least` on.
  struct appetite {
    unsigned least;
    unsigned range;
  };

  simulated_clients(call_id call, dice& random, std::initializer_list<appetite> kinds);
  virtual ~simulated_clients() = default;

  virtual call_command invent(const std::vector<simulated_user>& users) = 0;

  /// The kind of the next command.
  std::size_t pick_kind() { return random_.by_weight(appetites_); }

  call_id call_;
  dice& random_;

private:
  std::vector<unsigned> appetites_;
  wires wires_;
};

} // namespace carillon::test
