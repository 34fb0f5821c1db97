#include "net/metrics_text.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstring>

// What the system tells of this process, for the metrics.

namespace carillon::net {

namespace {

/// What is in /proc/self/stat behind the program's name, as far as it is wanted.
struct process_stat {
  unsigned long user_ticks = 0;
  unsigned long system_ticks = 0;
  unsigned long long started_ticks = 0; ///< since the machine was started
  long resident_pages = 0;
};

struct file {
  explicit file(const char* path) noexcept
    : handle(std::fopen(path, "re")) {}
  file(const file&) = delete;
  file& operator=(const file&) = delete;
  ~file() {
    if (handle)
      std::fclose(handle);
  }
  std::FILE* handle;
};

bool read_stat(process_stat& into) noexcept {
  file from{"/proc/self/stat"};
  char line[1024] = {};
  if (!from.handle || !std::fgets(line, sizeof line, from.handle))
    return false;
  // The name may hold blanks and brackets itself.
  const auto* rest = std::strrchr(line, ')');
  // Fields 14 and 15, 22 and 24 of proc(5); `rest` begins with field 3.
  return rest
         && std::sscanf(rest + 1,
                        " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %*d "
                        "%*d %llu %*u %ld",
                        &into.user_ticks, &into.system_ticks, &into.started_ticks,
                        &into.resident_pages)
                == 4;
}

/// When the machine was started, in seconds since 1970; 0: unknown.
unsigned long long read_boot_time() noexcept {
  file from{"/proc/stat"};
  char line[256] = {};
  unsigned long long at = 0;
  while (from.handle && std::fgets(line, sizeof line, from.handle))
    if (std::sscanf(line, "btime %llu", &at) == 1)
      return at;
  return 0;
}

} // namespace

void read_process(metrics_inputs& into) noexcept {
  process_stat stat;
  auto a_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  if (a_second <= 0 || !read_stat(stat))
    return;
  into.resident_bytes = static_cast<std::uint64_t>(stat.resident_pages)
                        * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  into.cpu_seconds = static_cast<double>(stat.user_ticks + stat.system_ticks) / a_second;
  into.started_at =
      static_cast<double>(read_boot_time()) + static_cast<double>(stat.started_ticks) / a_second;
}

} // namespace carillon::net
