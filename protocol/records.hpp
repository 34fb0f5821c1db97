#pragma once

#include "protocol/ids.hpp"
#include "protocol/participants.hpp"
#include "protocol/time.hpp"
#include "protocol/video.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace carillon {

/// The kinds of call; each is a family of the API, too. In the order of `call_record::part`.
/// `stream` is none: the words of chat and of what concerns calls of any kind.
enum class call_kind : std::uint8_t { direct, session, video, stream };

/// What a direct call carries.
enum class media_type : std::uint8_t { audio, video };

/// Where a call stands. Only ever moves to the right. `ringing` is the time before the call is
/// active, whatever its kind calls that (see `word_of`).
enum class call_state : std::uint8_t { ringing, active, ended };

/// The status word of the call's record, in the seed's spelling (see `to_string`).
enum class call_status : std::uint8_t {
  no_answer, ///< direct, while it rings
  active,
  completed, ///< direct, from here on
  missed,
  rejected,
  cancelled,
  waiting, ///< sessions: fewer than two were in so far
  ended,   ///< sessions, video
  created, ///< video: the creator did not make it active yet; may also be `cancelled`
};

/// Why a call ended. The words that clients see are in `records.cpp`.
enum class end_reason : std::uint8_t {
  none,            ///< it has not ended
  hung_up,         ///< one side ended the active call
  no_answer,       ///< the ring timeout passed
  rejected,        ///< the receiver declined
  cancelled,       ///< the caller ended it while it rang
  busy,            ///< the receiver was in a call
  offline,         ///< the receiver had no device
  connection_lost, ///< a leg's device did not come back within its grace
  timeout,         ///< the call timeout passed
  last_left,       ///< the last participant left
};

/// How many kinds of call and reasons there are, for tables by them (`stream` is no kind of call).
inline constexpr std::size_t call_kinds = 3;
inline constexpr std::size_t end_reasons = static_cast<std::size_t>(end_reason::last_left) + 1;

[[nodiscard]] std::string_view to_string(call_kind) noexcept; ///< `direct`, `session`, `video`
[[nodiscard]] std::string_view to_string(media_type) noexcept;
/// The word for a state: `ringing`, or `waiting` for a session, `created` for video; `active`, `ended`.
[[nodiscard]] std::string_view word_of(call_kind, call_state) noexcept;
[[nodiscard]] std::string_view to_string(call_status) noexcept;
[[nodiscard]] std::string_view to_string(end_reason) noexcept;
[[nodiscard]] std::optional<call_kind> parse_call_kind(std::string_view) noexcept;
[[nodiscard]] std::optional<media_type> parse_media_type(std::string_view) noexcept;
[[nodiscard]] std::optional<call_status> parse_call_status(std::string_view) noexcept;
[[nodiscard]] std::optional<end_reason> parse_end_reason(std::string_view) noexcept;

/// What only a direct call has.
struct direct_part {
  user_id receiver;
  media_type type = media_type::audio;
  bool missed = false;   ///< shows in the receiver's list of missed calls
  bool via_rest = false; ///< the caller's leg was begun over REST and is bound to no device

  friend bool operator==(const direct_part&, const direct_part&) = default;
};

/// What only a session has.
struct session_part {
  session_facts_ptr facts;    ///< null only in a record that was never filled
  time_point invited_until{}; ///< when pending invitations expire

  friend bool operator==(const session_part& a, const session_part& b) {
    return a.invited_until == b.invited_until
           && (a.facts == b.facts || (a.facts && b.facts && *a.facts == *b.facts));
  }
};

/// What only a video call has.
struct video_part {
  video_facts_ptr facts;      ///< null only in a record that was never filled
  time_point invited_until{}; ///< until when members may answer
  time_point updated_at{};    ///< of the last version

  friend bool operator==(const video_part& a, const video_part& b) {
    return a.invited_until == b.invited_until && a.updated_at == b.updated_at
           && (a.facts == b.facts || (a.facts && b.facts && *a.facts == *b.facts));
  }
};

/// The durable part of a call of any kind. A later version replaces an earlier one; writing the
/// same version twice changes nothing.
struct call_record {
  call_id id;
  user_id caller; ///< who began it: the caller, the initiator, the creator
  call_status status = call_status::no_answer;
  end_reason reason = end_reason::none;
  std::uint32_t version = 0;   ///< grows with each change, from 1
  std::int64_t duration_s = 0; ///< whole seconds from when it became active to its end
  user_id ended_by;            ///< empty: nobody did (timeouts)
  time_point created_at{};
  std::optional<time_point> started_at; ///< when it became active: accepted; a second one was in
  std::optional<time_point> ended_at;
  std::optional<time_point> ring_deadline; ///< set while it rings; while invitations are pending; video: active, until the first join
  std::optional<time_point> call_deadline; ///< set where a call timeout holds; video: while invitations are pending
  /// Of a session and of video, who began it first; a direct call has none. In a record of video on its
  /// way to the store only those that it may not have yet.
  std::vector<participant> people;
  std::variant<direct_part, session_part, video_part> part;

