#include "bench/load/proc_stat.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace carillon::load {

namespace {

constexpr std::int64_t ns_per_second = 1'000'000'000;

std::string read_all(const std::string& path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// The bytes that the line `name` gives in kB; 0 when there is no such line.
std::int64_t kilobytes_of(const std::string& text, const std::string& name) {
  auto at = text.find("\n" + name + ":");
  if (at == std::string::npos)
    return 0;
  return std::stoll(text.substr(at + name.size() + 2)) * 1024;
}

/// What stands in /proc/<pid>/stat and is of use here.
struct stat_line {
  int parent = 0;
  cpu_time own;
  cpu_time children; ///< of those that ended and were waited for
};

std::optional<stat_line> read_stat(const std::string& directory) {
  auto stat = read_all(directory + "/stat");
  // The second field is the name in parentheses, and may itself hold spaces and parentheses.
  auto end_of_name = stat.rfind(')');
  if (end_of_name == std::string::npos)
    return std::nullopt;
  std::istringstream fields{stat.substr(end_of_name + 1)};
  std::string skipped;
  stat_line line;
  fields >> skipped >> line.parent;
  for (int field = 5; field < 14; ++field)
    fields >> skipped;
  auto& own = line.own;
  auto& children = line.children;
  if (!(fields >> own.user_ns >> own.system_ns >> children.user_ns >> children.system_ns))
    return std::nullopt;
  auto tick_ns = ns_per_second / ::sysconf(_SC_CLK_TCK);
  for (auto* each : {&own, &children})
    *each = {each->user_ns * tick_ns, each->system_ns * tick_ns};
  return line;
}

/// /proc counts in clock ticks of 10 ms; the process's clock is exact, and does not tell what was
/// the kernel's.
void make_exact(int pid, cpu_time& cpu) {
  clockid_t clock{};
  timespec spent{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &spent) != 0)
    return;
  auto exact = spent.tv_sec * ns_per_second + spent.tv_nsec;
  cpu.user_ns = std::max<std::int64_t>(exact - cpu.system_ns, 0);
}

} // namespace

std::optional<proc_sample> sample_process(int pid) {
  auto directory = "/proc/" + std::to_string(pid);
  auto stat = read_stat(directory);
  if (!stat)
    return std::nullopt;
  proc_sample sample;
  sample.cpu = stat->own;
  make_exact(pid, sample.cpu);
  sample.rss_bytes = kilobytes_of(read_all(directory + "/status"), "VmRSS");
  sample.pss_bytes = kilobytes_of(read_all(directory + "/smaps_rollup"), "Pss");
  return sample;
}

std::optional<cpu_time> sample_family(int pid) {
  auto root = read_stat("/proc/" + std::to_string(pid));
  if (!root)
    return std::nullopt;
  make_exact(pid, root->own);
  auto sum = root->own + root->children;
  std::error_code ignored; // a process may end while it is looked at
  for (const auto& entry : std::filesystem::directory_iterator{"/proc", ignored}) {
    auto child = std::atoi(entry.path().filename().c_str());
    if (child == 0)
      continue;
    auto stat = read_stat(entry.path());
    if (!stat || stat->parent != pid)
      continue;
    make_exact(child, stat->own);
    sum = sum + stat->own + stat->children;
  }
  return sum;
}

cpu_time own_cpu() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  auto ns = [](const timeval& t) { return t.tv_sec * ns_per_second + t.tv_usec * 1000; };
  return {ns(usage.ru_utime), ns(usage.ru_stime)};
}

} // namespace carillon::load
