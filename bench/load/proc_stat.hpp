#pragma once

#include <cstdint>
#include <optional>

namespace carillon::load {

/// CPU time of a whole process, in nanoseconds.
struct cpu_time {
  std::int64_t user_ns = 0;
  std::int64_t system_ns = 0; ///< the kernel's work for it, most of it in its network stack

  [[nodiscard]] std::int64_t total_ns() const noexcept { return user_ns + system_ns; }
  friend cpu_time operator+(const cpu_time& a, const cpu_time& b) noexcept {
    return {a.user_ns + b.user_ns, a.system_ns + b.system_ns};
  }
  friend cpu_time operator-(const cpu_time& a, const cpu_time& b) noexcept {
    return {a.user_ns - b.user_ns, a.system_ns - b.system_ns};
  }
};

/// What the kernel says of a running process.
struct proc_sample {
  cpu_time cpu;               ///< the sum is exact, its parts are in steps of one clock tick
  std::int64_t rss_bytes = 0; ///< resident memory (VmRSS)
  std::int64_t pss_bytes = 0; ///< its share of it (smaps_rollup); 0 where the kernel does not tell
};

/// Reads `/proc/<pid>`; nothing when there is no such process.
[[nodiscard]] std::optional<proc_sample> sample_process(int pid);

/// CPU time of a process, of the children that it has, and of those that it had and waited for;
/// nothing when there is no such process. For PostgreSQL, whose backends are such children.
[[nodiscard]] std::optional<cpu_time> sample_family(int pid);

/// CPU time of this process so far.
[[nodiscard]] cpu_time own_cpu();

} // namespace carillon::load
