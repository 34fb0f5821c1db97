#include "bench/store/writes.hpp"

#include "bench/store/cost.hpp"
#include "bench/store/sample_calls.hpp"
#include "persistence/durable_writer.hpp"
#include "persistence/postgres_session.hpp"
#include "persistence/write_batch.hpp"

#include <array>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <unistd.h>
#include <vector>

namespace carillon::store_bench {

namespace {

using persistence::postgres_access;

constexpr std::uint64_t users = 2'000;

// A call is accepted some batches after it began, and ends some batches later.
constexpr int batches_of_ringing = 5;
constexpr int batches_of_talking = 20;

call_record begun(std::uint64_t n, int in_batch) {
  const auto caller = n * 7'919 % users;
  const auto receiver = (caller + 1 + n * 104'729 % (users - 1)) % users;
  const auto begin = from_epoch_ms(1'700'000'000'000);
  // A batch takes 5 ms to fill.
  const auto ms = static_cast<std::int64_t>(n) * 5 / in_batch;
  return ringing(n, nth_user(caller), nth_user(receiver), begin + milliseconds{ms});
}

// One call in ten is missed.
bool is_missed(std::uint64_t n) { return n % 10 == 3; }

} // namespace

void measure_writes(database& where, int calls, int calls_in_batch) {
  where.open().reset();
  const auto spool = std::filesystem::temp_directory_path()
                     / ("carillon_bench_" + std::to_string(::getpid()) + ".spool");
  counters counts;
  std::optional<persistence::durable_writer> writer{std::in_place, where.stores(), spool, counts};
  persistence::write_batch batch{{10'000, 16u << 20, milliseconds{5}}};
  const auto flush = [&] {
    const auto ops = batch.take();
    auto done = writer->write(ops);
    if (!done || done->spooled || !done->refused.empty())
      give_up("a batch was not written");
  };
  const auto begin_of = [&](int b) {
    return static_cast<std::uint64_t>(b) * static_cast<std::uint64_t>(calls_in_batch);
  };
  const int rounds = calls / calls_in_batch;
  const auto add = [&](int b, auto make) {
    if (b < 0 || b >= rounds)
      return;
    for (auto n = begin_of(b); n < begin_of(b + 1); ++n) {
      if (auto call = make(n))
        batch.add(std::move(*call), {});
    }
  };
  using maybe = std::optional<call_record>;
  const auto one_batch = [&](int b) {
    add(b, [&](std::uint64_t n) -> maybe { return begun(n, calls_in_batch); });
    add(b - batches_of_ringing, [&](std::uint64_t n) -> maybe {
      if (is_missed(n))
        return std::nullopt;
      return active(begun(n, calls_in_batch));
    });
    add(b - batches_of_ringing - batches_of_talking, [&](std::uint64_t n) -> maybe {
      const auto call = begun(n, calls_in_batch);
      return is_missed(n) ? missed(call) : completed(active(call));
    });
    if (!batch.empty())
      flush();
  };
  const auto all = rounds + batches_of_ringing + batches_of_talking;
  const auto spent = cost_of(where, [&] {
    for (int b = 0; b < all; ++b)
      one_batch(b);
  });
  writer.reset(); // PostgreSQL counts rows when a connection ends
  char name[80];
  std::snprintf(name, sizeof name, "%d calls begun a batch", calls_in_batch);
  print(where, name, "call", rounds * calls_in_batch, spent);
  std::filesystem::remove(spool);
}

void measure_plain_writes(database& where, int calls) {
  where.script(
      "CREATE TABLE calls (id text PRIMARY KEY, caller_id text NOT NULL,"
      " receiver_id text NOT NULL, call_type text NOT NULL, status text NOT NULL,"
      " duration integer NOT NULL DEFAULT 0, created_at timestamptz NOT NULL DEFAULT now(),"
      " started_at timestamptz, ended_at timestamptz);"
      "CREATE INDEX ON calls (caller_id, created_at DESC);"
      "CREATE INDEX ON calls (receiver_id, created_at DESC)");
  const persistence::postgres_statement insert{
      "plain_insert", "INSERT INTO calls (id, caller_id, receiver_id, call_type, status)"
                      " VALUES ($1, $2, $3, $4, 'no-answer')"};
  const persistence::postgres_statement update{
      "plain_update", "UPDATE calls SET status = 'completed', duration = $2::integer,"
                      " started_at = now(), ended_at = now() WHERE id = $1"};
  std::optional<persistence::postgres_session> session{std::in_place, where.url()};
  const auto spent = cost_of(where, [&] {
    for (std::uint64_t n = 0; n < static_cast<std::uint64_t>(calls); ++n) {
      const auto call = begun(n, 1);
      const auto& part = call.direct();
      session->read([&](postgres_access& db) {
        db.run(insert,
               std::array<std::string, 4>{call.id.str(), call.caller.str(), part.receiver.str(),
                                          std::string{to_string(part.type)}});
      });
      session->read([&](postgres_access& db) {
        db.run(update, std::array<std::string, 2>{call.id.str(), "61"});
      });
    }
  });
  session.reset();
  print(where, "one INSERT, one UPDATE a call", "call", calls, spent);
}

} // namespace carillon::store_bench
