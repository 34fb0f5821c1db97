#pragma once

#include "protocol/call.hpp"
#include "tests/protocol/quality_laws.hpp"

#include <map>
#include <optional>
#include <vector>

namespace carillon::test {

/// Judges each step of a video call's machine by what clients are promised, with a bookkeeping of
/// its own: what was told to the machine, what it accepted, and how long everybody was in. Throws
/// `violation`.
class video_laws {
public:
  explicit video_laws(const call_settings& settings)
    : settings_(settings)
    , reports_(settings.quality_interval) {}

  /// The server restarted, or the call was at rest: `machine` is what was made of `stored`.
  void restarted(const call_record& stored, const call& machine);

  /// `out` is what `before` made of `cmd`, which left it as `after`.
  void judge(const call& before, const call_command& cmd, const outcome& out, const call& after,
             time_point now);

  /// The same for deadlines; also that nothing happened when none was due.
  void judge_expiry(const call& before, const outcome& out, const call& after, time_point now);

private:
  using devices = std::vector<device_id>;

  /// How long a user was in, by what the machine was told and did.
  struct stays {
    milliseconds over{0};
    std::optional<time_point> since; ///< of the one that goes on
  };

  /// The device that the leg has lost, and when it was found to be so.
  struct absence {
    device_id device;
    time_point since;
  };

  void step(const call& before, const outcome& out, const call& after, time_point now);
  void judge_lease(const call_record& before, const call_command& cmd, const call_record& after,
                   time_point now) const;
  void judge_presence(const call& before, const command::presence& cmd, const outcome& out,
                      const call& after);
  void judge_record(const call& before, const outcome& out, const call& after) const;
  void judge_people(const call_record& was, const call_record& is, time_point now) const;
  void judge_stays(const call_record& was, const call_record& is, time_point now);
  void judge_expired(const call_record& was, const call_record& is) const;
  void judge_final(const call_record& record) const;
  void judge_deadlines(const call& after) const;
  void judge_leg(const call& after, const participant& who, time_point now);
  void note_absence(const participant& who, bool away, time_point now);

  call_settings settings_;
  std::map<user_id, devices> presence_; ///< as last told to the machine; none: not yet
  std::map<user_id, devices> met_;      ///< all that the machine was ever told of
  std::map<user_id, stays> stays_;
  std::map<user_id, absence> away_; ///< who is in without what keeps it in
  quality_laws reports_;
  int finals_ = 0;
};

} // namespace carillon::test
