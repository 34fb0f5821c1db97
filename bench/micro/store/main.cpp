#include "bench/micro/store/options.hpp"
#include "bench/micro/store/pages.hpp"
#include "bench/micro/store/writes.hpp"
#include "config/log.hpp"

#include <cstdio>

using namespace carillon::store_bench;

int main(int argc, char** argv) {
  const auto asked = read_options(argc, argv);
  carillon::log::set_level(carillon::log::level::warn);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);

  std::vector<std::string> stores;
  if (asked.sqlite)
    stores.emplace_back("sqlite:");
  if (!asked.postgres.empty())
    stores.push_back(asked.postgres);
  if (asked.pages) {
    for (const auto& url : stores) {
      database where{url};
      measure_pages(where, asked.user_calls);
    }
  }
  if (!asked.writes)
    return 0;
  if (!asked.postgres.empty() && asked.plain_calls > 0) {
    database where{asked.postgres};
    measure_plain_writes(where, asked.plain_calls);
  }
  for (const auto& url : stores) {
    for (int n : asked.in_batch) {
      database where{url};
      measure_writes(where, asked.calls, n);
    }
  }
}
