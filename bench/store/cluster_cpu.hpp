#pragma once

#include <cstdint>

namespace carillon::store_bench {

/// CPU time so far of the PostgreSQL cluster whose postmaster is `postmaster`, with all its
/// processes and those that have ended, in nanoseconds.
[[nodiscard]] std::int64_t cluster_cpu_ns(int postmaster);

/// The parent of a process on this machine; 0 when there is none.
[[nodiscard]] int parent_of(int pid);

} // namespace carillon::store_bench
