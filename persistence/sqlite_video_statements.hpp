#pragma once

#include <string>

/// The SQL of the SQLite store for video calls and what belongs to them; tests ask SQLite how it
/// runs it. Times are milliseconds since the epoch.
namespace carillon::persistence::sqlite_sql {

/// `?1` id, `?2` time: makes a user's row, without any text, if there is none.
[[nodiscard]] const std::string& put_missing_user();

/// `?1` … the 24 columns of a call. Changes nothing unless the version is newer.
[[nodiscard]] const std::string& put_video_call();

/// `?1` … the sixteen columns of one who ever joined. Changes nothing unless the version is newer.
[[nodiscard]] const std::string& put_video_person();

/// `?1` … the eleven columns of an invitation. Changes nothing unless it is newer and says
/// something new.
[[nodiscard]] const std::string& put_video_invitation();

/// `?1` id, `?2` user, `?3` token, `?4` expiry, `?5` time. Changes nothing if the one that is there
/// lives longer.
[[nodiscard]] const std::string& put_token();

[[nodiscard]] const std::string& find_video_call(); ///< `?1` id; a row if it is there
[[nodiscard]] const std::string& put_webhook();     ///< `?1` id, `?2` time
[[nodiscard]] const std::string& drop_webhooks();   ///< `?1` received before
/// `?1` call, `?2` id so far, `?3` id from now on, `?4` id of the row from now on.
[[nodiscard]] const std::string& rename_recording();
/// `?1` call, `?2` id, `?3` status, `?4` URL, `?5` bytes, `?6` seconds, `?7` time.
[[nodiscard]] const std::string& update_recording();
/// The same, and `?8` id of the row, `?9` time of creation.
[[nodiscard]] const std::string& insert_recording();

[[nodiscard]] const std::string& load_video_call(); ///< `?1` id; see `video_reader`
[[nodiscard]] const std::string& awake_video_calls();
[[nodiscard]] const std::string& video_history();      ///< `?1` user, `?2` limit, `?3` offset
[[nodiscard]] const std::string& active_video_calls(); ///< `?1` user
/// `?1` user, `?2` now, and `?3` the status unless all are wanted; see `read_invitation`.
[[nodiscard]] const std::string& video_invitations(bool of_status);
[[nodiscard]] const std::string& pending_video_invitations(); ///< `?1` user, `?2` now
[[nodiscard]] const std::string& recordings();                ///< `?1` call; see `read_recording`
[[nodiscard]] const std::string& video_stats();               ///< `?1` user; see `add_stats`
[[nodiscard]] const std::string& token_of();                  ///< `?1` user; see `read_token`

/// `?1` created before, `?2` limit.
[[nodiscard]] const std::string& erase_video_calls();

} // namespace carillon::persistence::sqlite_sql
