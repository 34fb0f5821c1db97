#pragma once

#include "protocol/events.hpp"
#include "protocol/outcome.hpp"
#include "protocol/relay_tally.hpp"
#include "protocol/timeline.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace carillon {

/// Keeps the timeline of one live call, from what its actor sees anyway: the record after each step
/// of the machine (who began, answered, joined, moved, left, ended), the summaries for its users
/// (whose device was lost and came back), and relays. Knows no policy and no family: what a kind
/// of call writes into its record is what the timeline shows. A regular, copyable value.
class chronicle {
public:
  /// The call begins; or it goes on from its record, whose times (begun, answered, who joined and
  /// left) then stand for what was before: after a restart of the server with a step `restored`,
  /// after a rest without one.
  enum class beginning : std::uint8_t { fresh, restored, woken };
  void begin(const call_record& record, time_point now, beginning how);

  /// One step of the machine was taken: what is new in the record, and the relays that went through
  /// the actors (`event::relayed`).
  void follow(const call_record& record, const std::vector<addressed_event>& events,
              time_point now);

  /// What the session of `user` is told of the call has changed from `before`.
  void follow(const user_id& user, const call_summary& before, const call_summary& after,
              time_point now);

  /// What passed by a permit that is no more.
  void add(const user_id& from, const user_id& to, const relay_counts& counts);

  /// How many are in without a device.
  [[nodiscard]] std::uint32_t away() const noexcept;

  /// The timeline so far, together with what passed by permits that are still in use; relays are
  /// put between the steps by their times.
  struct passing {
    user_id from;
    user_id to;
    relay_counts counts;
  };
  [[nodiscard]] timeline so_far(const std::vector<passing>& permits = {}) const;

private:
  /// What went one way without anything between that changed either of the two legs: no drop, no
  /// return, no coming or going.
  struct run {
    std::uint8_t from;
    std::uint8_t to;
    relay_counts counts;
  };
  struct presence {
    bool in = false;
    bool away = false;
    device_id device; ///< of a session and of video
  };

  [[nodiscard]] std::uint8_t find(const user_id& user) const noexcept;
  [[nodiscard]] std::uint8_t meet(const user_id& user);
  [[nodiscard]] bool parted(const run& before, time_point now) const noexcept;
  void count(std::uint8_t from, std::uint8_t to, const relay_counts& counts);
  void add(timeline_step what);

  void look_at(const call_record& record);
  void recall(const call_record& record);
  void recall_direct(const call_record& record);
  void recall_people(const call_record& record);
  void ring(const call_record& record);
  void follow_people(const call_record& record, time_point now);
  void follow_person(const call_record& record, std::size_t index, time_point now);
  void follow_end(const call_record& record);

  timeline told_; ///< its steps without the relays, growing in time
  std::vector<presence> people_; ///< in the order of `told_.people`
  std::vector<run> runs_;        ///< those that were used; few
  std::uint32_t version_ = 0;    ///< of the record when it was last looked at
};

} // namespace carillon
