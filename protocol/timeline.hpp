#pragma once

#include "protocol/records.hpp"
#include "protocol/result.hpp"
#include "protocol/time.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carillon {

/// What happened in a call. The words are in `timeline.cpp`.
enum class step_kind : std::uint8_t {
  ring,       ///< from who began it to somebody who is to answer: a ring, an invitation; where more
              ///< than 16 are named one to all, of `n`
  accept,     ///< the receiver of a direct call answered
  join,       ///< into a session or a video call
  move,       ///< somebody who was in is on another device now
  leave,      ///< out of it, or given up by its grace (`reason` is `connection_lost`)
  offer,      ///< relayed
  answer,     ///< relayed
  candidates, ///< relayed, `n` of them in one direction, up to `until`
  drop,       ///< lost its device; a grace runs
  back,       ///< has a device again
  restored,   ///< the server was started anew with this call alive
  end,        ///< from whoever ended it (or nobody) to all
};

[[nodiscard]] std::string_view to_string(step_kind) noexcept;
[[nodiscard]] std::optional<step_kind> parse_step_kind(std::string_view) noexcept;

/// One step. Small, because every live call keeps its own.
struct timeline_step {
  static constexpr std::uint8_t nobody = 255; ///< in `from`: the server; in `to`: everybody else

  time_point at{};
  time_point until{};               ///< of `candidates`: the last one
  std::uint32_t n = 1;              ///< how many; of an offer or answer more than one: those between
                                    ///< the ones that have steps of their own
  step_kind kind = step_kind::ring;
  std::uint8_t from = nobody;       ///< index into `people`
  std::uint8_t to = nobody;
  end_reason reason = end_reason::none; ///< of `end` and `leave`

  friend bool operator==(const timeline_step&, const timeline_step&) = default;
};

/// The timeline of one call.
struct timeline {
  /// More steps than this are only counted: a session of eight with some drops stays below.
  static constexpr std::size_t most_steps = 400;
  static constexpr std::size_t most_people = 254;

  call_id call;
  call_kind kind = call_kind::direct;
  /// In the order of `call_record::users()`, up to `most_people`; steps of others are left out.
  std::vector<user_id> people;
  time_point created_at{};
  std::optional<time_point> started_at;
  std::optional<time_point> ended_at;
  call_status status = call_status::no_answer;
  end_reason reason = end_reason::none;
  std::vector<timeline_step> steps; ///< by time
  std::uint32_t left_out = 0;       ///< steps beyond `most_steps`

  friend bool operator==(const timeline&, const timeline&) = default;
};

/// A timeline as it is kept and stored.
struct timeline_text {
  call_id call;
  time_point ended_at{}; ///< of one that is stored
  std::string packed;    ///< see `pack`; 0.2 KB of a direct call, at most 16 KB and the ids

  friend bool operator==(const timeline_text&, const timeline_text&) = default;
};
using timeline_ptr = std::shared_ptr<const timeline_text>;

/// A text that is short (every byte of it costs the store as much as a byte of a call), and that
/// people can read. A line for the call: its kind, status and reason, when it was created
/// (milliseconds since 1970), was answered and ended (milliseconds since then, `-` for never), and
/// how many steps were left out. A line of its people. A line for each step: what, at which
/// millisecond, from whom and to whom (places among the people, `-` for nobody), and where there
/// are such: `x3`, how many; `+190`, the milliseconds to the last of them; the reason.
[[nodiscard]] std::string pack(const timeline& what);

/// `internal` where the text is none that `pack` made.
[[nodiscard]] result<timeline> unpack(const timeline_text& what);

/// `{callId, kind, status, reason, createdAt, startedAt, endedAt, people:[id], leftOut,
/// steps:[{what, at, from, to, n?, until?, reason?}]}`: times are ISO 8601 or null, but `at` and
/// `until` milliseconds since `createdAt`; `from` and `to` are indices into `people` or null.
[[nodiscard]] std::string encode_timeline(const timeline& what);

} // namespace carillon
