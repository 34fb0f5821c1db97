#include "bench/load/proc_stat.hpp"

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

std::optional<cpu_time> cpu_of(const std::string& stat) {
  // The second field is the name in parentheses, and may itself hold spaces and parentheses.
  auto end_of_name = stat.rfind(')');
  if (end_of_name == std::string::npos)
    return std::nullopt;
  std::istringstream fields{stat.substr(end_of_name + 1)};
  std::string skipped;
  for (int field = 3; field < 14; ++field)
    fields >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  if (!(fields >> user >> system))
    return std::nullopt;
  auto tick_ns = ns_per_second / ::sysconf(_SC_CLK_TCK);
  return cpu_time{user * tick_ns, system * tick_ns};
}

} // namespace

std::optional<proc_sample> sample_process(int pid) {
  auto directory = "/proc/" + std::to_string(pid);
  auto cpu = cpu_of(read_all(directory + "/stat"));
  if (!cpu)
    return std::nullopt;
  proc_sample sample;
  sample.cpu = *cpu;
  sample.rss_bytes = kilobytes_of(read_all(directory + "/status"), "VmRSS");
  sample.pss_bytes = kilobytes_of(read_all(directory + "/smaps_rollup"), "Pss");
  return sample;
}

cpu_time own_cpu() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  auto ns = [](const timeval& t) { return t.tv_sec * ns_per_second + t.tv_usec * 1000; };
  return {ns(usage.ru_utime), ns(usage.ru_stime)};
}

} // namespace carillon::load
