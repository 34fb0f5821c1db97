#pragma once

#include "persistence/postgres_session.hpp"
#include "protocol/record_store.hpp"

#include <optional>
#include <vector>

/// Direct calls in PostgreSQL. Each function throws `store_error`.
namespace carillon::persistence::postgres_tables {

[[nodiscard]] std::optional<call_record> load_direct(postgres_access& db, const call_id& id);

/// Those that have not ended.
[[nodiscard]] std::vector<call_record> live_direct(postgres_access& db);

/// A page of a user's direct calls: by the blocks of the history when it is `deep` down, else by
/// walking to it.
[[nodiscard]] record_page history(postgres_access& db, const query::history& what, bool deep);

} // namespace carillon::persistence::postgres_tables
