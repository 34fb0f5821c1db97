#pragma once

#include "persistence/sqlite_session.hpp"
#include "protocol/record_store.hpp"

#include <optional>
#include <vector>

/// Sessions, their people and quality samples in SQLite. Each function works on an open connection,
/// inside the caller's transaction where it writes, and throws `store_error`.
namespace carillon::persistence::sqlite_tables {

/// Whether the session was new or its version newer than the stored one; its people follow.
bool put_session(sqlite_session& db, const call_record& session);

/// Whether the sample was not there.
bool put_sample(sqlite_session& db, const quality_sample& sample);

[[nodiscard]] std::optional<call_record> load_session(sqlite_session& db, const call_id& id);
[[nodiscard]] record_page sessions(sqlite_session& db, const query::sessions& what);
[[nodiscard]] std::vector<call_record> live_sessions(sqlite_session& db);
[[nodiscard]] call_quality quality(sqlite_session& db, const call_id& id);
[[nodiscard]] usage_report usage(sqlite_session& db, const user_id& user, time_point from,
                                 time_point to);

/// Deletes up to `limit` ended sessions begun before `before`; returns how many.
std::size_t erase_sessions(sqlite_session& db, time_point before, std::size_t limit);

} // namespace carillon::persistence::sqlite_tables
