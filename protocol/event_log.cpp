#include "protocol/event_log.hpp"

#include <algorithm>

namespace carillon {

void event_log::add(const wire_event_ptr& event, time_point now) {
  if (event->offset == 0)
    return;
  kept_.push_back({event, now});
  bytes_ += event->data.size();
  std::size_t surplus = 0;
  auto bytes = bytes_;
  while (kept_.size() - surplus > limits_.events || bytes > limits_.bytes)
    bytes -= kept_[surplus++].event->data.size();
  drop_first(surplus);
}

std::optional<std::vector<wire_event_ptr>> event_log::since(std::uint64_t offset) const {
  if (offset < gone_)
    return std::nullopt;
  std::vector<wire_event_ptr> missed;
  for (const auto& one : kept_)
    if (one.event->offset > offset)
      missed.push_back(one.event);
  return missed;
}

void event_log::trim(time_point when) {
  auto first = std::find_if(kept_.begin(), kept_.end(),
                            [&](const entry& one) { return one.sent >= when; });
  drop_first(static_cast<std::size_t>(first - kept_.begin()));
  if (kept_.empty())
    kept_.shrink_to_fit();
}

void event_log::drop_first(std::size_t count) {
  if (count == 0)
    return;
  for (std::size_t i = 0; i < count; ++i)
    bytes_ -= kept_[i].event->data.size();
  gone_ = kept_[count - 1].event->offset;
  kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(count));
}

} // namespace carillon
