#pragma once

#include "protocol/call.hpp"
#include "tests/protocol/quality_laws.hpp"

#include <map>
#include <vector>

namespace carillon::test {

/// Judges each step of a session's machine by what clients are promised, with a bookkeeping of its
/// own: what was told to the machine and what it accepted. Throws `violation`.
class session_laws {
public:
  explicit session_laws(const call_settings& settings)
    : settings_(settings)
    , reports_(settings.quality_interval) {}

  /// The server restarted: `machine` is what it made of `stored`.
  void restarted(const call_record& stored, const call& machine);

  /// `out` is what `before` made of `cmd`, which left it as `after`.
  void judge(const call& before, const call_command& cmd, const outcome& out, const call& after,
             time_point now);

  /// The same for deadlines; also that nothing happened when none was due.
  void judge_expiry(const call& before, const outcome& out, const call& after, time_point now);

private:
  void step(const call& before, const outcome& out, const call& after, time_point now);
  void judge_reply(const call& before, const call_command& cmd, const outcome& out, time_point now);
  [[nodiscard]] std::vector<device_id> gone(const call_record& record) const;
  void judge_presence(const call& before, const command::presence& cmd, const call& after);
  void judge_record(const call& before, const outcome& out, const call& after) const;
  void judge_people(const call_record& was, const call_record& is, time_point now) const;
  void judge_final(const call_record& record) const;
  void judge_deadlines(const call& after) const;
  void judge_legs(const call& after, time_point now) const;

  using devices = std::vector<device_id>;

  call_settings settings_;
  std::map<user_id, devices> presence_; ///< as last told to the machine; none: not yet
  std::map<user_id, devices> lost_;     ///< as last told to the machine: may come back
  std::map<user_id, devices> met_;      ///< all that the machine was ever told of
  quality_laws reports_;
  int finals_ = 0;
};

} // namespace carillon::test
