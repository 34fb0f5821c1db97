#include "persistence/postgres_store.hpp"

#include "persistence/open.hpp"
#include "persistence/postgres_statements.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/plans.hpp"

#include <algorithm>
#include <random>
#include <thread>

namespace carillon::persistence::test {

namespace {

// 10,000 calls that alice made and 10,000 that she got, among as many of others.
constexpr const char* many_calls =
    "INSERT INTO direct_calls SELECT 'c' || i, CASE i % 4 WHEN 0 THEN 'alice' WHEN 1 THEN 'bob'"
    " ELSE 'u' || i % 1000 END, CASE i % 4 WHEN 0 THEN 'bob' WHEN 1 THEN 'alice'"
    " ELSE 'v' || i % 1000 END, 'audio', 'missed', 'no-answer', i % 3 = 0, false, 2, 0, '',"
    " now() - i * interval '1 second', NULL, now(), NULL, NULL, i % 500 = 0, i % 1000 = 0"
    " FROM generate_series(1, 40000) AS i";

// How PostgreSQL runs a statement: `mode` as it does at first (force_custom_plan), or when it has
// run often (force_generic_plan).
std::string plan_of(const postgres_database& database, const postgres_statement& statement,
                    const std::string& types, const std::string& values, const std::string& mode) {
  const auto in_brackets = [](const std::string& list) {
    return list.empty() ? list : "(" + list + ")";
  };
  return database.lines({"SET plan_cache_mode = " + mode,
                         "PREPARE asked" + in_brackets(types) + " AS " + statement.sql},
                        "EXPLAIN (COSTS OFF) EXECUTE asked" + in_brackets(values));
}

// A URL under whose name the connections of one test can be found.
std::string named(const postgres_database& database) {
  return database.url() + "&application_name=" + database.schema();
}

void end_connections(const postgres_database& database) {
  CHECK(database.value("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                       " WHERE application_name = '"
                       + database.schema() + "'")
        != "0");
}

} // namespace

TEST_CASE("PostgreSQL walks the indexes of a history without sorting it", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  store_at(database.url());
  database.script(many_calls);
  database.script("VACUUM (ANALYZE) direct_calls");
  const std::string mode = GENERATE("force_custom_plan", "force_generic_plan");
  const auto type = GENERATE(as<std::optional<media_type>>{}, std::nullopt, media_type::audio);

  for (const char* skip : {"0", "15000"}) {
    const auto values = std::string{"'alice', 51, "} + skip;
    for (const bool deep : {false, true}) {
      const auto plan = [&](bool missed_only) {
        return plan_of(database,
                       deep ? postgres_sql::deep_page(missed_only, type)
                            : postgres_sql::page(missed_only, type),
                       "text, bigint, bigint", values, mode);
      };
      const auto both = plan(false);
      INFO(both);
      CHECK(has(both, "Merge Append"));
      CHECK(has(both, "Index Only Scan Backward using direct_calls_by_caller on direct_calls"));
      CHECK(has(both, "Index Only Scan Backward using direct_calls_by_receiver on direct_calls"));
      CHECK(has(both, "Index Scan using direct_calls_pkey on direct_calls"));
      // The blocks of one user, which are few; never calls.
      CHECK(count(both, "Sort\n") == (deep ? 1 : 0));
      CHECK(count(both, "using history_blocks_pkey on history_blocks") == (deep ? 2 : 0));
      CHECK_FALSE(has(both, "Seq Scan on direct_calls"));
      CHECK_FALSE(has(both, "Bitmap"));

      const auto missed_only = plan(true);
      INFO(missed_only);
      CHECK(has(missed_only, "Index Only Scan Backward using direct_calls_missed on direct_calls"));
      CHECK(count(missed_only, "Sort\n") == (deep ? 1 : 0));
      CHECK_FALSE(has(missed_only, "Seq Scan on direct_calls"));
      CHECK_FALSE(has(missed_only, "Bitmap"));
    }
  }
}

TEST_CASE("PostgreSQL restarts and cleans up by index", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  store_at(database.url());
  database.script(many_calls);
  database.script("VACUUM (ANALYZE) direct_calls");
  const std::string mode = GENERATE("force_custom_plan", "force_generic_plan");

  const auto live = plan_of(database, postgres_sql::live_calls(), "", "", mode);
  INFO(live);
  CHECK(has(live, "using direct_calls_created"));
  CHECK(has(live, "using direct_calls_pkey"));
  const auto aged =
      plan_of(database, postgres_sql::erase_aged(), "bigint, bigint", "0, 1000", mode);
  INFO(aged);
  CHECK(has(aged, "using direct_calls_created"));
  CHECK(has(aged, "Tid Scan"));
  const auto hidden = plan_of(database, postgres_sql::erase_hidden(), "bigint", "1000", mode);
  INFO(hidden);
  CHECK(has(hidden, "using direct_calls_hidden"));
  CHECK(has(hidden, "Tid Scan"));
}

TEST_CASE("a PostgreSQL that does not answer is away, quickly", "[postgres]") {
  // Nobody listens on the discard port of a machine that runs tests.
  auto stores = open_store("postgresql://carillon:secret@127.0.0.1:9/calls");
  REQUIRE(stores.ok());
  auto store = (*stores)->open();
  REQUIRE(store.ok());
  auto ping = (*store)->ping();
  REQUIRE_FALSE(ping.ok());
  CHECK(ping.error().code == error_code::store_unavailable);
  CHECK(has(ping.error().message(), "127.0.0.1"));
  CHECK_FALSE(has(ping.error().message(), "secret"));

  auto call = (*store)->load_call(call_kind::direct, call_id{"c1"});
  REQUIRE_FALSE(call.ok());
  CHECK(call.error().code == error_code::store_unavailable);
  CHECK(call.error().detail.empty()); // no hosts for clients
  CHECK(call.error().retry_after_s > 0);
  auto write = (*store)->write(std::vector<write_op>{ringing("c1", "alice", "bob")});
  REQUIRE_FALSE(write.ok());
  CHECK(write.error().code == error_code::store_unavailable);
}

TEST_CASE("a lost connection to PostgreSQL is made again by the next call", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  auto store = store_at(named(database));
  CHECK(written(*store, {ringing("c1", "alice", "bob")}) == "1");

  end_connections(database);
  auto found = store->load_call(call_kind::direct, call_id{"c1"});
  REQUIRE(found.ok());
  CHECK(found->has_value());

  end_connections(database);
  CHECK(written(*store, {ringing("c2", "alice", "bob"), hide_op{user_id{"bob"}, call_id{"c1"}}})
        == "11");

  end_connections(database);
  CHECK(written(*store, {ringing("c3", "alice", "bob"), ringing("c4", "alice", "bob")}) == "11");

  end_connections(database);
  CHECK(store->ping().ok());
  CHECK(written(*store, {ringing("c2", "alice", "bob")}) == "0");
}

TEST_CASE("servers that write the same calls do not lock each other out", "[postgres]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  store_at(database.url());
  constexpr int servers = 4;
  std::vector<int> failures(servers);
  std::vector<std::thread> threads;
  for (int server = 0; server < servers; ++server) {
    threads.emplace_back([&, server, stores = stores_at(database.url())] {
      auto store = stores->open();
      std::mt19937 random{static_cast<unsigned>(server)};
      for (std::uint32_t round = 1; round <= 20; ++round) {
        std::vector<write_op> ops;
        for (int i = 0; i < 40; ++i) {
          auto call = ringing("c" + std::to_string(i), "alice", "bob", i);
          call.version = round;
          ops.emplace_back(call);
          ops.emplace_back(person("u" + std::to_string(i), "by " + std::to_string(server)));
        }
        std::shuffle(ops.begin(), ops.end(), random);
        if (!store || !(*store)->write(ops))
          ++failures[static_cast<std::size_t>(server)];
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  CHECK(failures == std::vector<int>(servers, 0));
  CHECK(database.value("SELECT min(version) FROM direct_calls") == "20");
}

} // namespace carillon::persistence::test
