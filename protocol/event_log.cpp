#include "protocol/event_log.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace carillon {

namespace {

/// Some twenty candidates.
constexpr std::size_t block_size = 4096;

std::size_t size_of(text_parts parts) noexcept {
  std::size_t sum = 0;
  for (auto part : parts)
    sum += part.size();
  return sum;
}

} // namespace

std::optional<std::string_view> event_log::add(std::string_view name, text_parts data,
                                               std::uint64_t offset, time_point now) {
  auto bytes = size_of(data);
  std::size_t surplus = 0;
  auto left = bytes_ + bytes;
  while (surplus < size() && (size() - surplus >= limits_.events || left > limits_.bytes))
    left -= kept_[first_ + surplus++].data.size();
  drop_first(surplus);
  if (limits_.events == 0 || bytes > limits_.bytes) {
    gone_ = offset;
    return std::nullopt;
  }
  auto* begin = room_for(bytes);
  auto* at = begin;
  for (auto part : data) {
    std::memcpy(at, part.data(), part.size());
    at += part.size();
  }
  kept_.push_back({name, {begin, bytes}, offset, now});
  bytes_ += bytes;
  return kept_.back().data;
}

char* event_log::room_for(std::size_t bytes) {
  if (blocks_.empty() || blocks_.back().size - blocks_.back().used < bytes) {
    auto size = std::max(block_size, bytes);
    if (spare_.bytes && spare_.size >= bytes)
      blocks_.push_back(std::exchange(spare_, {}));
    else
      blocks_.push_back({std::unique_ptr<char[]>{new char[size]}, size, 0, 0});
    blocks_.back().used = 0;
  }
  auto& last = blocks_.back();
  auto* at = last.bytes.get() + last.used;
  last.used += bytes;
  ++last.entries;
  return at;
}

std::optional<std::vector<wire_event_ptr>> event_log::since(std::uint64_t offset) const {
  if (offset < gone_)
    return std::nullopt;
  std::vector<wire_event_ptr> missed;
  for (auto i = first_; i < kept_.size(); ++i)
    if (auto& kept = kept_[i]; kept.offset > offset)
      missed.push_back(
          std::make_shared<const wire_event>(kept.name, std::string{kept.data}, kept.offset));
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
    bytes_ -= oldest.data.size();
    gone_ = oldest.offset;
    if (--blocks_.front().entries == 0) {
      if (blocks_.front().size == block_size)
        spare_ = std::move(blocks_.front());
      blocks_.erase(blocks_.begin());
    }
  }
  if (empty()) {
    kept_ = {};
    first_ = 0;
    spare_ = {};
  } else if (first_ >= kept_.size() / 2 + 16) {
    // Moving the rest over only now and then makes it cheap for each event.
    kept_.erase(kept_.begin(), kept_.begin() + static_cast<std::ptrdiff_t>(first_));
    first_ = 0;
  }
}

} // namespace carillon
