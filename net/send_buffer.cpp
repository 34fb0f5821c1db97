#include "net/send_buffer.hpp"

#include "net/outbox.hpp"

#include <utility>

namespace carillon::net {

namespace {

/// What an empty buffer keeps for the next frames: a few candidates, or nothing after an SDP.
constexpr std::size_t kept_bytes = 4096;
constexpr std::size_t kept_frames = 32;

std::size_t size_of(payload_parts parts) noexcept {
  std::size_t sum = 0;
  for (auto part : parts)
    sum += part.size();
  return sum;
}

} // namespace

bool send_buffer::fits(payload_parts payload) const noexcept {
  return (most_frames_ == 0 || frames() < burst_factor * most_frames_)
         && (most_bytes_ == 0 || rest().size() + size_of(payload) <= burst_factor * most_bytes_);
}

void send_buffer::add(ws::opcode type, payload_parts payload) {
  bytes_ += ws::frame_head{type, size_of(payload)}.bytes();
  for (auto part : payload)
    bytes_ += part;
  ends_.push_back(bytes_.size());
}

void send_buffer::wrote(std::size_t size) {
  written_ += size;
  if (empty())
    return clear();
  while (gone_ < ends_.size() && ends_[gone_] <= written_)
    ++gone_;
}

std::string send_buffer::take() {
  auto all = written_ == 0 ? std::exchange(bytes_, {}) : std::string{rest()};
  clear();
  return all;
}

bool send_buffer::over() const noexcept {
  return (most_frames_ != 0 && frames() > most_frames_)
         || (most_bytes_ != 0 && rest().size() > most_bytes_);
}

void send_buffer::clear() noexcept {
  bytes_.clear();
  ends_.clear();
  written_ = gone_ = 0;
  if (bytes_.capacity() > kept_bytes)
    bytes_ = {};
  if (ends_.capacity() > kept_frames)
    ends_ = {};
}

} // namespace carillon::net
