#pragma once

#include <string>

/// The SQL of the SQLite store for sessions, their people and quality; tests ask SQLite how it runs
/// it.
namespace carillon::persistence::sqlite_sql {

/// `?1` … the eighteen columns of a session. Changes nothing unless the version is newer.
[[nodiscard]] const std::string& put_session();

/// `?1` … the 21 columns of one of its people. Changes nothing unless the version is newer.
[[nodiscard]] const std::string& put_person();

/// `?1` … the twelve columns of a sample. Changes nothing when it is there.
[[nodiscard]] const std::string& put_sample();

[[nodiscard]] const std::string& load_session(); ///< `?1` id; see `session_reader`
[[nodiscard]] const std::string& live_sessions();

/// A page of a user's sessions: `?1` user, `?2` limit, `?3` skip, and `?4` the status when there is
/// one. `count_sessions` (`?1` user, `?2` status) says how many there are.
[[nodiscard]] const std::string& session_page(bool of_status);
[[nodiscard]] const std::string& count_sessions(bool of_status);

/// `?1` call; one row for the whole (its user is NULL) and one for each user with samples.
[[nodiscard]] const std::string& quality();

/// `?1` user, `?2` from, `?3` to: the only row of `read_usage`; rows of hour and number; the mean
/// score, or NULL.
[[nodiscard]] const std::string& usage();
[[nodiscard]] const std::string& usage_by_hour();
[[nodiscard]] const std::string& usage_score();

/// `?1` created before (ms), `?2` limit.
[[nodiscard]] const std::string& erase_sessions();

} // namespace carillon::persistence::sqlite_sql
