#include "protocol/event_log.hpp"

namespace carillon {

void event_log::add(const wire_event_ptr& event, time_point now) {
  if (event->offset == 0)
    return;
  kept_.push_back({event, now});
  bytes_ += event->data.size();
  std::size_t surplus = 0;
  auto bytes = bytes_;
  while (size() - surplus > limits_.events || bytes > limits_.bytes)
    bytes -= kept_[first_ + surplus++].event->data.size();
  drop_first(surplus);
}

std::optional<std::vector<wire_event_ptr>> event_log::since(std::uint64_t offset) const {
  if (offset < gone_)
    return std::nullopt;
  std::vector<wire_event_ptr> missed;
  for (auto i = first_; i < kept_.size(); ++i)
    if (kept_[i].event->offset > offset)
      missed.push_back(kept_[i].event);
  return missed;
}

void event_log::trim(time_point when) {
  std::size_t arrived = 0;
  while (arrived < size() && kept_[first_ + arrived].sent < when)
    ++arrived;
  drop_first(arrived);
}

void event_log::drop_first(std::size_t count) {
  for (; count > 0; --count) {
    auto& oldest = kept_[first_++];
    bytes_ -= oldest.event->data.size();
    gone_ = oldest.event->offset;
    oldest.event.reset();
  }
  if (empty()) {
    kept_ = {};
    first_ = 0;
  } else if (first_ >= kept_.size() / 2 + 16) {
    // Moving the rest over only now and then makes it cheap for each event.
    kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

} // namespace carillon
