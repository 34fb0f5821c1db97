#include "bench/store/cluster_cpu.hpp"

#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace carillon::store_bench {

namespace {

// The fields of /proc/<pid>/stat behind the name, from the third (the state) on.
std::vector<std::string> stat_of(int pid) {
  std::ifstream in{"/proc/" + std::to_string(pid) + "/stat"};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto behind_name = text.rfind(')');
  if (behind_name == std::string::npos)
    return {};
  std::istringstream fields{text.substr(behind_name + 1)};
  return {std::istream_iterator<std::string>{fields}, {}};
}

// /proc counts in ticks of 10 ms; the process's clock is exact.
std::int64_t exact_cpu_ns(int pid) {
  clockid_t clock{};
  timespec spent{};
  if (::clock_getcpuclockid(pid, &clock) != 0 || ::clock_gettime(clock, &spent) != 0)
    return 0;
  return spent.tv_sec * std::int64_t{1'000'000'000} + spent.tv_nsec;
}

} // namespace

int parent_of(int pid) {
  const auto fields = stat_of(pid);
  return fields.size() > 1 ? std::stoi(fields[1]) : 0;
}

std::int64_t cluster_cpu_ns(int postmaster) {
  std::int64_t sum = exact_cpu_ns(postmaster);
  const auto own = stat_of(postmaster);
  if (own.size() > 14) // cutime and cstime: children that have ended
    sum += (std::stoll(own[13]) + std::stoll(own[14])) * 1'000'000'000 / ::sysconf(_SC_CLK_TCK);
  for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos)
      continue;
    const int pid = std::stoi(name);
    if (parent_of(pid) == postmaster)
      sum += exact_cpu_ns(pid);
  }
  return sum;
}

} // namespace carillon::store_bench
