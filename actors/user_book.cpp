#include "actors/user_book.hpp"

namespace carillon::actors {

user_ptr user_book::find(const user_id& id) {
  auto& part = shard_of(id);
  std::lock_guard guard{part.mutex};
  auto i = part.index.find(id);
  if (i == part.index.end())
    return nullptr;
  part.by_use.splice(part.by_use.begin(), part.by_use, i->second);
  return *i->second;
}

void user_book::keep(const user_ptr& user) {
  auto& part = shard_of(user->id);
  std::lock_guard guard{part.mutex};
  if (auto i = part.index.find(user->id); i != part.index.end()) {
    *i->second = user;
    part.by_use.splice(part.by_use.begin(), part.by_use, i->second);
    return;
  }
  insert(part, user);
}

user_ptr user_book::keep_read(const user_ptr& user) {
  auto& part = shard_of(user->id);
  std::lock_guard guard{part.mutex};
  if (auto i = part.index.find(user->id); i != part.index.end())
    return *i->second;
  insert(part, user);
  return user;
}

void user_book::insert(shard& part, const user_ptr& user) {
  part.by_use.push_front(user);
  part.index.emplace(user->id, part.by_use.begin());
  if (part.by_use.size() > per_shard_) {
    part.index.erase(part.by_use.back()->id);
    part.by_use.pop_back();
  }
}

} // namespace carillon::actors
