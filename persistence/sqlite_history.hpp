#pragma once

#include "persistence/history_shape.hpp"
#include "persistence/sqlite_session.hpp"
#include "protocol/record_store.hpp"

namespace carillon::persistence::sqlite_tables {

/// A page of a user's direct calls, on an open connection: by the blocks of the history when it is
/// `deep` down, else by walking to it. Throws `store_error`.
[[nodiscard]] record_page history(sqlite_session& db, const query::history& what, bool deep);

/// Makes blocks of what is beyond the newest entries of a user, when it is enough for one; inside
/// the transaction of a write.
void make_blocks(sqlite_session& db, const user_id& user, const history_shape& shape);

} // namespace carillon::persistence::sqlite_tables
