#pragma once

#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// `call_type` of a video call. Anybody may join the last two.
enum class video_call_type : std::uint8_t { standard, audio_room, livestream };

/// One of those for whom a video call was created, besides its creator.
struct video_member {
  user_id user;
  std::string role; ///< as the client sent it; `user` is a participant
  friend bool operator==(const video_member&, const video_member&) = default;
};

/// What a video call was created with. Never changes, so all copies of the record share it.
struct video_facts {
  std::string call_id; ///< the client's; the record has a UUID made of it
  video_call_type type = video_call_type::standard;
  std::string name;     ///< `call_name`; empty: none
  std::string event_id; ///< empty: none
  std::uint32_t seats = 50; ///< `max_participants`: how many may be in at once
  std::string settings;     ///< as the client sent them, with the defaults, as JSON
  std::vector<video_member> members; ///< without the creator, none twice
  bool recording = false;            ///< `recording_enabled`: `settings.recording.mode`
  bool sharing = true;               ///< `screensharing_enabled`: `settings.screensharing.enabled`

  /// Whether any user may join: created with no members, or of a type that is open.
  [[nodiscard]] bool open() const noexcept {
    return members.empty() || type != video_call_type::standard;
  }
  friend bool operator==(const video_facts&, const video_facts&) = default;
};

using video_facts_ptr = std::shared_ptr<const video_facts>;

/// The id under which the server knows the video call that clients call `call_id`: a UUID of that
/// name. No other kind of call has an id like it, so that clients' ids cannot meet others'.
[[nodiscard]] carillon::call_id video_call_id(std::string_view call_id);

/// Ids of the rows that belong to a call: of a user's participation, of its invitation, of a
/// recording.
[[nodiscard]] std::string participation_id(const carillon::call_id& call, const user_id& user);
[[nodiscard]] std::string invitation_id(const carillon::call_id& call, const user_id& user);
[[nodiscard]] std::string recording_row_id(std::string_view stream_recording_id);

/// How far a recording is; only ever moves to the right. One that failed may still become ready.
enum class recording_status : std::uint8_t { processing, failed, ready };

/// A recording of a video call, as Stream told of it.
struct recording {
  std::string id; ///< `stream_recording_id`
  carillon::call_id call;
  recording_status status = recording_status::processing;
  std::string url;                           ///< empty: none yet
  std::optional<std::int64_t> file_bytes;    ///< Stream does not tell; others may
  std::optional<std::int64_t> duration_s;
  time_point created_at{};
  time_point updated_at{};
  friend bool operator==(const recording&, const recording&) = default;
};

/// A webhook of Stream about a recording. Writing one twice, by `webhook`, changes nothing; so does
/// one about a call that is not known.
struct recording_news {
  std::string webhook; ///< its id
  recording what;
  std::string adopts;  ///< id of a row that turns out to be this recording; empty: none
};

/// A user's stored Stream token. Of two the one that expires later stays.
struct stored_token {
  user_id user;
  std::string sealed; ///< encrypted, see `stream_tokens`
  time_point expires_at{};
  time_point updated_at{};
  friend bool operator==(const stored_token&, const stored_token&) = default;
};

/// How `user` used the calls that it created.
struct video_stats {
  std::int64_t calls = 0;
  std::int64_t active = 0;
  std::optional<double> average_s; ///< of those that have a duration
  std::int64_t total_s = 0;
  std::array<std::int64_t, 24> by_hour{}; ///< of `started_at`, UTC
};

/// An invitation of the asking user with what it needs to know of the call.
struct video_invitation {
  carillon::call_id call;
  std::string call_id; ///< the client's
  video_call_type type = video_call_type::standard;
  std::string name;
  std::string call_status;
  user_id invited_by;
  user_id invited;
  std::string status;
  time_point invited_at{};
  std::optional<time_point> responded_at;
  time_point expires_at{};
};

[[nodiscard]] std::string_view to_string(video_call_type) noexcept; ///< `default`, ...
[[nodiscard]] std::string_view to_string(recording_status) noexcept;
[[nodiscard]] std::optional<video_call_type> parse_video_call_type(std::string_view) noexcept;
[[nodiscard]] std::optional<recording_status> parse_recording_status(std::string_view) noexcept;

} // namespace carillon
