#pragma once

#include "tests/protocol/leg_laws.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace carillon::test {

/// Judges each step of a call machine by what clients are promised, with a bookkeeping of its own:
/// what was told to the machine and what it accepted. Throws `violation`.
class call_laws {
public:
  explicit call_laws(const call_settings& settings)
    : settings_(settings)
    , legs_(settings) {}

  /// The server restarted: `machine` is what it made of the stored record.
  void restarted(const call& machine);

  /// `out` is what `before` made of `cmd`, which left it as `after`.
  void judge(const call& before, const call_command& cmd, const outcome& out, const call& after,
             time_point now);

  /// The same for a deadline; also that nothing happened when none was due.
  void judge_expiry(const call& before, const outcome& out, const call& after, time_point now);

private:
  struct kept {
    device_id sender;
    std::string payload;
  };

  void step(const call& before, const outcome& out, const call& after, time_point now);
  void judge_record(const call& before, const outcome& out, const call& after) const;
  void judge_final(const call_record& record, time_point now) const;
  void judge_events(const call& before, const outcome& out, const call& after) const;
  void judge_deadlines(const call& after, time_point now) const;
  void judge_reply(const call& before, const call_command& cmd, const outcome& out) const;
  void judge_relay(const call& before, const command::relay& cmd, const outcome& out);
  void judge_hand_over(const call_command& cmd, const outcome& out, const call& after) const;

  call_settings settings_;
  leg_laws legs_;
  int accepts_ = 0;
  int finals_ = 0;
  std::array<std::vector<kept>, 2> early_; ///< relays that were taken before the accept
};

} // namespace carillon::test
