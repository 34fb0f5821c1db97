#include "persistence/migrations.hpp"

#include "persistence/postgres_store.hpp"
#include "persistence/sqlite_store.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"

#include <thread>

namespace carillon::persistence::test {

namespace {

std::size_t migrations_for(const sqlite_database&) { return sqlite_migrations().size(); }

std::size_t migrations_for(const postgres_database&) { return postgres_migrations().size(); }

} // namespace

TEST_CASE("the embedded migrations are numbered without gaps", "[migrations]") {
  for (auto all : {sqlite_migrations(), postgres_migrations()}) {
    REQUIRE_FALSE(all.empty());
    int expected = 1;
    for (const auto& one : all) {
      CHECK(one.version == expected++);
      CHECK_FALSE(one.name.empty());
      CHECK(one.sql.find("CREATE") != std::string_view::npos);
    }
  }
}

TEMPLATE_TEST_CASE("migrations run once each", "[migrations]", sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  const auto count = std::to_string(migrations_for(database));

  auto store = store_at(database.url());
  CHECK(database.value("SELECT count(*) FROM schema_migrations") == count);
  CHECK(written(*store, {ringing("c1", "alice", "bob")}) == "1");

  CHECK(store->migrate().ok());
  auto another = store_at(database.url());
  CHECK(database.value("SELECT count(*) FROM schema_migrations") == count);
  CHECK(written(*another, {ringing("c1", "alice", "bob")}) == "0"); // it is still there
}

TEMPLATE_TEST_CASE("several that migrate at once do not disturb each other", "[migrations]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  const auto stores = stores_at(database.url());
  constexpr int starters = 6;
  std::vector<status> done(starters, failure{error_code::internal});
  std::vector<std::thread> threads;
  for (int i = 0; i < starters; ++i) {
    threads.emplace_back([&, i] {
      if (auto store = stores->open())
        done[static_cast<std::size_t>(i)] = (*store)->migrate();
    });
  }
  for (auto& thread : threads)
    thread.join();
  for (const auto& one : done) {
    INFO((one ? "" : one.error().message()));
    CHECK(one.ok());
  }
  CHECK(database.value("SELECT count(*) FROM schema_migrations")
        == std::to_string(migrations_for(database)));
}

TEST_CASE("why a schema could not be brought up to date is told on one line", "[migrations]") {
  temporary_directory directory;
  const auto missing = (directory / "no\nfolder/calls.db").string();
  for (const auto& stores :
       {postgres_stores("postgresql://me:secret@127.0.0.1:1/calls"), sqlite_stores(missing)}) {
    auto store = stores->open();
    REQUIRE(store.ok());
    auto refused = (*store)->migrate();
    REQUIRE_FALSE(refused.ok());
    const auto told = refused.error().message();
    INFO(told);
    CHECK(refused.error().code == error_code::store_unavailable);
    CHECK_FALSE(told.empty());
    CHECK(told.find('\n') == std::string::npos);
    CHECK(told.find("secret") == std::string::npos);
  }
}

TEMPLATE_TEST_CASE("a database of a later version is refused", "[migrations]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  database.script("INSERT INTO schema_migrations (version, name, applied_at)"
                  " SELECT max(version) + 1, 'later', max(applied_at) FROM schema_migrations");
  auto refused = store->migrate();
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().message().find("later version") != std::string::npos);
}

TEMPLATE_TEST_CASE("without its tables a store is away, and loses nothing", "[migrations]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = stores_at(database.url())->open();
  REQUIRE(store.ok());
  auto refused = (*store)->write(std::vector<write_op>{ringing("c1", "alice", "bob")});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == error_code::store_unavailable);
  CHECK((*store)->ping().ok());
  CHECK((*store)->migrate().ok());
  CHECK(written(**store, {ringing("c1", "alice", "bob")}) == "1");
}

} // namespace carillon::persistence::test
