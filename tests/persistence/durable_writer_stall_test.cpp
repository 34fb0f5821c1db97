#include "persistence/durable_writer.hpp"
#include "persistence/postgres_store.hpp"
#include "persistence/sqlite_session.hpp"
#include "persistence/sqlite_store.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/stalling_proxy.hpp"

#include <optional>

namespace carillon::persistence::test {

namespace {

// Whether the batch was spooled; it has to be kept one way or the other.
bool spooled(durable_writer& writer, const std::vector<write_op>& ops) {
  auto done = writer.write(ops);
  REQUIRE(done.ok());
  return done->spooled;
}

bool stored(record_store& store, const std::string& id) {
  auto call = store.load_call(call_kind::direct, call_id{id});
  REQUIRE(call.ok());
  return call->has_value();
}

} // namespace

TEST_CASE("what a stalled PostgreSQL does not take waits in the spool", "[durable_writer]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  if (!stalling_proxy::possible(database))
    return;
  auto beside = store_at(database.url());
  stalling_proxy proxy{database};
  temporary_directory directory;
  counters counts;
  const auto stores = postgres_stores(proxy.url(), milliseconds{1500});
  durable_writer writer{stores, directory / "spool", counts};
  auto reader = stores->open();
  REQUIRE(reader.ok());
  REQUIRE(eventually([&] { return (*reader)->ping().ok(); }));
  spooled(writer, {ringing("c1", "alice", "bob")}); // on a busy machine it may be
  REQUIRE(eventually([&] { return writer.replay(); }));
  REQUIRE(stored(*beside, "c1"));

  proxy.stall();
  CHECK(spooled(writer, {ringing("c2", "alice", "bob")}));
  CHECK(spooled(writer, {ringing("c3", "alice", "bob")}));
  CHECK_FALSE(writer.replay());
  auto read = (*reader)->load_call(call_kind::direct, call_id{"c1"});
  REQUIRE_FALSE(read.ok());
  CHECK(read.error().code == error_code::store_unavailable);
  CHECK(read.error().message().find(database.schema()) == std::string::npos);
  CHECK_FALSE(stored(*beside, "c2"));

  proxy.resume();
  CHECK(eventually([&] { return writer.replay(); }));
  CHECK(stored(*beside, "c2"));
  CHECK(stored(*beside, "c3"));
  CHECK(eventually([&] { return (*reader)->load_call(call_kind::direct, call_id{"c1"}).ok(); }));
}

TEST_CASE("what a locked SQLite file does not take waits in the spool", "[durable_writer]") {
  sqlite_database database;
  auto beside = store_at(database.url());
  temporary_directory directory;
  counters counts;
  const auto stores = sqlite_stores(database.file(), milliseconds{100});
  durable_writer writer{stores, directory / "spool", counts};
  sqlite_session other{database.file()};
  other.open();
  {
    sqlite_transaction lock{other};
    CHECK(spooled(writer, {ringing("c1", "alice", "bob")}));
    CHECK_FALSE(stored(*beside, "c1")); // reading goes on
  }
  CHECK(eventually([&] { return writer.replay(); }));
  CHECK(stored(*beside, "c1"));
}

} // namespace carillon::persistence::test
