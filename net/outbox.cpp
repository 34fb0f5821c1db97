#include "net/outbox.hpp"

namespace carillon::net {

bool outbox::push(frame what) {
  auto size = what->size();
  if ((most_frames_ != 0 && frames() >= burst_factor * most_frames_)
      || (most_bytes_ != 0 && bytes_ + size > burst_factor * most_bytes_))
    return false;
  bytes_ += size;
  if (!first_) {
    first_ = std::move(what);
    return true;
  }
  if (!rest_)
    rest_ = std::make_unique<std::deque<frame>>();
  rest_->push_back(std::move(what));
  return true;
}

bool outbox::over() const noexcept {
  return (most_frames_ != 0 && frames() > most_frames_)
         || (most_bytes_ != 0 && bytes_ > most_bytes_);
}

frame outbox::pop() {
  auto next = std::move(first_);
  first_ = nullptr;
  if (!next)
    return next;
  bytes_ -= next->size();
  if (rest_) {
    first_ = std::move(rest_->front());
    rest_->pop_front();
    if (rest_->empty())
      rest_.reset();
  }
  return next;
}

void outbox::clear() {
  first_ = nullptr;
  rest_.reset();
  bytes_ = 0;
}

} // namespace carillon::net