  [[nodiscard]] call_kind kind() const noexcept { return static_cast<call_kind>(part.index()); }

  /// The part of the kind that this call is; only of that.
  [[nodiscard]] direct_part& direct() { return std::get<direct_part>(part); }
  [[nodiscard]] const direct_part& direct() const { return std::get<direct_part>(part); }
  [[nodiscard]] session_part& session() { return std::get<session_part>(part); }
  [[nodiscard]] const session_part& session() const { return std::get<session_part>(part); }
  [[nodiscard]] video_part& video() { return std::get<video_part>(part); }
  [[nodiscard]] const video_part& video() const { return std::get<video_part>(part); }

  [[nodiscard]] call_state state() const noexcept {
    return ended_at ? call_state::ended : started_at ? call_state::active : call_state::ringing;
  }

  /// Everybody that the call concerns: caller and receiver; initiator and named participants; creator,
  /// members and whoever joined, in that order. The order never changes; video adds at the end.
  [[nodiscard]] std::vector<user_id> users() const;

  /// True when `user` is one of `users()`.
  [[nodiscard]] bool has(const user_id& user) const noexcept;

  /// The entry of `user`, or null.
  [[nodiscard]] const participant* find(const user_id& user) const noexcept;

  /// The other one of a direct call; only when `has(user)`.
  [[nodiscard]] const user_id& peer_of(const user_id& user) const {
    return user == caller ? direct().receiver : caller;
  }

  /// Nothing will happen to it by itself: it lives, without a deadline and with nobody in. Such a video
  /// call needs no actor.
  [[nodiscard]] bool at_rest() const noexcept {
    return !ended_at && !ring_deadline && !call_deadline && count_in() == 0;
  }

  /// How many legs of a session or video call are in.
  [[nodiscard]] std::size_t count_in() const noexcept {
    return static_cast<std::size_t>(
        std::count_if(people.begin(), people.end(), [](const participant& p) { return p.in(); }));
  }

  friend bool operator==(const call_record&, const call_record&) = default;
};

/// What a token says of its user, besides the id. Empty: the claim was absent.
struct user_claims {
  std::string name;
  std::string email;
  std::string image;
  std::string role;
  friend bool operator==(const user_claims&, const user_claims&) = default;
};

/// The durable part of a user.
struct user_record {
  user_id id;
  user_claims profile; ///< as shown; may come from a claim or from an upsert
  user_claims claimed; ///< the last claims seen, to tell whether a later token says something new
  time_point created_at{};
  time_point updated_at{};

  /// `name`, else the part of the e-mail before the `@`, else the id.
  [[nodiscard]] std::string display_name() const;
  /// `image`, else the seed's random-avatar address for this user.
  [[nodiscard]] std::string display_image() const;
  friend bool operator==(const user_record&, const user_record&) = default;
};

/// The user's row after a token with `claims` was seen: `known` is the row so far (null: a new
/// user). A claim overwrites only where it differs from the last claim seen. Returns null when
/// nothing changes.
[[nodiscard]] std::shared_ptr<const user_record> merge_claims(const user_record* known,
                                                              const user_id& id,
                                                              const user_claims& claims,
                                                              time_point now);

/// What somebody wants to be shown as; what is not set stays. An empty text takes the value away.
struct profile_changes {
  std::optional<std::string> name;
  std::optional<std::string> email;
  std::optional<std::string> image;
  std::optional<std::string> role;

  [[nodiscard]] bool empty() const noexcept { return !name && !email && !image && !role; }
};

/// The user's row after an upsert; null when nothing changes.
[[nodiscard]] std::shared_ptr<const user_record> merge_profile(const user_record& known,
                                                               const profile_changes& changes,
                                                               time_point now);

/// A user as others see it in answers and events.
struct user_view {
  std::shared_ptr<const user_record> user; ///< never null
  bool online = false;                     ///< has at least one device now
};

/// A call with its users' names, as REST answers show it.
struct call_view {
  call_record call;
  std::vector<user_view> users; ///< in the order of `call.users()`

  /// Who began it.
  [[nodiscard]] const user_view& caller() const { return users.front(); }
  /// The other one of a direct call.
  [[nodiscard]] const user_view& receiver() const { return users.back(); }
};

/// One page of video calls, each with what the asking user had in it; or all active ones.
struct video_page {
  std::vector<call_record> calls; ///< `people`: of history the asking user alone, else all that joined
};

/// The recordings of one call.
struct video_recordings {
  std::string call_id; ///< the client's
  std::vector<recording> all;
};

/// One page of a user's history in one family.
struct call_page {
  std::vector<call_view> calls;
  bool has_more = false;  ///< of direct calls
  std::int64_t total = 0; ///< of sessions: on all pages
};

} // namespace carillon
