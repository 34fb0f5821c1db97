#pragma once

#include "bench/store/database.hpp"

namespace carillon::store_bench {

/// Fills the documented tables of a PostgreSQL with so many video calls, three participations each,
/// and prints how long the history and the active calls of some users take, and their plans. One of
/// the users is in every hundredth call, the others in few or many, as it is with people.
void measure_video(database& where, int calls);

} // namespace carillon::store_bench
