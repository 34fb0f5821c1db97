#pragma once

#include "persistence/sqlite_session.hpp"
#include "protocol/record_store.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

/// Video calls and what belongs to them in SQLite. Each function works inside the caller's
/// transaction, where it writes, and throws `store_error`.
namespace carillon::persistence::sqlite_tables {

/// Each writes one op; whether it changed anything.
[[nodiscard]] bool put_video_call(sqlite_session& db, const call_record& call);
[[nodiscard]] bool put_recording(sqlite_session& db, const recording_news& news);
[[nodiscard]] bool put_token(sqlite_session& db, const stored_token& token);
[[nodiscard]] std::optional<call_record> load_video_call(sqlite_session& db, const call_id& id);
[[nodiscard]] std::vector<call_record> awake_video_calls(sqlite_session& db);
[[nodiscard]] video_record_page video_history(sqlite_session& db, const query::video_history& what);
[[nodiscard]] video_record_page active_video_calls(sqlite_session& db, const user_id& user);
[[nodiscard]] std::vector<video_invitation> video_invitations(sqlite_session& db,
                                                              const query::video_invitations& what);
[[nodiscard]] std::vector<recording> recordings(sqlite_session& db, const call_id& call);
[[nodiscard]] video_stats stats_of_video(sqlite_session& db, const user_id& user);
[[nodiscard]] std::optional<stored_token> token_of(sqlite_session& db, const user_id& user);

/// Deletes up to `limit` calls that are over and were created before `before`; returns how many.
std::size_t erase_video_calls(sqlite_session& db, time_point before, std::size_t limit);

} // namespace carillon::persistence::sqlite_tables
