#pragma once

#include "protocol/records.hpp"

#include <optional>
#include <string>

/// The SQL of the SQLite store; tests ask SQLite how it runs them.
namespace carillon::persistence::sqlite_sql {

/// `?1` … the sixteen columns of a call. Nothing when there is such a call.
[[nodiscard]] const std::string& insert_call();

/// The same parameters, of which those that never change are not used. Nothing when there is no
/// such call, or unless the version is newer.
[[nodiscard]] const std::string& update_call();

/// `?1` … the eleven columns of a user. Changes nothing when nothing differs.
[[nodiscard]] const std::string& put_user();

/// `?1` call, `?2` user.
[[nodiscard]] const std::string& hide_call();

/// A page of a history: `?1` user, `?2` limit, `?3` skip. Walks what is skipped.
[[nodiscard]] const std::string& page(bool missed_only, std::optional<media_type> type);

/// The same in two steps, by the blocks: `place` (`?1` user, `?2` skip) has the key to begin from
/// and how many entries are newer; `page_from` (`?1` user, `?2` limit, `?3` skip after those, `?4`
/// and
/// `?5` the key) has the rows. In one transaction, so that both see the same.
[[nodiscard]] const std::string& place(bool missed_only, std::optional<media_type> type);
[[nodiscard]] const std::string& page_from(bool missed_only, std::optional<media_type> type);

/// Counting histories in blocks, see `history_sql`: `?1` user.
[[nodiscard]] const std::string& fresh_entries();
[[nodiscard]] const std::string& make_blocks();
[[nodiscard]] const std::string& move_mark();
[[nodiscard]] const std::string& drop_empty();

[[nodiscard]] const std::string& load_call(); ///< `?1` id
[[nodiscard]] const std::string& load_user(); ///< `?1` id
[[nodiscard]] const std::string& live_calls();

/// `?1` created before (ms), `?2` limit.
[[nodiscard]] const std::string& erase_aged();

/// `?1` limit.
[[nodiscard]] const std::string& erase_hidden();

} // namespace carillon::persistence::sqlite_sql
