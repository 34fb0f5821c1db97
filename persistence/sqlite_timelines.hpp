#pragma once

#include "persistence/sqlite_session.hpp"
#include "protocol/timeline.hpp"

#include <optional>

/// Timelines in SQLite, on an open connection and inside the caller's transaction where it writes.
/// Both throw `store_error`.
namespace carillon::persistence::sqlite_tables {

/// Whether it was not there.
bool put_timeline(sqlite_session& db, const timeline_text& what);

[[nodiscard]] std::optional<timeline_text> load_timeline(sqlite_session& db, const call_id& id);

} // namespace carillon::persistence::sqlite_tables
