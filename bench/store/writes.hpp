#pragma once

#include "bench/store/database.hpp"

namespace carillon::store_bench {

/// Writes `calls` calls through the durable writer, as a server does that starts `calls_in_batch`
/// calls while a batch fills, and prints what that costs.
void measure_writes(database& where, int calls, int calls_in_batch);

/// Calls as a plain program writes them to PostgreSQL: one INSERT and one UPDATE a call, each its
/// own transaction.
void measure_plain_writes(database& where, int calls);

} // namespace carillon::store_bench
