#pragma once

#include "persistence/postgres_session.hpp"
#include "protocol/record_store.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

/// Sessions, their people and quality samples in PostgreSQL. Each function works inside the
/// caller's transaction, where it writes, and throws `store_error`.
namespace carillon::persistence::postgres_tables {

/// Writes the sessions among `ops` that `which` names, in the order of ids and no session twice,
/// with two multi-row statements; the ids of those that were new or newer than the stored ones.
[[nodiscard]] postgres_rows put_sessions(postgres_access& db, std::span<const write_op> ops,
                                         const std::vector<std::size_t>& which);

/// The same for samples, no sample twice; call, user and time (ms) of those that were not there.
[[nodiscard]] postgres_rows put_samples(postgres_access& db, std::span<const write_op> ops,
                                        const std::vector<std::size_t>& which);

[[nodiscard]] std::optional<call_record> load_session(postgres_access& db, const call_id& id);
[[nodiscard]] record_page sessions(postgres_access& db, const query::sessions& what);
[[nodiscard]] std::vector<call_record> live_sessions(postgres_access& db);
[[nodiscard]] call_quality quality(postgres_access& db, const call_id& id);
[[nodiscard]] usage_report usage(postgres_access& db, const user_id& user, time_point from,
                                 time_point to);

/// Deletes up to `limit` ended sessions begun before `before`; returns how many.
std::size_t erase_sessions(postgres_access& db, time_point before, std::size_t limit);

} // namespace carillon::persistence::postgres_tables
