#pragma once

#include "protocol/call.hpp"
#include "tests/protocol/dice.hpp"
#include "tests/protocol/simulated_user.hpp"
#include "tests/protocol/wires.hpp"

#include <array>
#include <optional>
#include <vector>

namespace carillon::test {

/// The clients of a video call's users and of others: over REST and sockets they send commands
/// without sense.
class video_clients {
public:
  video_clients(call_id call, video_facts_ptr facts, dice& random);

  /// One of the clients sends something.
  void send(const std::vector<simulated_user>& users);

  /// A command that arrives; none when nothing does.
  std::optional<call_command> receive() { return wires_.receive(random_); }

  /// Loses whatever is on its way.
  void lose_all() { wires_.lose_all(); }

private:
  call_command invent(const std::vector<simulated_user>& users);
  call_command something_of_others(origin by);
  origin somebody(const std::vector<simulated_user>& users);

  call_id call_;
  video_facts_ptr facts_;
  dice& random_;
  /// For joining, leaving, the status, answering, removing, creating again, reporting, the words of
  /// other calls.
  std::array<unsigned, 8> appetite_;
  unsigned over_rest_; ///< of 100 commands
  wires wires_;
};

} // namespace carillon::test
