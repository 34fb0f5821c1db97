#pragma once

#include "persistence/postgres_session.hpp"
#include "protocol/records.hpp"

#include <optional>

/// The SQL of the PostgreSQL store; tests ask PostgreSQL how it runs it. Times go in as
/// milliseconds since the epoch.
namespace carillon::persistence::postgres_sql {

/// `$1` … arrays of the sixteen columns of calls, no id twice; in the order of ids, so that two
/// servers that write the same calls cannot lock each other out. Returns the ids that changed; a
/// version that is not newer changes nothing.
[[nodiscard]] const postgres_statement& put_calls();

/// `$1` calls, `$2` versions; returns the ids of those that are stored in this version.
[[nodiscard]] const postgres_statement& same_calls();

/// `$1` … arrays of the eleven columns of users, no id twice, in the order of ids. Returns the ids
/// that changed.
[[nodiscard]] const postgres_statement& put_users();

/// `$1` calls, `$2` users; no call twice. Returns the ids of the calls that changed.
[[nodiscard]] const postgres_statement& hide_calls();

/// A page of a history: `$1` user, `$2` limit, `$3` skip. `page` walks what is skipped, `deep_page`
/// finds its place by the blocks; they answer the same.
[[nodiscard]] const postgres_statement& page(bool missed_only, std::optional<media_type> type);
[[nodiscard]] const postgres_statement& deep_page(bool missed_only, std::optional<media_type> type);

/// Counting histories in blocks, see `history_sql`: `$1` user.
[[nodiscard]] const postgres_statement& fresh_entries();
[[nodiscard]] const postgres_statement& make_blocks();
[[nodiscard]] const postgres_statement& move_mark();
[[nodiscard]] const postgres_statement& drop_empty();

/// Comes first in a transaction that makes or drops blocks or moves a mark. 0: not now.
[[nodiscard]] const postgres_statement& lock_marks();

/// Moving the mark behind which all calls have ended, but the long ones: in this order.
[[nodiscard]] const postgres_statement& note_long_calls();
[[nodiscard]] const postgres_statement& move_live_mark();
[[nodiscard]] const postgres_statement& forget_long_calls();

[[nodiscard]] const postgres_statement& load_call();  ///< `$1` id
[[nodiscard]] const postgres_statement& load_users(); ///< `$1` array of ids
[[nodiscard]] const postgres_statement& live_calls();

/// `$1` created before, `$2` limit.
[[nodiscard]] const postgres_statement& erase_aged();

/// `$1` limit.
[[nodiscard]] const postgres_statement& erase_hidden();

} // namespace carillon::persistence::postgres_sql
