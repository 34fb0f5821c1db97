// Histories that are counted in blocks: nobody can tell, but by the time it takes.

#include "persistence/history_looks.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/history_model.hpp"

#include <atomic>
#include <thread>

namespace carillon::persistence::test {

namespace {

void check_page(record_store& store, const history_model& model, const query::history& what) {
  auto found = store.history(what);
  REQUIRE(found.ok());
  INFO("user " << what.user.str() << ", limit " << what.limit << ", skip " << what.skip
               << (what.missed_only ? ", missed" : "")
               << (what.type ? std::string{", "}.append(to_string(*what.type)) : ""));
  CHECK(shown(*found) == shown(model.page(what)));
}

// A user with many calls, by SQL that both stores understand.
template <class Database>
void fill(record_store& store, Database& database, int calls) {
  std::vector<write_op> ops;
  for (int i = 0; i < calls; ++i)
    ops.emplace_back(completed(ringing("c" + std::to_string(10'000 + i), i % 2 ? "alice" : "bob",
                                       i % 2 ? "bob" : "alice", i)));
  CHECK(store.write(ops).ok());
  CHECK(database.value(wrong_blocks()) == "0");
}

} // namespace

TEMPLATE_TEST_CASE("counted histories are exact, whatever happens to them", "[store][blocks]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_of(stores_of(database, small_shape));
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  call_traffic traffic{seed};
  history_model model;

  for (int step = 0; step < 60; ++step) {
    // First all times at once, then mostly new ones with some that come late.
    const int span = step < 10 ? 300 : 300 + step * 20;
    const auto ops = traffic.batch(1 + traffic.below(12), span);
    REQUIRE(store->write(ops).ok());
    for (const auto& op : ops)
      model.apply(op);
    if (step % 15 == 14) {
      const auto before = at(traffic.below(span) / 4);
      REQUIRE(store->erase_old(before, 1'000).ok());
      model.erase(before);
    }
    REQUIRE(database.value(wrong_blocks()) == "0");
    for (int asked = 0; asked < 8; ++asked)
      check_page(*store, model, traffic.question());
  }
  CHECK(std::stoi(database.value("SELECT count(*) FROM history_blocks")) > 10);
  // What is far down is found by jumping and by walking alike.
  auto walking = history_shape{};
  walking.deep = 1'000'000;
  auto walker = store_of(stores_of(database, walking));
  for (int skip = 0; skip < 200; skip += 7) {
    check_page(*store, model, page_of("a", 9, skip));
    check_page(*walker, model, page_of("a", 9, skip));
  }
}

TEMPLATE_TEST_CASE("blocks are made of what is old, and only when there is enough",
                   "[store][blocks]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_of(stores_of(database, small_shape));
  const std::string blocks = "SELECT count(*) FROM history_blocks WHERE user_id = 'alice'";
  fill(*store, database, 6); // a block of four and the three newest are seven
  CHECK(database.value(blocks) == "0");
  fill(*store, database, 7);
  CHECK(database.value(blocks) == "1");
  fill(*store, database, 10);
  CHECK(database.value(blocks) == "1");
  fill(*store, database, 100);
  CHECK(database.value(blocks) == "24"); // of 96; then three, and one that is not enough
  CHECK(page(*store, page_of("alice", 2, 97)) == "c10002 c10001 +");
  CHECK(page(*store, page_of("alice", 2, 98)) == "c10001 c10000");
  CHECK(page(*store, page_of("alice", 2, 100)).empty());
  CHECK(page(*store, page_of("alice", 2, 100'000)).empty());

  // Deleted blocks leave no gap.
  auto erased = store->erase_old(at(50), 1'000);
  REQUIRE(erased.ok());
  CHECK(*erased == 50);
  CHECK(database.value(blocks) == "12");
  CHECK(database.value(wrong_blocks()) == "0");
  CHECK(page(*store, page_of("alice", 2, 48)) == "c10051 c10050");
  CHECK(written(*store, {completed(ringing("late", "alice", "bob", 10))}) == "1");
  CHECK(database.value(wrong_blocks()) == "0");
  CHECK(page(*store, page_of("alice", 2, 49)) == "c10050 late");
}

TEMPLATE_TEST_CASE("nothing is counted that is not in the end written", "[store][blocks]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_of(stores_of(database, small_shape));
  fill(*store, database, 40);
  auto bad = completed(ringing("bad", "alice", "alice", 3));
  CHECK_FALSE(store
                  ->write(std::vector<write_op>{completed(ringing("x", "alice", "bob", 3)),
                                                hide_op{user_id{"bob"}, call_id{"c10001"}}, bad})
                  .ok());
  CHECK(database.value(wrong_blocks()) == "0");
  CHECK(page(*store, page_of("bob", 3, 36)) == "c10003 c10002 c10001 +");
}

TEMPLATE_TEST_CASE("an operator's own SQL is counted too", "[store][blocks]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_of(stores_of(database, small_shape));
  fill(*store, database, 40);
  database.script("DELETE FROM direct_calls WHERE id = 'c10007'");
  database.script("UPDATE direct_calls SET missed = NOT missed, caller_hidden = NOT caller_hidden"
                  " WHERE id IN ('c10003', 'c10004', 'c10005')");
  CHECK(database.value(wrong_blocks()) == "0");
  database.script("DELETE FROM direct_calls");
  CHECK(database.value(wrong_blocks()) == "0");
  CHECK(page(*store, page_of("alice", 3, 0)).empty());
  fill(*store, database, 30);
  CHECK(page(*store, page_of("alice", 3, 20)) == "c10009 c10008 c10007 +");
}

TEST_CASE("servers that write at once count exactly", "[postgres][blocks]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  const auto stores = stores_of(database, small_shape);
  store_of(stores);
  constexpr int servers = 3;
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int server = 0; server < servers; ++server) {
    threads.emplace_back([&, server] {
      auto store = stores->open();
      std::mt19937 random{static_cast<unsigned>(server)};
      for (int round = 0; round < 60; ++round) {
        std::vector<write_op> ops;
        for (int i = 0; i < 6; ++i) {
          // Each server's calls lie between those of the others.
          const int n = (round * 6 + i) * servers + server;
          auto call = ringing("c" + std::to_string(n), "alice", n % 2 ? "bob" : "carol",
                              n - static_cast<int>(random() % 40));
          ops.emplace_back(n % 3 ? completed(call) : missed(call));
          if (n > 200 && i == 0)
            ops.emplace_back(hide_op{user_id{"alice"}, call_id{"c" + std::to_string(n - 150)}});
        }
        if (!store || !(*store)->write(ops))
          ++failures;
        if (round % 20 == 19 && !(*store)->erase_old(at(round), 1'000))
          ++failures;
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  CHECK(failures == 0);
  CHECK(database.value(wrong_blocks()) == "0");
  CHECK(std::stoi(database.value("SELECT count(*) FROM history_blocks")) > 100);
}

TEST_CASE("histories are looked at by chance, for calls that end", "[blocks]") {
  std::vector<write_op> ops;
  for (int i = 0; i < 2'000; ++i)
    ops.emplace_back(completed(ringing("c" + std::to_string(i), "u" + std::to_string(i), "bob")));
  std::vector<bool> changed(ops.size(), true);
  history_shape shape;
  const auto looked = users_to_look_at(ops, changed, shape).size();
  CHECK(looked > 2);
  CHECK(looked < 40); // of 4,000 entries one in 256
  CHECK(users_to_look_at(ops, std::vector<bool>(ops.size()), shape).empty());

  shape.look = 1;
  const std::vector<write_op> few{completed(ringing("c1", "alice", "bob")),
                                  ringing("c2", "carol", "bob"),
                                  hide_op{user_id{"dave"}, call_id{"c1"}}};
  CHECK(users_to_look_at(few, {true, true, true}, shape)
        == std::vector{user_id{"alice"}, user_id{"bob"}});
}

} // namespace carillon::persistence::test
