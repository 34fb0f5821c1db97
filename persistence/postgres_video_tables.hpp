#pragma once

#include "persistence/postgres_session.hpp"
#include "protocol/record_store.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

/// Video calls and what belongs to them in PostgreSQL. Each function works inside the caller's
/// transaction, where it writes, and throws `store_error`.
namespace carillon::persistence::postgres_tables {

/// Writes the video calls among `ops` that `which` names, in the order of ids and none twice: makes
/// rows of users that are not known yet, then one multi-row statement for each table; the ids of
/// those that were new or newer than the stored ones.
[[nodiscard]] postgres_rows put_video_calls(postgres_access& db, std::span<const write_op> ops,
                                            const std::vector<std::size_t>& which);

/// Whether the webhook was not taken before and its call is known.
[[nodiscard]] bool put_recording(postgres_access& db, const recording_news& news);

/// The ids of the users whose token it is now.
[[nodiscard]] postgres_rows put_tokens(postgres_access& db, std::span<const write_op> ops,
                                       const std::vector<std::size_t>& which);
[[nodiscard]] std::optional<call_record> load_video_call(postgres_access& db, const call_id& id);
[[nodiscard]] std::vector<call_record> awake_video_calls(postgres_access& db);
[[nodiscard]] video_record_page video_history(postgres_access& db,
                                              const query::video_history& what);
[[nodiscard]] video_record_page active_video_calls(postgres_access& db, const user_id& user);
[[nodiscard]] std::vector<video_invitation> video_invitations(postgres_access& db,
                                                              const query::video_invitations& what);
[[nodiscard]] std::vector<recording> recordings(postgres_access& db, const call_id& call);
[[nodiscard]] video_stats stats_of_video(postgres_access& db, const user_id& user);
[[nodiscard]] std::optional<stored_token> token_of(postgres_access& db, const user_id& user);

/// Deletes up to `limit` calls that are over and were created before `before`; returns how many.
std::size_t erase_video_calls(postgres_access& db, time_point before, std::size_t limit);

} // namespace carillon::persistence::postgres_tables
