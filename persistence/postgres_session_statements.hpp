#pragma once

#include "persistence/postgres_session.hpp"
#include "protocol/queries.hpp"

/// The SQL of the PostgreSQL store for sessions, their people and quality; tests ask PostgreSQL how
/// it runs it. Times go in as milliseconds since the epoch.
namespace carillon::persistence::postgres_sql {

/// `$1` … arrays of the eighteen columns of sessions, no id twice, in the order of ids. Returns the
/// ids that changed; a version that is not newer changes nothing.
[[nodiscard]] const postgres_statement& put_sessions();

/// `$1` … arrays of the 21 columns of people, nobody twice, in an order that all servers keep. Only
/// rows of newer versions are touched, or locked.
[[nodiscard]] const postgres_statement& put_people();

/// `$1` … arrays of the twelve columns of samples, none twice, in an order that all servers keep.
/// Returns call, user and time (ms) of those that were not there.
[[nodiscard]] const postgres_statement& put_samples();

[[nodiscard]] const postgres_statement& load_session(); ///< `$1` id; see `session_reader`
[[nodiscard]] const postgres_statement& live_sessions();

/// A page of a user's sessions: `$1` user, `$2` limit, `$3` skip, and `$4` the status when there
/// is one. `count_sessions` (`$1` user, `$2` status) says how many there are.
[[nodiscard]] const postgres_statement& session_page(bool of_status);
[[nodiscard]] const postgres_statement& count_sessions(bool of_status);

/// `$1` call; one row for the whole (its user is NULL) and one for each user with samples.
[[nodiscard]] const postgres_statement& quality();

/// `$1` user, `$2` from, `$3` to: the only row of `read_usage`; rows of hour and number; the mean
/// score, or NULL.
[[nodiscard]] const postgres_statement& usage();
[[nodiscard]] const postgres_statement& usage_by_hour();
[[nodiscard]] const postgres_statement& usage_score();

/// `$1` created before, `$2` limit.
[[nodiscard]] const postgres_statement& erase_sessions();

} // namespace carillon::persistence::postgres_sql
