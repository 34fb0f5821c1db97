#pragma once

#include "persistence/postgres_session.hpp"

/// The SQL with which the PostgreSQL store reads video calls and what belongs to them; tests ask
/// PostgreSQL how it runs it. Times go in as milliseconds since the epoch.
namespace carillon::persistence::postgres_sql {

[[nodiscard]] const postgres_statement& load_video_call(); ///< `$1` id; see `video_reader`
[[nodiscard]] const postgres_statement& awake_video_calls();
[[nodiscard]] const postgres_statement& video_history(); ///< `$1` user, `$2` limit, `$3` offset
[[nodiscard]] const postgres_statement& active_video_calls(); ///< `$1` user
/// `$1` user, `$2` now, and `$3` the status unless all are wanted; see `read_invitation`.
[[nodiscard]] const postgres_statement& video_invitations(bool of_status);
[[nodiscard]] const postgres_statement& pending_video_invitations(); ///< `$1` user, `$2` now
[[nodiscard]] const postgres_statement& recordings();  ///< `$1` call; see `read_recording`
[[nodiscard]] const postgres_statement& video_stats(); ///< `$1` user; see `add_stats`
[[nodiscard]] const postgres_statement& token_of();    ///< `$1` user; see `read_token`

} // namespace carillon::persistence::postgres_sql
