#include "net/auth_failures.hpp"

#include <algorithm>
#include <vector>

namespace carillon::net {

int auth_failures::note(const std::string& key, instant now) {
  if (allowed_ == 0 || window_.count() == 0)
    return 0;
  std::lock_guard guard{lock_};
  if (entries_.size() >= sweep_at_)
    make_room(now);
  auto& mine = entries_[key];
  if (now >= mine.until)
    mine = {0, now + window_};
  if (mine.count < allowed_) {
    ++mine.count;
    return 0;
  }
  auto left = std::chrono::ceil<std::chrono::seconds>(mine.until - now).count();
  return std::max(1, static_cast<int>(left));
}

void auth_failures::make_room(instant now) {
  std::erase_if(entries_, [&](const auto& e) { return now >= e.second.until; });
  if (entries_.size() >= most_entries) {
    std::vector<instant> ends;
    ends.reserve(entries_.size());
    for (auto& e : entries_)
      ends.push_back(e.second.until);
    auto middle = ends.begin() + static_cast<std::ptrdiff_t>(ends.size() / 2);
    std::nth_element(ends.begin(), middle, ends.end());
    auto limit = *middle;
    std::erase_if(entries_, [&](const auto& e) { return e.second.until <= limit; });
  }
  sweep_at_ = std::clamp<std::size_t>(entries_.size() * 2, 256, most_entries);
}

std::size_t auth_failures::size() const {
  std::lock_guard guard{lock_};
  return entries_.size();
}

} // namespace carillon::net
