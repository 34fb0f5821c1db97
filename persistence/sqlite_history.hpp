#pragma once

#include "persistence/sqlite_session.hpp"
#include "protocol/record_store.hpp"

namespace carillon::persistence::sqlite_tables {

/// A page of a user's direct calls, on an open connection: by the blocks of the history when it is
/// `deep` down, else by walking to it. Throws `store_error`.
[[nodiscard]] record_page history(sqlite_session& db, const query::history& what, bool deep);

} // namespace carillon::persistence::sqlite_tables
