#include "net/plain_channel.hpp"

#include "config/log.hpp"

#include <boost/asio/post.hpp>

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace asio = boost::asio;

namespace carillon::net {

namespace {

/// Full reads of one connection before the others get their turn.
constexpr int most_reads = 4;

} // namespace

plain_channel::plain_channel(plain_stream&& stream, send_buffer buffer)
  : executor_(stream.get_executor())
  , pump_(*pump::here())
  , buffer_(std::move(buffer)) {
  boost::system::error_code problem;
  auto handle = stream.release(problem);
  if (!problem)
    handle_ = handle;
}

plain_channel::~plain_channel() {
  if (handle_ >= 0) // never started
    ::close(handle_);
}

void plain_channel::start(std::shared_ptr<channel_user> user, std::string_view greeting) {
  user_ = std::move(user);
  {
    std::lock_guard guard{lock_};
    buffer_.add_raw(greeting);
    to_flush_ = true;
  }
  pump_.flush_soon(shared_from_this());
  if (handle_ < 0 || !pump_.add(handle_, *this))
    asio::post(executor_, [self = shared_from_this()] { self->close(); });
}

channel::written plain_channel::write(ws::opcode type, payload_parts payload) {
  {
    std::lock_guard guard{lock_};
    if (handle_ < 0 || finishing_ || said_close_)
      return written::closed;
    if (!ws::is_control(type) && !buffer_.fits(payload)) {
      // Much may have come since the last flush.
      if (!blocked_)
        flush_locked();
      if (!buffer_.fits(payload))
        return written::full;
    }
    buffer_.add(type, payload);
    said_close_ = type == ws::opcode::close;
    if (blocked_) {
      tell_if_behind();
      return written::taken;
    }
    if (std::exchange(to_flush_, true))
      return written::taken;
  }
  if (auto* here = pump::here())
    here->flush_soon(shared_from_this());
  else
    flush();
  return written::taken;
}

void plain_channel::flush() noexcept {
  std::lock_guard guard{lock_};
  to_flush_ = false;
  if (!blocked_)
    flush_locked();
}

void plain_channel::flush_locked() noexcept {
  while (handle_ >= 0 && !buffer_.empty()) {
    auto rest = buffer_.rest();
    auto sent = ::send(handle_, rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      buffer_.wrote(static_cast<std::size_t>(sent));
      behind_ = behind_ && buffer_.over();
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      blocked_ = true;
      tell_if_behind();
      return;
    } else if (errno != EINTR) {
      // Reading finds the connection broken as well, and tells the user.
      buffer_.clear();
      finishing_ = true;
    }
  }
  if (finishing_ && handle_ >= 0)
    ::shutdown(handle_, SHUT_WR);
}

void plain_channel::tell_if_behind() {
  if (!buffer_.over() || std::exchange(behind_, true))
    return;
  asio::post(executor_, [self = shared_from_this()] {
    if (self->user_)
      self->user_->on_behind();
  });
}

bool plain_channel::behind() const noexcept {
  std::lock_guard guard{lock_};
  return blocked_ && buffer_.over();
}

void plain_channel::on_ready(std::uint32_t events) noexcept {
  auto self = shared_from_this();
  if ((events & EPOLLOUT) != 0) {
    std::lock_guard guard{lock_};
    if (std::exchange(blocked_, false))
      flush_locked();
  }
  if (ended_ && !still_writing())
    return close();
  hung_up_ = hung_up_ || (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  if (hung_up_ || (events & EPOLLIN) != 0) {
    readable_ = true;
    read();
  }
}

void plain_channel::read() noexcept {
  if (reading_)
    return;
  reading_ = true;
  for (int reads = 0; readable_ && !paused_ && user_; ++reads) {
    if (reads == most_reads) {
      asio::post(executor_, [self = shared_from_this()] { self->read(); });
      break;
    }
    auto size = ::recv(handle_, pump_.buffer(), pump::buffer_size, MSG_DONTWAIT);
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0) {
      readable_ = false;
      if (size == 0)
        on_end_of_bytes();
      else if (errno != EAGAIN && errno != EWOULDBLOCK)
        close();
      break;
    }
    auto got = static_cast<std::size_t>(size);
    // With less than a full buffer the socket was empty; what comes later is told again.
    readable_ = hung_up_ || got == pump::buffer_size;
    if (draining_) {
      drained_ += got;
      if (drained_ > drain_limit)
        close();
    } else {
      user_->on_bytes(pump_.buffer(), got);
    }
  }
  reading_ = false;
}

void plain_channel::on_end_of_bytes() noexcept {
  // A peer that says no more may still read what it was promised.
  ended_ = true;
  if (!draining_ || !still_writing())
    close();
}

bool plain_channel::still_writing() const noexcept {
  std::lock_guard guard{lock_};
  return handle_ >= 0 && !buffer_.empty();
}

void plain_channel::pause(bool on) {
  paused_ = on;
  // The user may be in the middle of what it was handed.
  if (!on && readable_ && !reading_)
    asio::post(executor_, [self = shared_from_this()] { self->read(); });
}

void plain_channel::finish() {
  draining_ = true;
  {
    std::lock_guard guard{lock_};
    finishing_ = true;
    if (!blocked_)
      flush_locked();
  }
  pause(false);
}

void plain_channel::close() noexcept {
  auto self = shared_from_this();
  {
    std::lock_guard guard{lock_};
    if (handle_ >= 0)
      ::close(handle_);
    handle_ = -1;
    buffer_.clear();
  }
  pump_.retire(self);
  if (auto user = std::exchange(user_, nullptr))
    user->on_closed();
}

} // namespace carillon::net
