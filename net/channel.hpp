#pragma once

#include "net/send_buffer.hpp"
#include "net/ws_frames.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace carillon::net {

/// What a channel works for. On the connection's own thread.
class channel_user {
public:
  virtual ~channel_user() = default;

  /// Bytes came; they may be overwritten, and are gone when this returns.
  virtual void on_bytes(char* bytes, std::size_t size) = 0;
  /// More waits than `limits.outbox_*` allows for long.
  virtual void on_behind() = 0;
  /// The connection is gone; the last call.
  virtual void on_closed() = 0;
};

/// The bytes of one connection that became a WebSocket: frames go out through it, a byte stream
/// comes in. On the connection's own thread but for `write`, and that only when `shareable`.
class channel {
public:
  enum class written : std::uint8_t {
    taken,  ///< on its way
    full,   ///< there was no room even for a burst; the frame is dropped
    closed, ///< nothing goes out any more
  };

  virtual ~channel() = default;

  /// Whether any thread may `write`.
  [[nodiscard]] virtual bool shareable() const noexcept = 0;

  /// Begins: writes `greeting` as it is, then hands bytes to `user` until `on_closed`.
  virtual void start(std::shared_ptr<channel_user> user, std::string_view greeting) = 0;

  /// Sends one frame, with what else is sent while the current handler runs. Control frames are
  /// always taken.
  virtual written write(ws::opcode type, payload_parts payload) = 0;

  /// Whether more waits than may wait for long.
  [[nodiscard]] virtual bool behind() const noexcept = 0;

  /// While on, nothing is read; what a reading under way brings is still handed in.
  virtual void pause(bool on) = 0;

  /// Ends after what was written: tells the peer, and throws away what it still sends, so that it
  /// gets to read everything.
  virtual void finish() = 0;

  /// Ends at once.
  virtual void abort() noexcept = 0;

  /// Writes what waits; called by the thread's pump.
  virtual void flush() noexcept = 0;
};

} // namespace carillon::net
