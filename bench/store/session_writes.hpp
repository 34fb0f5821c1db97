#pragma once

#include "bench/store/database.hpp"

namespace carillon::store_bench {

/// Writes the lives of sessions of eight, as the server does: begun, everybody joins, shares,
/// reports quality and leaves. So many sessions take each step in one batch.
void measure_session_writes(database& where, int sessions, int in_batch);

/// Reads pages of the history of a user with so many sessions, and what its use was.
void measure_session_pages(database& where, int sessions);

} // namespace carillon::store_bench
