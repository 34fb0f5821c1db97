#pragma once

#include "persistence/postgres_session.hpp"
#include "protocol/record_store.hpp"

#include <optional>
#include <span>
#include <vector>

/// Timelines in PostgreSQL; one statement each. Both throw `store_error`.
namespace carillon::persistence::postgres_tables {

/// Writes those that `which` names. No look whether they are there: a row costs a third less so.
void put_timelines(postgres_access& db, std::span<const write_op> ops,
                   const std::vector<std::size_t>& which);

[[nodiscard]] std::optional<timeline_text> load_timeline(postgres_access& db, const call_id& id);

} // namespace carillon::persistence::postgres_tables
