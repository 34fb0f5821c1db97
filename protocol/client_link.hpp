#pragma once

#include "protocol/fwd.hpp"
#include "protocol/ids.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace carillon {

/// An event in its family's JSON, not yet in a wire's framing. Immutable and shared by all
/// receivers.
struct wire_event {
  std::string_view name; ///< static storage
  std::string data;      ///< one JSON value
  /// Where the event stands among those of its user, from 1; a client names the last one it got
  /// when it resumes. 0: the event is not kept for that.
  std::uint64_t offset = 0;

  /// Framed for Socket.IO on Engine.IO (`42["name",data,"offset"]`) by the first receiver that
  /// needs it, and shared with the others. Thread-safe.
  [[nodiscard]] std::shared_ptr<const std::string> socket_io() const;

  /// Framed for plain WebSocket (`{"event":"name","data":data,"offset":"offset"}`), likewise.
  [[nodiscard]] std::shared_ptr<const std::string> plain() const;

  wire_event(std::string_view event_name, std::string json, std::uint64_t at = 0)
    : name(event_name)
    , data(std::move(json))
    , offset(at) {}

private:
  // One pair for each framing.
  mutable std::once_flag socket_io_once_;
  mutable std::shared_ptr<const std::string> socket_io_;
  mutable std::once_flag plain_once_;
  mutable std::shared_ptr<const std::string> plain_;
};

/// An offset as clients get it: its decimal digits.
class offset_text {
public:
  explicit offset_text(std::uint64_t offset) noexcept;
  [[nodiscard]] std::string_view text() const noexcept { return {digits_.data(), size_}; }

private:
  std::array<char, 20> digits_{};
  std::size_t size_ = 0;
};

/// Why the server closes a device's connection. Each has a sentence and a WebSocket close code in
/// `client_link.cpp`.
enum class close_reason : std::uint8_t {
  normal,         ///< the client asked for it
  going_away,     ///< the server shuts down
  protocol_error, ///< malformed packet
  too_big,        ///< a frame over `limits.frame_bytes`
  too_slow,       ///< more waits for the device than `limits.outbox_*` allows
  ping_timeout,   ///< no pong in time
  auth_timeout,   ///< not authenticated in time
  token_expired,  ///< no fresh token in time
  replaced,       ///< a newer connection took this device's place
};

struct close_row {
  std::uint16_t code; ///< RFC 6455, section 7.4
  std::string_view sentence;
};

[[nodiscard]] const close_row& describe(close_reason reason) noexcept;

/// The way to one device. Implemented by `net`'s connections; held by the user session actor.
/// Both functions are thread-safe, never block and never throw.
class client_link {
public:
  virtual ~client_link() = default;

  /// Queues an event. The connection closes itself as `too_slow` when its outbox overflows.
  virtual void offer(const wire_event_ptr& event) noexcept = 0;

  /// The same for an event that no other device gets; nothing is kept of it.
  virtual void offer(std::string_view name, std::string_view data, std::uint64_t offset) noexcept;

  /// Closes the connection after what is queued.
  virtual void close(close_reason reason) noexcept = 0;

  /// Lets the device relay straight; until the permit is revoked, or another for the same call comes.
  virtual void grant(std::shared_ptr<relay_permit>) noexcept {}

  /// Tells whether the device holds a leg of a live call: it is then pinged every 10 s and must
  /// answer within 10 s, so that a dead device is noticed before its call is hopeless.
  virtual void set_in_call(bool in_call) noexcept = 0;
};

} // namespace carillon
