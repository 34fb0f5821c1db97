#pragma once

#include "net/channel.hpp"
#include "net/plain_stream.hpp"
#include "net/pump.hpp"

#include <mutex>

namespace carillon::net {

/// A channel over a bare socket. Any thread may write: the frame goes into the connection's buffer
/// under its lock, and leaves with one system call when the writing thread's handler has returned.
/// Reads through the buffer of its thread's pump, so that an idle connection has none.
class plain_channel final : public channel,
                            public pumped,
                            public std::enable_shared_from_this<plain_channel> {
public:
  /// Takes the socket over; on its thread, which must have a pump.
  plain_channel(plain_stream&& stream, send_buffer buffer);
  ~plain_channel() override;

  bool shareable() const noexcept override { return true; }
  void start(std::shared_ptr<channel_user> user, std::string_view greeting) override;
  written write(ws::opcode type, payload_parts payload) override;
  bool behind() const noexcept override;
  void pause(bool on) override;
  void finish() override;
  void abort() noexcept override { close(); }
  void flush() noexcept override;
  void on_ready(std::uint32_t events) noexcept override;

private:
  void flush_locked() noexcept;
  void read() noexcept;
  void on_end_of_bytes() noexcept;
  [[nodiscard]] bool still_writing() const noexcept;
  void close() noexcept;
  void tell_if_behind();

  io_executor executor_;
  pump& pump_;
  std::shared_ptr<channel_user> user_;
  std::size_t drained_ = 0; ///< thrown away after `finish`
  bool draining_ = false;   ///< `finish` was called
  bool paused_ = false;
  bool readable_ = false; ///< there may be something to read
  bool reading_ = false;
  bool hung_up_ = false; ///< the peer has ended its side
  bool ended_ = false;   ///< and all of it was read

  mutable std::mutex lock_; ///< of what follows
  send_buffer buffer_;
  int handle_ = -1;         ///< closed: -1
  bool finishing_ = false;  ///< after what waits, or at once when the socket is broken
  bool said_close_ = false; ///< a close frame is the last one
  bool blocked_ = false;    ///< the socket takes no more for now
  bool to_flush_ = false;   ///< some thread is going to
  bool behind_ = false;     ///< and the user knows it
};

} // namespace carillon::net
