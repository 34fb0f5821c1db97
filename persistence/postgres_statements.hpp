#pragma once

#include "persistence/postgres_session.hpp"

/// The SQL of the PostgreSQL store; tests ask PostgreSQL how it runs it. Times go in as
/// milliseconds since the epoch.
namespace carillon::persistence::postgres_sql {

/// `$1` … arrays of the sixteen columns of calls, no id twice. Returns the ids that changed; a
/// version that is not newer changes nothing.
[[nodiscard]] const postgres_statement& put_calls();

/// `$1` … arrays of the eleven columns of users, no id twice. Returns the ids that changed.
[[nodiscard]] const postgres_statement& put_users();

/// `$1` calls, `$2` users; no call twice. Returns the ids of the calls that changed.
[[nodiscard]] const postgres_statement& hide_calls();

/// A page of a history: `$1` user, `$2` limit, `$3` skip, and when `typed` `$4` call type.
[[nodiscard]] const postgres_statement& history(bool missed_only, bool typed);

[[nodiscard]] const postgres_statement& load_call();  ///< `$1` id
[[nodiscard]] const postgres_statement& load_users(); ///< `$1` array of ids
[[nodiscard]] const postgres_statement& live_calls();

/// `$1` created before, `$2` limit.
[[nodiscard]] const postgres_statement& erase_aged();

/// `$1` limit.
[[nodiscard]] const postgres_statement& erase_hidden();

} // namespace carillon::persistence::postgres_sql
