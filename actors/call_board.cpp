#include "actors/call_board.hpp"

#include <algorithm>
#include <utility>

namespace carillon::actors {

void call_board::show(const call_card& card) {
  auto& part = shard_of(card.call);
  std::lock_guard guard{part.mutex};
  part.cards.insert_or_assign(card.call, card);
}

void call_board::forget(const call_id& call) {
  auto& part = shard_of(call);
  std::lock_guard guard{part.mutex};
  part.cards.erase(call);
}

void call_board::close(call_card card, timeline_ptr text) {
  forget(card.call);
  std::lock_guard guard{ended_lock_};
  texts_.insert_or_assign(card.call, text);
  ended_.push_back({std::move(card), std::move(text)});
  if (ended_.size() <= most_ended_)
    return;
  const auto& oldest = ended_.front();
  if (auto i = texts_.find(oldest.card.call); i != texts_.end() && i->second == oldest.text)
    texts_.erase(i);
  ended_.pop_front();
}

call_board::picture call_board::look(std::size_t limit) const {
  picture seen;
  // Only what is shown is copied; there may be many thousands.
  auto newer = [](const call_card& a, const call_card& b) {
    return a.created_at != b.created_at ? a.created_at > b.created_at : a.call > b.call;
  };
  for (const auto& part : live_) {
    std::lock_guard guard{part.mutex};
    seen.live_in_all += part.cards.size();
    for (const auto& [id, card] : part.cards) {
      if (seen.live.size() == limit) {
        if (limit == 0 || !newer(card, seen.live.front()))
          continue;
        std::pop_heap(seen.live.begin(), seen.live.end(), newer);
        seen.live.back() = card;
      } else {
        seen.live.push_back(card);
      }
      std::push_heap(seen.live.begin(), seen.live.end(), newer); // the oldest one is at the front
    }
  }
  std::sort_heap(seen.live.begin(), seen.live.end(), newer);
  std::lock_guard guard{ended_lock_};
  for (auto i = ended_.rbegin(); i != ended_.rend() && seen.ended.size() < limit; ++i)
    seen.ended.push_back(i->card);
  return seen;
}

timeline_ptr call_board::find(const call_id& call) const {
  std::lock_guard guard{ended_lock_};
  auto i = texts_.find(call);
  return i == texts_.end() ? nullptr : i->second;
}

} // namespace carillon::actors
