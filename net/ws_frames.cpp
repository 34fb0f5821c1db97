#include "net/ws_frames.hpp"

#include "protocol/utf8.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace carillon::net::ws {

namespace {

constexpr std::size_t mask_size = 4;
constexpr std::size_t control_limit = 125;
/// Of a message without a limit: more than any memory holds.
constexpr std::size_t no_limit = std::size_t{1} << 48;
/// What a buffer may keep between two messages.
constexpr std::size_t idle_capacity = 2048;

void unmask(char* bytes, std::size_t size, const char* mask) noexcept {
  std::uint32_t key32 = 0;
  std::memcpy(&key32, mask, mask_size);
  auto key = (std::uint64_t{key32} << 32) | key32;
  std::size_t i = 0;
  for (; i + 8 <= size; i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + i, 8);
    word ^= key;
    std::memcpy(bytes + i, &word, 8);
  }
  for (; i < size; ++i)
    bytes[i] = static_cast<char>(bytes[i] ^ mask[i % mask_size]);
}

std::uint64_t big_endian(const char* bytes, std::size_t size) noexcept {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i)
    number = (number << 8) | static_cast<unsigned char>(bytes[i]);
  return number;
}

bool is_known(opcode type) noexcept {
  return type <= opcode::binary || (type >= opcode::close && type <= opcode::pong);
}

/// Whether a client may send this code (RFC 6455, 7.4.1 and 7.4.2).
bool may_be_sent(std::uint16_t code) noexcept {
  if (code >= 3000)
    return code < 5000;
  return code >= 1000 && code <= 1014 && code != 1004 && code != code_none && code != 1006;
}

void give_back(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > idle_capacity)
    buffer = {};
}

} // namespace

frame_head::frame_head(opcode type, std::size_t size) noexcept {
  bytes_[0] = static_cast<char>(0x80 | static_cast<unsigned>(type));
  std::size_t length = size < 126 ? 0 : size < 65536 ? 2 : 8;
  bytes_[1] = static_cast<char>(length == 0 ? size : length == 2 ? 126 : 127);
  for (std::size_t i = 0; i < length; ++i)
    bytes_[2 + i] = static_cast<char>(size >> (8 * (length - 1 - i)));
  size_ = 2 + length;
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
  std::string out;
  if (code == code_none)
    return out;
  out += static_cast<char>(code >> 8);
  out += static_cast<char>(code & 0xFF);
  out += reason.substr(0, control_limit - 2);
  return out;
}

/// The head of a client's frame, as far as its bytes are there.
struct frame_reader::head {
  head(const char* bytes, std::size_t there) noexcept {
    if (there < 2)
      return;
    auto first = static_cast<unsigned char>(bytes[0]);
    auto second = static_cast<unsigned char>(bytes[1]);
    final = (first & 0x80) != 0;
    type = static_cast<opcode>(first & 0x0F);
    payload = second & 0x7F;
    // Nothing was negotiated that would use the reserved bits; clients have to mask.
    broken = (first & 0x70) != 0 || (second & 0x80) == 0 || !is_known(type)
             || (is_control(type) && (!final || payload > control_limit));
    std::size_t length = payload < 126 ? 0 : payload == 126 ? 2 : 8;
    size = 2 + length + mask_size;
    whole = there >= size;
    if (length == 0 || there < 2 + length)
      return;
    payload = big_endian(bytes + 2, length);
    // The shortest form has to be used.
    broken = broken || payload < (length == 2 ? 126U : 65536U);
  }

  bool broken = false;
  bool whole = false;
  bool final = false;
  opcode type = opcode::text;
  std::size_t size = 0;
  std::uint64_t payload = 0;
};

void frame_reader::feed(char* bytes, std::size_t size) {
  borrowed_ = kept_.empty();
  if (!borrowed_)
    kept_.append(bytes, size);
  input_ = borrowed_ ? bytes : kept_.data();
  size_ = borrowed_ ? size : kept_.size();
  at_ = 0;
}

frame_reader::item frame_reader::next() {
  if (std::exchange(handed_out_, false))
    give_back(message_);
  while (!failed_) {
    auto left = size_ - at_;
    auto* from = input_ + at_;
    head frame{from, left};
    auto data = !is_control(frame.type);
    if (frame.broken
        || (data && frame.size != 0 && fragmented_ != (frame.type == opcode::continuation)))
      return fail(code_protocol_error);
    if (!frame.whole)
      return stop();
    auto most = most_ == 0 ? no_limit : most_;
    if (data && frame.payload > most - std::min(most, message_.size()))
      return fail(code_too_big);
    if (left - frame.size < frame.payload)
      return stop();
    auto* payload = from + frame.size;
    unmask(payload, frame.payload, payload - mask_size);
    at_ += frame.size + frame.payload;
    if (auto got = take(frame.type, frame.final, {payload, frame.payload}); got.what != event::none)
      return got;
  }
  return {event::failed, {}, code_protocol_error};
}

frame_reader::item frame_reader::take(opcode type, bool final, std::string_view payload) {
  switch (type) {
  case opcode::ping:
    return {event::ping, payload, 0};
  case opcode::pong:
    return {event::pong, payload, 0};
  case opcode::close:
    return take_close(payload);
  default:
    break;
  }
  if (type != opcode::continuation)
    fragments_ = type;
  auto what = fragments_ == opcode::text ? event::text : event::binary;
  if (final && !fragmented_)
    return {what, payload, 0};
  message_ += payload;
  fragmented_ = !final;
  if (!final)
    return {};
  handed_out_ = true;
  return {what, message_, 0};
}

frame_reader::item frame_reader::take_close(std::string_view payload) noexcept {
  if (payload.empty())
    return {event::close, {}, code_none};
  if (payload.size() == 1)
    return fail(code_protocol_error);
  auto code = static_cast<std::uint16_t>(big_endian(payload.data(), 2));
  payload.remove_prefix(2);
  if (!may_be_sent(code))
    return fail(code_protocol_error);
  if (!is_utf8(payload))
    return fail(code_bad_payload);
  return {event::close, payload, code};
}

frame_reader::item frame_reader::fail(std::uint16_t code) noexcept {
  failed_ = true;
  return {event::failed, {}, code};
}

frame_reader::item frame_reader::stop() {
  keep();
  return {};
}

void frame_reader::keep() {
  if (borrowed_)
    kept_.assign(input_ + at_, size_ - at_);
  else
    kept_.erase(0, at_);
  if (kept_.empty())
    give_back(kept_);
  input_ = kept_.data();
  size_ = kept_.size();
  at_ = 0;
  borrowed_ = false;
}

} // namespace carillon::net::ws
