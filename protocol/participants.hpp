#pragma once

#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace carillon {

/// What a session is for.
enum class session_type : std::uint8_t { one_to_one, group, therapy };

/// What a participant may do: the initiator ends the session, a participant only leaves it.
enum class participant_role : std::uint8_t {
  initiator,
  participant,
  admin,     ///< video, from here on: the creator, and members made so; may remove others
  moderator, ///< may remove participants
};

/// How a named participant's invitation stands. The right to join does not expire with it: that
/// lasts as long as the call.
enum class invitation : std::uint8_t {
  none,     ///< was not invited: began the call
  pending,  ///< devices are told of it
  accepted, ///< joined, in time or late
  expired,  ///< did not join before it ended
  declined, ///< video: said no; may still join
};

/// What a participant sends.
struct media_state {
  bool video = false;
  bool audio = false;
  bool sharing = false; ///< of the screen

  friend bool operator==(const media_state&, const media_state&) = default;
};

/// The durable part of one user's leg in a call of many; one for each user, however often the user
/// comes and goes.
struct participant {
  user_id user;
  participant_role role = participant_role::participant;
  invitation invited = invitation::pending;
  std::optional<time_point> responded_at; ///< when the invitation was accepted
  std::optional<time_point> joined_at;    ///< the first time
  std::optional<time_point> entered_at;   ///< this time; set exactly while the leg is in
  std::optional<time_point> left_at;      ///< the last time; not set while the leg is in
  milliseconds present{0};                ///< of the stays that are over
  bool dropped = false;                   ///< the last stay ended because no device came back
  device_id device;                       ///< of this stay or the last one
  std::string peer_id;                    ///< what the client calls itself; often empty
  media_state media;
  media_state ever;          ///< what of it was ever on
  std::uint32_t version = 0; ///< of the record when this changed last
  /// Video: set while nothing but REST keeps the leg in; how long without another sign of life.
  std::optional<time_point> lease_until{};

  [[nodiscard]] bool in() const noexcept { return entered_at.has_value(); }
  /// Time inside until `now`, the stay that goes on included.
  [[nodiscard]] milliseconds time_in(time_point now) const noexcept {
    return present + (entered_at && now > *entered_at ? now - *entered_at : milliseconds{0});
  }
  /// What is on now was on.
  void note_media() noexcept {
    ever = {ever.video || media.video, ever.audio || media.audio, ever.sharing || media.sharing};
  }
  /// The stay is over; only while `in()`.
  void leave(time_point now) noexcept {
    present = time_in(now);
    entered_at.reset();
    lease_until.reset();
    left_at = now;
    media.sharing = false; // a screen is not shared by somebody who is not there
  }
  friend bool operator==(const participant&, const participant&) = default;
};

/// What a session was begun with. Never changes, so all copies of the record share it.
struct session_facts {
  session_type type = session_type::group;
  std::string therapy_session; ///< empty: none
  std::uint32_t seats = 8;     ///< how many may be in at once
  std::string settings;        ///< `callSettings` as the client sent it, with the defaults, as JSON
  std::string metadata;        ///< as the client sent it, `{}` if it sent none
  bool video = true;           ///< `isVideoEnabled`: with what a leg begins
  bool audio = true;           ///< `isAudioEnabled`
  bool may_share = true;       ///< `allowScreenShare`

  friend bool operator==(const session_facts&, const session_facts&) = default;
};

/// Sets `video`, `audio` and `may_share` as `settings`, which is an object, has them; what it lacks
/// stays.
void read_flags(session_facts& facts);

using session_facts_ptr = std::shared_ptr<const session_facts>;

[[nodiscard]] std::string_view to_string(session_type) noexcept;     ///< as in `sessionType`
[[nodiscard]] std::string_view to_string(participant_role) noexcept; ///< as in `role`
[[nodiscard]] std::string_view to_string(invitation) noexcept;
[[nodiscard]] std::optional<session_type> parse_session_type(std::string_view) noexcept;
[[nodiscard]] std::optional<participant_role> parse_participant_role(std::string_view) noexcept;
[[nodiscard]] std::optional<invitation> parse_invitation(std::string_view) noexcept;

} // namespace carillon
