#pragma once

#include "bench/store/database.hpp"

#include <cstdint>
#include <functional>

namespace carillon::store_bench {

/// What some work cost.
struct cost {
  std::int64_t postgres_ns = 0; ///< CPU of PostgreSQL's processes
  std::int64_t own_ns = 0;      ///< CPU of this process
  double wall_s = 0;
};

/// Does the work, which writes to `where`.
[[nodiscard]] cost cost_of(const database& where, const std::function<void()>& work);

/// Prints what it cost for each of so many `things`, and what PostgreSQL says of its tables.
void print(const database& where, const char* name, const char* thing, int things, const cost& c);

} // namespace carillon::store_bench
