#pragma once

#include <string>

/// The SQL of the SQLite store; tests ask SQLite how it runs them.
namespace carillon::persistence::sqlite_sql {

/// `?1` … the sixteen columns of a call. Changes nothing unless the version is newer.
[[nodiscard]] const std::string& put_call();

/// `?1` … the eleven columns of a user. Changes nothing when nothing differs.
[[nodiscard]] const std::string& put_user();

/// `?1` call, `?2` user.
[[nodiscard]] const std::string& hide_call();

/// A page of a history: `?1` user, `?2` limit, `?3` skip, and when `typed` `?4` call type.
[[nodiscard]] const std::string& history(bool missed_only, bool typed);

[[nodiscard]] const std::string& load_call(); ///< `?1` id
[[nodiscard]] const std::string& load_user(); ///< `?1` id
[[nodiscard]] const std::string& live_calls();

/// `?1` created before (ms), `?2` limit.
[[nodiscard]] const std::string& erase_aged();

/// `?1` limit.
[[nodiscard]] const std::string& erase_hidden();

} // namespace carillon::persistence::sqlite_sql
