// Not a test: how fast the stores are on this machine. Run with "[.measure]".

#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace carillon::persistence::test {

namespace {

using std::chrono::steady_clock;

template <class Work>
double ms_of(Work work) {
  const auto begin = steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count();
}

// The median of a number of runs.
template <class Work>
double typical_ms(int runs, Work work) {
  std::vector<double> all;
  for (int i = 0; i < runs; ++i)
    all.push_back(ms_of(work));
  std::nth_element(all.begin(), all.begin() + runs / 2, all.end());
  return all[static_cast<std::size_t>(runs) / 2];
}

call_record nth_call(int i) {
  char id[25];
  std::snprintf(id, sizeof id, "%024x", static_cast<unsigned>(i) * 2654435761u);
  const auto other = "user" + std::to_string(i % 500);
  auto call =
      i % 2 == 0 ? ringing(id, "alice", other, i * 1'000) : ringing(id, other, "alice", i * 1'000);
  return call;
}

void write_in_batches(record_store& store, const std::vector<write_op>& ops) {
  for (std::size_t at = 0; at < ops.size(); at += 500) {
    const auto n = std::min<std::size_t>(500, ops.size() - at);
    REQUIRE(store.write(std::span{ops}.subspan(at, n)).ok());
  }
}

void let_vacuum_run(const sqlite_database&) {}

void let_vacuum_run(const postgres_database& database) {
  database.script("VACUUM (ANALYZE) direct_calls");
}

} // namespace

TEMPLATE_TEST_CASE("rows a second, and pages of a user with 100,000 calls", "[.measure]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  constexpr int calls = 100'000;

  std::vector<write_op> fresh;
  std::vector<write_op> ended;
  for (int i = 0; i < calls; ++i) {
    fresh.emplace_back(nth_call(i));
    ended.emplace_back(i % 5 == 0 ? missed(nth_call(i)) : completed(nth_call(i)));
  }
  const auto inserted = ms_of([&] { write_in_batches(*store, fresh); });
  const auto updated = ms_of([&] { write_in_batches(*store, ended); });
  const auto again = ms_of([&] { write_in_batches(*store, ended); });
  std::printf("batches of 500: %.0f new rows/s, %.0f updated rows/s, %.0f rows/s written in vain\n",
              calls / inserted * 1e3, calls / updated * 1e3, calls / again * 1e3);
  std::vector<write_op> few;
  for (int i = 0; i < 200; ++i)
    few.emplace_back(nth_call(calls + i));
  std::size_t next = 0;
  const auto single =
      typical_ms(200, [&] { (void)store->write(std::span{few}.subspan(next++, 1)); });
  std::printf("a batch of one: %.2f ms\n", single);
  let_vacuum_run(database);

  const auto pages = [&](const char* name, query::history what) {
    for (int at : {0, 999, 1'999}) {
      what.skip = at * 50;
      const auto found = store->history(what);
      REQUIRE(found.ok());
      const auto ms = typical_ms(20, [&] { (void)store->history(what); });
      std::printf("%s, page %d: %.2f ms (%zu calls%s)\n", name, at + 1, ms, found->calls.size(),
                  found->has_more ? ", more" : "");
    }
  };
  auto what = page_of("alice");
  pages("history", what);
  what.type = media_type::audio;
  pages("history of audio calls", what);
  what.missed_only = true;
  what.type.reset();
  pages("missed", what);

  std::size_t erased = 0;
  const auto erasing = ms_of([&] {
    while (true) {
      auto some = store->erase_old(time_point::max(), 1'000);
      REQUIRE(some.ok());
      erased += *some;
      if (*some < 1'000)
        break;
    }
  });
  std::printf("erased %zu calls, %.0f rows/s\n\n", erased, erased / erasing * 1e3);
}

} // namespace carillon::persistence::test
