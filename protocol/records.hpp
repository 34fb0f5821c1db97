#pragma once

#include "protocol/ids.hpp"
#include "protocol/time.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// What a direct call carries.
enum class media_type : std::uint8_t { audio, video };

/// Where a call stands. Only ever moves to the right.
enum class call_state : std::uint8_t { ringing, active, ended };

/// The status word of the call's record, in the seed's spelling (see `to_string`).
enum class call_status : std::uint8_t { no_answer, active, completed, missed, rejected, cancelled };

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
};

[[nodiscard]] std::string_view to_string(media_type) noexcept;
[[nodiscard]] std::string_view to_string(call_state) noexcept;
[[nodiscard]] std::string_view to_string(call_status) noexcept;
[[nodiscard]] std::string_view to_string(end_reason) noexcept;
[[nodiscard]] std::optional<media_type> parse_media_type(std::string_view) noexcept;
[[nodiscard]] std::optional<call_status> parse_call_status(std::string_view) noexcept;
[[nodiscard]] std::optional<end_reason> parse_end_reason(std::string_view) noexcept;

/// The durable part of a direct call. A later version replaces an earlier one; writing the same
/// version twice changes nothing.
struct call_record {
  call_id id;
  user_id caller;
  user_id receiver;
  media_type type = media_type::audio;
  call_status status = call_status::no_answer;
  end_reason reason = end_reason::none;
  bool missed = false;         ///< shows in the receiver's list of missed calls
  bool via_rest = false;       ///< the caller's leg was begun over REST and is bound to no device
  std::uint32_t version = 0;   ///< grows with each change, from 1
  std::int64_t duration_s = 0; ///< whole seconds from accept to end
  user_id ended_by;            ///< empty: nobody did (timeouts)
  time_point created_at{};
  std::optional<time_point> started_at; ///< when it was accepted
  std::optional<time_point> ended_at;
  std::optional<time_point> ring_deadline; ///< set while it rings
  std::optional<time_point> call_deadline; ///< set while active and a call timeout is configured

  [[nodiscard]] call_state state() const noexcept {
    return ended_at ? call_state::ended : started_at ? call_state::active : call_state::ringing;
  }
  /// True when `user` is one of the two participants.
  [[nodiscard]] bool has(const user_id& user) const noexcept {
    return user == caller || user == receiver;
  }
  /// The other participant; only when `has(user)`.
  [[nodiscard]] const user_id& peer_of(const user_id& user) const noexcept {
    return user == caller ? receiver : caller;
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

/// A user as others see it in answers and events.
struct user_view {
  std::shared_ptr<const user_record> user; ///< never null
  bool online = false;                     ///< has at least one device now
};

/// A call as a REST answer shows it.
struct call_view {
  call_record call;
  user_view caller;
  user_view receiver;
};

/// One page of a user's history.
struct call_page {
  std::vector<call_view> calls;
  bool has_more = false;
};

} // namespace carillon
