#pragma once

#include "protocol/ids.hpp"
#include "protocol/overview.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace carillon::actors {

/// What there is to see of calls without asking their actors: a card for each that lives, and cards
/// and timelines of those that ended last (the store gets a timeline up to a second later).
/// Thread-safe; the ended ones are bounded.
class call_board {
public:
  /// Keeps the last `ended` calls; one is about 1 KB.
  explicit call_board(std::size_t ended = 2'048)
    : most_ended_(ended) {}

  /// New, or as it is now.
  void show(const call_card& card);
  /// It ended; `text` is what there is to tell of it.
  void close(call_card card, timeline_ptr text);
  /// It lives, and nobody looks after it any more: it rests, or its actor failed.
  void forget(const call_id& call);

  struct picture {
    std::vector<call_card> live;  ///< newest first, up to the limit
    std::vector<call_card> ended; ///< the last to end first, likewise
    std::size_t live_in_all = 0;
  };
  [[nodiscard]] picture look(std::size_t limit) const;

  /// The timeline of one of the ended calls here, or null.
  [[nodiscard]] timeline_ptr find(const call_id& call) const;

private:
  static constexpr std::size_t shard_count = 16;
  struct shard {
    mutable std::mutex mutex;
    std::unordered_map<call_id, call_card> cards;
  };
  shard& shard_of(const call_id& id) noexcept {
    return live_[std::hash<call_id>{}(id) % shard_count];
  }

  struct past {
    call_card card;
    timeline_ptr text;
  };

  std::array<shard, shard_count> live_;
  std::size_t most_ended_;
  mutable std::mutex ended_lock_;
  std::deque<past> ended_; ///< the newest at the back
  std::unordered_map<call_id, timeline_ptr> texts_;
};

} // namespace carillon::actors
