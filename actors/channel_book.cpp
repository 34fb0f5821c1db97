#include "actors/channel_book.hpp"

#include <caf/send.hpp>

#include <utility>

namespace carillon::actors {

void channel_book::send(const call_id& call, channel_message what) {
  auto& part = shard_of(call);
  std::lock_guard guard{part.mutex};
  auto [i, is_new] = part.channels.try_emplace(call);
  if (is_new) {
    in_use_.fetch_add(1, std::memory_order_relaxed);
    i->second.who = spawn_(call);
  }
  ++i->second.sent;
  caf::anon_send(i->second.who, std::move(what));
}

bool channel_book::tell(const call_id& call, call_news what) {
  if (!in_use())
    return false;
  auto& part = shard_of(call);
  std::lock_guard guard{part.mutex};
  auto i = part.channels.find(call);
  if (i == part.channels.end())
    return false;
  ++i->second.sent;
  caf::anon_send(i->second.who, std::move(what));
  return true;
}

bool channel_book::retire(const call_id& call, caf::actor_id who, std::uint64_t handled) {
  auto& part = shard_of(call);
  std::lock_guard guard{part.mutex};
  auto i = part.channels.find(call);
  if (i == part.channels.end() || i->second.who.id() != who)
    return true;
  if (i->second.sent != handled)
    return false;
  part.channels.erase(i);
  in_use_.fetch_sub(1, std::memory_order_relaxed);
  return true;
}

void channel_book::forget(const call_id& call, caf::actor_id who) {
  auto& part = shard_of(call);
  std::lock_guard guard{part.mutex};
  auto i = part.channels.find(call);
  if (i == part.channels.end() || i->second.who.id() != who)
    return;
  part.channels.erase(i);
  in_use_.fetch_sub(1, std::memory_order_relaxed);
}

std::vector<channel_actor> channel_book::all() {
  std::vector<channel_actor> found;
  for (auto& part : shards_) {
    std::lock_guard guard{part.mutex};
    for (auto& [id, known] : part.channels)
      found.push_back(known.who);
  }
  return found;
}

void channel_book::clear() {
  for (auto& part : shards_) {
    std::lock_guard guard{part.mutex};
    in_use_.fetch_sub(part.channels.size(), std::memory_order_relaxed);
    part.channels.clear();
  }
}

} // namespace carillon::actors
