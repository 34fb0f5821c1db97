#pragma once

#include "protocol/call.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace carillon::test {

/// A promise of the contract that a step broke.
struct violation : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void promise(bool kept, const char* what) {
  if (!kept)
    throw violation{what};
}

/// Judges each step of a call machine by what clients are promised, with a bookkeeping of its own: what
/// was told to the machine and what it accepted. Throws `violation`.
class call_laws {
public:
  explicit call_laws(const call_settings& settings) : settings_(settings) {}

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
  void judge_legs(const call& after, time_point now) const;
  void judge_reply(const call& before, const call_command& cmd, const outcome& out) const;
  void judge_relay(const call& before, const command::relay& cmd, const outcome& out);
  void judge_hand_over(const call_command& cmd, const outcome& out, const call& after) const;

  std::size_t leg(const call& machine, const user_id& user) const {
    return user == machine.record().caller ? 0 : 1;
  }

  call_settings settings_;
  int accepts_ = 0;
  int finals_ = 0;
  std::array<std::vector<kept>, 2> early_;                        ///< accepted before the accept
  std::array<std::optional<std::vector<device_id>>, 2> presence_; ///< as last told to the machine
};

} // namespace carillon::test
