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
  auto size = size_of(payload);
  ws::frame_head head{type, size};
  // All of the memory first: a head that lacks its payload would break the stream.
  bytes_.reserve(bytes_.size() + head.bytes().size() + size);
  ends_.push_back(bytes_.size() + head.bytes().size() + size);
  bytes_ += head.bytes();
  for (auto part : payload)
    bytes_ += part;
}

void send_buffer::wrote(std::size_t size) {
  written_ += size;
  if (empty())
    return clear();
  while (gone_ < ends_.size() && ends_[gone_] <= written_)
    ++gone_;
  // A peer that never quite catches up must not make this grow; half of it is worth moving.
  if (written_ > kept_bytes && written_ > bytes_.size() / 2)
    forget_written();
}

void send_buffer::forget_written() {
  bytes_.erase(0, written_);
  ends_.erase(ends_.begin(), ends_.begin() + static_cast<std::ptrdiff_t>(gone_));
  for (auto& end : ends_)
    end -= written_;
  written_ = gone_ = 0;
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
