#pragma once

#include "protocol/records.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

/// What both stores write of a video call.
namespace carillon::persistence {

/// What orders people who came without being named: by the version that brought them, then by their
/// place in it. A record that names only some of the people keeps the order of those.
[[nodiscard]] std::int64_t place_of(const call_record& call, std::size_t index) noexcept;

/// `duration_seconds` of a call: nothing unless it was active and is over.
[[nodiscard]] std::optional<std::int64_t> stored_duration(const call_record& call) noexcept;

/// `duration_seconds` of a participation: of the stays that are over; nothing before the first end.
[[nodiscard]] std::optional<std::int64_t> stored_duration(const participant& one) noexcept;

/// What a record, which may name only some of the people, tells of whether the restart has to know
/// the call. If it says no, somebody whom it does not name may still be in.
[[nodiscard]] bool tells_awake(const call_record& call) noexcept;

/// Whether the person has a row in `video_call_participants`, or in `video_call_invitations`.
[[nodiscard]] bool took_part(const participant& one) noexcept;
[[nodiscard]] bool was_invited(const participant& one) noexcept;

/// The id of the row of a user's token.
[[nodiscard]] std::string token_row_id(const user_id& user);

/// How long a webhook is remembered.
inline constexpr seconds webhook_memory{7 * 24 * 3600};

} // namespace carillon::persistence
