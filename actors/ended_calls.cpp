#include "actors/ended_calls.hpp"

namespace carillon::actors {

void ended_calls::keep(const call_record& record) {
  std::lock_guard guard{mutex_};
  if (!records_.insert_or_assign(record.id, record).second)
    return;
  order_.push_back(record.id);
  if (order_.size() > capacity_) {
    records_.erase(order_.front());
    order_.pop_front();
  }
}

std::optional<call_record> ended_calls::find(const call_id& id) const {
  std::lock_guard guard{mutex_};
  auto i = records_.find(id);
  if (i == records_.end())
    return std::nullopt;
  return i->second;
}

} // namespace carillon::actors
