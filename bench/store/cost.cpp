#include "bench/store/cost.hpp"

#include "bench/store/cluster_cpu.hpp"
#include "persistence/postgres_session.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>

namespace carillon::store_bench {

namespace {

using persistence::postgres_access;
using std::chrono::steady_clock;

// This process's CPU time so far; with SQLite the store's is in it.
std::int64_t own_cpu_ns() {
  timespec spent{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
  return spent.tv_sec * std::int64_t{1'000'000'000} + spent.tv_nsec;
}

// The postmaster of the cluster, which is the parent of each backend.
int postmaster_of(const std::string& url) {
  int pid = 0;
  persistence::postgres_session session{url};
  session.read([&](postgres_access& db) {
    pid = parent_of(static_cast<int>(db.script("SELECT pg_backend_pid()")[0].number(0)));
  });
  if (pid <= 1)
    give_up("PostgreSQL does not run on this machine");
  return pid;
}

} // namespace

cost cost_of(const database& where, const std::function<void()>& work) {
  const int postmaster = where.is_postgres() ? postmaster_of(where.url()) : 0;
  const auto postgres_ns = [&] { return postmaster > 0 ? cluster_cpu_ns(postmaster) : 0; };
  if (postmaster > 0)
    where.script("CHECKPOINT");
  const auto before = postgres_ns();
  const auto own = own_cpu_ns();
  const auto begin = steady_clock::now();
  work();
  const auto end = steady_clock::now();
  return {postgres_ns() - before, own_cpu_ns() - own,
          std::chrono::duration<double>(end - begin).count()};
}

void print(const database& where, const char* name, const char* thing, int things, const cost& c) {
  const auto us = [&](std::int64_t ns) { return static_cast<double>(ns) / 1e3 / things; };
  if (where.is_postgres())
    std::printf("%-30s PostgreSQL %7.2f us of CPU a %s,", name, us(c.postgres_ns), thing);
  else
    std::printf("%-30s SQLite", name);
  std::printf(" own %6.2f us, %7.0f %ss/s\n", us(c.own_ns), things / c.wall_s, thing);
  if (where.is_postgres())
    std::printf("  %s\n",
                where
                    .script("SELECT string_agg(relname || ': ' || n_tup_ins || ' inserted, '"
                            " || n_tup_upd || ' updated, ' || n_tup_hot_upd || ' of them hot, '"
                            " || pg_total_relation_size(relid) / 1024 || ' kB', '; '"
                            " ORDER BY relname) FROM pg_stat_user_tables"
                            " WHERE n_tup_ins > 2 AND schemaname = current_schema()")
                    .c_str());
}

} // namespace carillon::store_bench
