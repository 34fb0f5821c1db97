#include "net/inbox.hpp"

namespace carillon::net {

bool inbox::leave(frame what) {
  std::lock_guard guard{lock_};
  return leave_locked(std::move(what));
}

bool inbox::leave_locked(frame what) {
  if (contents_.close)
    return false;
  if (most_frames_ != 0 && contents_.frames.size() >= most_frames_)
    contents_.overflow = true;
  else
    contents_.frames.push_back(std::move(what));
  return wake();
}

bool inbox::leave(close_reason reason) {
  std::lock_guard guard{lock_};
  if (contents_.close)
    return false;
  contents_.close = reason;
  passing_.store(false, std::memory_order_release); // what follows is for nobody
  return wake();
}

bool inbox::leave_nothing() {
  std::lock_guard guard{lock_};
  return wake();
}

bool inbox::begin_passing() {
  std::lock_guard guard{lock_};
  if (!contents_.frames.empty() || contents_.close || contents_.overflow)
    return false;
  passing_.store(true, std::memory_order_release);
  return true;
}

void inbox::stop_passing() noexcept {
  std::lock_guard guard{lock_};
  passing_.store(false, std::memory_order_release);
}

inbox::contents inbox::take() {
  std::lock_guard guard{lock_};
  waiting_.store(false, std::memory_order_release);
  // What comes after a close is for nobody, so the mark stays.
  auto close = contents_.close;
  auto all = std::move(contents_);
  contents_ = {};
  contents_.close = close;
  return all;
}

} // namespace carillon::net
