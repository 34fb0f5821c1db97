#pragma once

#include "bench/store/database.hpp"

namespace carillon::store_bench {

/// Fills `where` with `calls` calls of one user and prints how long pages of its histories take.
void measure_pages(database& where, int calls);

} // namespace carillon::store_bench
