#include "bench/store/pages.hpp"

#include "bench/store/sample_calls.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace carillon::store_bench {

namespace {

using std::chrono::steady_clock;

constexpr int runs = 101;

struct spread {
  double median = 0;
  double p95 = 0;
};

template <class Work>
spread typical_ms(Work work) {
  std::vector<double> all;
  for (int i = 0; i < runs; ++i) {
    const auto begin = steady_clock::now();
    work();
    all.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count());
  }
  std::sort(all.begin(), all.end());
  return {all[runs / 2], all[runs * 95 / 100]};
}

// Calls of alice, every other one made by her, a call a minute, a tenth missed; a history as it
// grows, version after version.
void fill(record_store& store, const user_id& alice, int calls) {
  const auto begin = from_epoch_ms(1'600'000'000'000);
  constexpr int in_batch = 250;
  for (int at = 0; at < calls; at += in_batch) {
    std::vector<write_op> fresh;
    std::vector<write_op> ended;
    for (int i = at; i < std::min(at + in_batch, calls); ++i) {
      const auto n = static_cast<std::uint64_t>(i);
      const auto other = nth_user(1 + n % 500);
      const auto call = ringing(n, n % 2 == 0 ? alice : other, n % 2 == 0 ? other : alice,
                                begin + i * seconds{60});
      fresh.emplace_back(call);
      ended.emplace_back(i % 10 == 3 ? missed(call) : completed(active(call)));
    }
    if (auto done = store.write(fresh); !done)
      give_up(done.error().message());
    if (auto done = store.write(ended); !done)
      give_up(done.error().message());
  }
}

void print(record_store& store, const char* name, query::history what, int skip) {
  what.skip = skip;
  std::size_t rows = 0;
  bool more = false;
  const auto ms = typical_ms([&] {
    const auto found = store.history(what);
    if (!found)
      give_up(found.error().message());
    rows = found->calls.size();
    more = found->has_more;
  });
  std::printf("%-18s skip %6d: median %7.3f ms, p95 %7.3f ms (%zu calls%s)\n", name, skip,
              ms.median, ms.p95, rows, more ? ", more" : "");
}

} // namespace

void measure_pages(database& where, int calls) {
  auto store = where.open();
  const auto alice = nth_user(0);
  fill(*store, alice, calls);
  if (where.is_postgres())
    where.script("VACUUM (ANALYZE)"); // as autovacuum does within a minute
  std::printf("%s, a user with %d calls\n", where.is_postgres() ? "PostgreSQL" : "SQLite", calls);

  query::history what;
  what.user = alice;
  auto reader = where.open();
  for (int skip : {0, 49'950, 99'000})
    print(*reader, "history", what, skip);
  what.type = media_type::audio;
  for (int skip : {0, 24'950})
    print(*reader, "audio", what, skip);
  what.type.reset();
  what.missed_only = true;
  for (int skip : {0, 5'000})
    print(*reader, "missed", what, skip);
  std::printf("\n");
}

} // namespace carillon::store_bench
