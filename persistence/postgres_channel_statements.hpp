#pragma once

#include "persistence/channel_rows.hpp"
#include "persistence/postgres_session.hpp"

/// The SQL of the PostgreSQL store for channels, messages and the outbox; tests ask PostgreSQL how
/// it runs it. Times go in and come out as milliseconds since the epoch.
namespace carillon::persistence::postgres_sql {

/// `$1` … arrays of the six columns of channels, none twice, in the order of calls. Returns the
/// calls of those that are new, or closed now.
[[nodiscard]] const postgres_statement& put_channels();

/// `$1` … arrays of the seven columns of messages, none twice. Returns call and id of the new ones;
/// one whose id or place is taken changes nothing.
[[nodiscard]] const postgres_statement& put_messages();

/// `$1` … arrays of the six columns of entries, none twice. Returns the positions of the new ones.
[[nodiscard]] const postgres_statement& put_entries();

/// `$1` … arrays of positions, none twice, whether they are dead, times, tries and errors. Returns
/// the positions that were there.
[[nodiscard]] const postgres_statement& put_results();

[[nodiscard]] const postgres_statement& load_channel(); ///< `$1` call
[[nodiscard]] const postgres_statement& last_seq();     ///< `$1` call; no row without a message
[[nodiscard]] const postgres_statement& find_message(); ///< `$1` call, `$2` id

/// See `page_query`.
[[nodiscard]] const postgres_statement& messages(page_from from);

[[nodiscard]] const postgres_statement& outbox(); ///< `$1` beyond, `$2` limit
[[nodiscard]] const postgres_statement& backlog();

/// `$1` before (ms), `$2` limit.
[[nodiscard]] const postgres_statement& erase_channels();
[[nodiscard]] const postgres_statement& erase_dead_letters();

} // namespace carillon::persistence::postgres_sql
