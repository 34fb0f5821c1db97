#pragma once

#include "protocol/channel_record.hpp"
#include "protocol/ids.hpp"
#include "protocol/quality.hpp"
#include "protocol/records.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace carillon {

/// Who asks. The server fills it in from the authenticated connection; nothing a client writes gets here.
struct origin {
  user_id user;
  device_id device; ///< empty for REST
  call_kind family = call_kind::direct; ///< in whose words: a call of another kind is not found

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

/// Hang up, cancel or decline, whatever the call's state makes of it; end the session for all.
struct end {
  origin from;
  call_id call;
  bool as_admin = false; ///< may end any session
};

/// Pass `payload` on to another leg.
struct relay {
  origin from;
  call_id call;
  user_id to;          ///< empty: `to_device` says it
  relay_kind kind = relay_kind::candidate;
  std::string payload; ///< the client's own JSON text, validated, never interpreted
  device_id to_device{}; ///< sessions only; empty: whichever the leg of `to` is bound to
  relay_ticket under_way = nullptr; ///< kept until it was handed to the device
};

/// Begin a session. Decoded by the dialect; the door finds the users and turns it into an `open`.
struct gather {
  origin from;
  std::vector<user_id> named; ///< without the initiator, none twice, at least one
  session_facts facts;        ///< `seats` 0: as many as the server allows
};

/// Whether the asker may join now; changes nothing.
struct ask_to_join {
  origin from;
  call_id call;
};

/// Enter a session, or take the leg over from another device of the same user.
struct join {
  origin from;
  call_id call;
  std::string peer_id;
};

/// Leave a session or a video call.
struct leave {
  origin from;
  call_id call;
  bool as_admin = false; ///< sees any video call
};

/// Change what the leg sends; what is not given stays.
struct set_media {
  origin from;
  call_id call;
  std::optional<bool> video;
  std::optional<bool> audio;
  std::optional<bool> sharing;
};

/// Create a video call. Decoded by the dialect; the door finds the users. Again by the creator: the
/// call as it is.
struct create {
  origin from;
  call_id call;          ///< `video_call_id` of the client's
  video_facts_ptr facts; ///< never null
  std::vector<user_view> people{}; ///< set by the door: the creator first, then the members
};

/// Enter a video call; over REST, or on a device.
struct enter_call {
  origin from;
  call_id call;
  user_view who{}; ///< set by the door
  bool as_admin = false; ///< may enter any call
};

/// Change the status of a video call: `active`, `ended`, `cancelled`; `created` is always refused.
struct set_status {
  origin from;
  call_id call;
  call_status status = call_status::active;
  bool as_admin = false; ///< sees any call; only its creator may change it
};

/// Accept or decline the invitation to a video call.
struct answer_invitation {
  origin from;
  call_id call;
  bool accepts = true;
  bool as_admin = false; ///< sees any call
};

/// Take somebody else out of a video call.
struct kick {
  origin from;
  call_id call;
  user_id whom;
  bool as_admin = false; ///< may remove anybody from any call
};

/// A participant's figures, for a call of any kind. The machine sets the sample's user and time.
struct report_quality {
  origin from;
  call_id call;
  quality_sample sample;
};

// -- chat, and users -----------------------------------------------------------

/// Say something in the channel of `call`.
struct send_message {
  origin from;
  call_id call;
  std::string id; ///< the client's own, so that saying it again is saying it once; empty: none
  std::string text;
  std::string attachments; ///< a JSON array, checked; empty: none
};

/// Tell the others how far one has read.
struct mark_read {
  origin from;
  call_id call;
  std::string id;
};

/// The channel of `call`; made for the asker and `members` if there is neither it nor a call.
struct open_channel {
  origin from;
  call_id call;
  std::string call_type;
  std::vector<user_id> members; ///< without the asker, none twice
};

/// End the call, if it lives, as the asker may in its family; close its channel.
struct close_channel {
  origin from;
  call_id call;
  bool as_admin = false;
};

/// Change the asker's profile; what is not given stays.
struct upsert_user {
  origin from;
  profile_changes profile;
};

} // namespace command

/// What clients can ask of calls.
using client_command
    = std::variant<command::initiate, command::accept, command::reject, command::end,
                   command::relay, command::gather, command::ask_to_join, command::join,
                   command::leave, command::set_media, command::report_quality, command::create,
                   command::enter_call, command::set_status, command::answer_invitation,
                   command::kick, command::send_message, command::mark_read,
                   command::open_channel, command::close_channel, command::upsert_user>;

} // namespace carillon
