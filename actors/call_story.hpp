#pragma once

#include "actors/context.hpp"
#include "protocol/chronicle.hpp"
#include "protocol/vitals.hpp"

#include <utility>
#include <vector>

namespace carillon::actors {

/// What a call actor tells operators: log lines, gauges, its card on the board, its timeline. A
/// part of the actor's state; the actor says what happens, and this decides nothing.
class call_story {
public:
  /// A permit in use, and whose it is.
  using granted = std::pair<user_id, relay_permit_ptr>;

  call_story() = default;
  call_story(const call_story&) = delete;
  call_story& operator=(const call_story&) = delete;
  /// The actor is gone without an end: as `leave`.
  ~call_story();

  /// Before the first step of a new call, or of one that goes on.
  void begin(const context& house, const call_record& record, time_point now,
             chronicle::beginning how);

  /// After each step, before anybody hears of it.
  void follow(const call_record& record, const std::vector<addressed_event>& events,
              time_point now);

  /// A user's session is about to be told something else than before.
  void follow(const user_id& user, const call_summary& before, const call_summary& after,
              time_point now);

  /// A permit of `from` was revoked.
  void add(const user_id& from, const relay_permit& gone);

  /// It ended: takes the card off the board and hands the timeline over, to memory and to the
  /// store.
  void end(const call_record& record);

  /// Without an end (it failed, or the call rests) the board forgets the call. Before anybody can
  /// wake it: the next actor's card is not this one's to take.
  void leave();

  /// For an operator who looks now; `permits` are those in use (none is null).
  [[nodiscard]] timeline_ptr so_far(const std::vector<granted>& permits) const;

private:
  void show(const call_record& record);

  const context* house_ = nullptr;
  chronicle told_;
  call_card card_;
  gauge_hold counted_;        ///< among the ringing or the active calls of its kind
  std::uint32_t version_ = 0; ///< of the record when it was last looked at
  bool active_ = false;
  bool shown_ = false;
};

} // namespace carillon::actors
