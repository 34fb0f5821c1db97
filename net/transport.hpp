#pragma once

#include "net/outbox.hpp"
#include "protocol/client_link.hpp"

#include <memory>
#include <string_view>

namespace carillon::net {

class transport_user;
class channel;

/// One way to carry the packets of a session. It hands incoming packets to its user and takes
/// outgoing ones from the user's outbox; at its end it calls `on_transport_closed` once. A frame
/// that begins with `b` is a binary message: the bytes after it. Everything runs on the session's
/// thread.
class transport {
public:
  virtual ~transport() = default;

  /// The outbox has frames.
  virtual void flush() = 0;

  /// While paused no packet is handed in; they wait where they are.
  virtual void pause(bool on) = 0;

  /// Writes what is in the outbox, then closes with the code of `reason`. The session ends it with
  /// `abort` when that takes too long.
  virtual void close(close_reason reason) = 0;

  /// Ends at once.
  virtual void abort() noexcept = 0;

  /// Sends a ping frame of the transport's own (WebSocket only); its answer is `on_pong`.
  virtual void ping() = 0;

  /// The WebSocket's channel; null for long-polling.
  [[nodiscard]] virtual std::shared_ptr<channel> socket() const { return nullptr; }

  /// Whether the peer takes less than is written, beyond what the outbox holds.
  [[nodiscard]] virtual bool behind() const noexcept { return false; }

  /// Packets are `user`'s from now on.
  virtual void serve(std::shared_ptr<transport_user> user) = 0;
};

/// What a transport works for: a session, or the probe of an upgrade. On the session's thread.
class transport_user {
public:
  virtual ~transport_user() = default;

  /// The transport is ready.
  virtual void open(std::shared_ptr<transport> way) = 0;
  /// One packet came.
  virtual void on_text(std::string_view packet) = 0;
  virtual void on_binary(std::string_view bytes) = 0;
  /// The answer to `transport::ping` came.
  virtual void on_pong() = 0;
  /// A message was over `limits.frame_bytes`, and the client was told.
  virtual void on_too_big() = 0;
  /// More waits for the peer than `limits.outbox_*` allows for long; and more than even a burst
  /// may.
  virtual void on_behind() = 0;
  virtual void on_overflow() = 0;
  /// The transport is gone, its last call.
  virtual void on_transport_closed() = 0;
  /// The server stops.
  virtual void on_server_stop() noexcept = 0;
  /// What is to be written.
  [[nodiscard]] virtual outbox& out() noexcept = 0;
};

/// The first byte of a frame that is a binary message; no text packet begins with it.
inline constexpr char binary_mark = 'b';

} // namespace carillon::net
