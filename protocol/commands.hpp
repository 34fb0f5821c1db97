#pragma once

#include "protocol/ids.hpp"
#include "protocol/records.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace carillon {

/// Who asks. The server fills it in from the authenticated connection; nothing a client writes gets
/// here.
struct origin {
  user_id user;
  device_id device; ///< empty for REST

  friend bool operator==(const origin&, const origin&) = default;
};

/// The three kinds of WebRTC signaling that are relayed.
enum class relay_kind : std::uint8_t { offer, answer, candidate };

/// Held by each relay that is under way through the actors, and by its sender's connection, which
/// sees by the number of holders whether it may relay straight without overtaking one. May be null.
using relay_ticket = std::shared_ptr<const void>;

namespace command {

/// Ring `receiver`. Decoded by the dialect; the directory's verdict turns it into a `place`.
struct initiate {
  origin from;
  user_id receiver;
  media_type type = media_type::audio;
};

/// Answer a ringing call.
struct accept {
  origin from;
  call_id call;
};

/// Decline a ringing call.
struct reject {
  origin from;
  call_id call;
};

/// Hang up, cancel or decline, whatever the call's state makes of it.
struct end {
  origin from;
  call_id call;
};

/// Pass `payload` on to the other side.
struct relay {
  origin from;
  call_id call;
  user_id to;
  relay_kind kind = relay_kind::candidate;
  std::string payload;    ///< the client's own JSON text, validated, never interpreted
  relay_ticket under_way = nullptr; ///< kept until it was handed to the device
};

} // namespace command

/// What clients can ask of calls.
using client_command =
    std::variant<command::initiate, command::accept, command::reject, command::end, command::relay>;

/// What `who` wants to read.
namespace query {

/// One page of the calls of `user`, newest first, without the ones it deleted.
struct history {
  user_id user;
  std::optional<media_type> type; ///< only these, when set
  bool missed_only = false;
  int limit = 50; ///< 1 to 100
  int skip = 0;   ///< from 0
};

/// Hide a call from the history of `user`.
struct hide {
  user_id user;
  call_id call;
};

} // namespace query

} // namespace carillon
