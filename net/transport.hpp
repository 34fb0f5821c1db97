#pragma once

#include "protocol/client_link.hpp"

namespace carillon::net {

/// One way to carry the packets of an Engine.IO session. It hands incoming packets to its session
/// and takes outgoing ones from the session's outbox; at its end it calls `on_transport_closed`
/// once. Everything runs on the session's thread.
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
};

} // namespace carillon::net
