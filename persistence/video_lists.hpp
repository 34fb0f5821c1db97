#pragma once

#include "persistence/video_rows.hpp"
#include "protocol/video.hpp"

#include <optional>
#include <string>
#include <string_view>

/// What the stores' answers about invitations, statistics and tokens have in common. `now` and the
/// like are a store's spelling of a parameter.
namespace carillon::persistence {

/// The status of invitation `i` into call `c`: a pending one is expired once it is too late, or the
/// call is over, whether its row says so yet or not.
[[nodiscard]] std::string invitation_status(spell_time times, std::string_view now);
/// The same as a condition that an index knows.
[[nodiscard]] std::string pending_condition(spell_time times, std::string_view now);

/// The columns that `read_invitation` expects, in their order.
[[nodiscard]] std::string invitation_columns(spell_time times, std::string_view now);

/// One query whose rows `add_stats` adds up: a row for each hour in which calls of the user `who`
/// started, and one for those that did not.
[[nodiscard]] std::string stats_of(std::string_view hour, std::string_view who);

/// The columns that `read_token` expects, in their order.
[[nodiscard]] std::string token_columns(spell_time times);

/// A row with `invitation_columns`; nothing, and logged, when it is not readable.
template <class Row>
std::optional<video_invitation> read_invitation(const Row& row) {
  call_record call;
  video_facts facts;
  call.id = call_id{row.text(0)};
  if (!set_words(call, facts, row.text(2), row.text(4), {}))
    return std::nullopt;
  video_invitation one;
  one.call = call.id;
  one.call_id = row.text(1);
  one.type = facts.type;
  one.name = row.text(3);
  one.call_status = row.text(4);
  one.invited_by = user_id{row.text(5)};
  one.invited = user_id{row.text(6)};
  one.status = row.text(7);
  one.invited_at = time_or(row, 8, {});
  one.responded_at = time_in(row, 9);
  one.expires_at = time_or(row, 10, time_or(row, 11, one.invited_at));
  return one;
}

/// Adds a row of `stats_of`; `average_s` is right once all rows are in.
template <class Row>
void add_stats(const Row& row, video_stats& stats, std::int64_t& with_duration) {
  const auto calls = row.number(1);
  stats.calls += calls;
  stats.active += row.number(2);
  stats.total_s += row.number(3);
  with_duration += row.number(4);
  if (!row.null(0))
    stats.by_hour.at(static_cast<std::size_t>(row.number(0))) += calls;
  if (with_duration > 0)
    stats.average_s = static_cast<double>(stats.total_s) / static_cast<double>(with_duration);
}

/// A row with `token_columns`.
template <class Row>
stored_token read_token(const Row& row) {
  stored_token token;
  token.user = user_id{row.text(0)};
  token.sealed = row.text(1);
  token.expires_at = from_epoch_ms(row.number(2));
  token.updated_at = time_or(row, 3, {});
  return token;
}

} // namespace carillon::persistence
