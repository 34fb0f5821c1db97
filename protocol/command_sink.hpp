#pragma once

#include "protocol/client_link.hpp"
#include "protocol/commands.hpp"
#include "protocol/fwd.hpp"
#include "protocol/records.hpp"
#include "protocol/result.hpp"

#include <cstdint>
#include <memory>
#include <variant>

namespace carillon {

/// What a successful command or query answers with.
using reply_value = std::variant<std::monostate, user_ptr, call_view, call_page>;

/// Receives answers. Implemented by `net`'s connections. Thread-safe; never blocks.
class responder {
public:
  virtual ~responder() = default;

  /// Called exactly once for each `reply_to` that named this responder with this token.
  virtual void answer(std::uint64_t token, result<reply_value> what) noexcept = 0;
};

/// Where the answer to one command goes. The token is the responder's own (which event, which
/// acknowledgement id); others pass it back unread.
struct reply_to {
  std::shared_ptr<responder> who; ///< null: nobody wants an answer
  std::uint64_t token = 0;

  void operator()(result<reply_value> what) const {
    if (who)
      who->answer(token, std::move(what));
  }
};

/// A user whose token was verified.
struct identity {
  user_id user;
  user_claims claims;
};

/// The door from `net` to the actors. Every function is thread-safe, returns at once and answers
/// through `reply`; what one thread submits for one call is handled in that order.
class command_sink {
public:
  virtual ~command_sink() = default;

  /// A verified token was seen: makes or updates the user's row. Answers with a `user_ptr`.
  virtual void seen(identity who, reply_to reply) = 0;

  /// Binds a device to its user's session, which answers at once with a `call_states` event on the
  /// link. The user must have been `seen`. Answers `too_many_devices` or nothing (monostate).
  virtual void attach(user_ptr user, device_id device, client_link_ptr link, reply_to reply) = 0;

  /// The device's connection is gone; its legs get their grace. Idempotent.
  virtual void detach(const user_id& user, const device_id& device) = 0;

  /// Runs a command; answers with a `call_view`.
  virtual void submit(client_command cmd, reply_to reply) = 0;

  /// Answers with a `call_page`.
  virtual void submit(query::history what, reply_to reply) = 0;

  /// Answers with nothing, or `call_not_found`.
  virtual void submit(query::hide what, reply_to reply) = 0;
};

} // namespace carillon
