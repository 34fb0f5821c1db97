#pragma once

#include "protocol/dialects/video.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/records.hpp"

#include <optional>
#include <string>
#include <string_view>

/// What the files of the video dialect share; for nobody else.
namespace carillon::video {

/// What the call was created with.
[[nodiscard]] const video_facts& facts_of(const call_record& call) noexcept;

/// `call_id` and `call_cid`, which is the type, a colon and the id, as Stream names calls.
void write_names(json::writer& out, const call_record& call);

/// `id`, the UUID; `call_name`, `status`, `max_participants`, `event_id`, `created_at`.
void write_about(json::writer& out, const call_record& call);

/// `members`: the creator, then the others; the roles as the client sent them.
void write_members(json::writer& out, const call_record& call);

/// The same with `invitation`, as it stands at `now`; that of the creator is null.
void write_invited(json::writer& out, const call_record& call, time_point now);

/// Whole seconds, or null.
void write_seconds(json::writer& out, std::string_view name, const std::optional<milliseconds>& of);

/// `duration_seconds` of the call: null until it is over, and if it never was active.
void write_duration(json::writer& out, const call_record& call);

/// What the stays of a participant amount to; nothing before the first one is over.
[[nodiscard]] std::optional<milliseconds> time_of_stays(const participant& who) noexcept;

/// How the invitation is shown at `now`: a pending one expires with its time and with the call.
[[nodiscard]] invitation invitation_at(const call_record& call, const participant& who,
                                       time_point now) noexcept;

} // namespace carillon::video
