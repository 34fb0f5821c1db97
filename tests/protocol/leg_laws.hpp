#pragma once

#include "protocol/call.hpp"
#include "tests/protocol/promise.hpp"

#include <array>
#include <optional>
#include <vector>

namespace carillon::test {

/// What must hold of the two legs of a call, given what the machine was told of the users' devices.
/// Throws `violation`.
class leg_laws {
public:
  explicit leg_laws(const call_settings& settings)
    : settings_(settings) {}

  /// The server restarted: there are no devices.
  void restarted();

  /// A command led from `before` to `after`.
  void judge(const call& before, const call_command& cmd, const call& after);

  /// After every step.
  void judge_state(const call& after, time_point now) const;

private:
  using devices = std::vector<device_id>;

  void judge_presence(const call& before, const command::presence& cmd, const call& after);
  void judge_winner(const call_command& cmd);

  call_settings settings_;
  std::array<std::optional<devices>, 2> presence_; ///< as last told to the machine; none: not yet
  std::array<devices, 2> met_;                     ///< all that the machine was ever told of
  devices losers_;                                 ///< rang when another device accepted
};

} // namespace carillon::test
