// What every store promises of the outbox, and the way into it.

#include "tests/catch.hpp"
#include "tests/persistence/channels.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/writer_fixture.hpp"

namespace carillon::persistence::test {

TEMPLATE_TEST_CASE("entries wait in the order of their positions", "[store][outbox]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  CHECK(waiting(*store).empty());
  CHECK(backlog_of(*store) == outbox_backlog{});

  auto odd = entry_of(7, "call \"1\" Å", outbox_kind::close);
  odd.body = R"({"a":"\\\" Å {x} NULL"})";
  CHECK(written(*store, {entry_of(12, "b"), odd, entry_of(3, "a")}) == "111");
  auto all = store->outbox(0, 10);
  REQUIRE(all.ok());
  CHECK(*all == std::vector{entry_of(3, "a"), odd, entry_of(12, "b")});
  for (auto kind :
       {outbox_kind::users, outbox_kind::open, outbox_kind::message, outbox_kind::close}) {
    const auto entry = entry_of(100 + static_cast<std::uint64_t>(kind), "k", kind);
    CHECK(written(*store, {entry}) == "1");
    auto found = store->outbox(entry.position - 1, 1);
    REQUIRE(found.ok());
    CHECK(*found == std::vector{entry});
  }
  CHECK(waiting(*store) == "3 7 12 100 101 102 103");
  CHECK(waiting(*store, 7) == "12 100 101 102 103");
  CHECK(waiting(*store, 7, 2) == "12 100");
  CHECK(waiting(*store, 0, 0).empty());
  CHECK(waiting(*store, 103).empty());
  CHECK(waiting(*store, ~std::uint64_t{0}).empty());
  CHECK(backlog_of(*store) == outbox_backlog{7, 0, "", 103});

  // A position is given once.
  CHECK(written(*store, {entry_of(7, "other"), entry_of(8, "other"), entry_of(8, "again")})
        == "010");
  auto kept_one = store->outbox(6, 1);
  REQUIRE(kept_one.ok());
  CHECK(*kept_one == std::vector{odd});
}

TEMPLATE_TEST_CASE("what is done goes, and dead letters stay", "[store][outbox]", sqlite_database,
                   postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  std::vector<write_op> ops;
  for (std::uint64_t i = 1; i <= 6; ++i)
    ops.emplace_back(entry_of(i, "c"));
  CHECK(written(*store, ops) == "111111");
  CHECK(written(*store,
                {done(5), buried(2, "400 \"bad\" Å", 50), done(99), done(1), buried(98, "x", 1)})
        == "11010");
  CHECK(waiting(*store) == "3 4 6");
  CHECK(backlog_of(*store) == outbox_backlog{3, 1, "400 \"bad\" Å", 6});
  CHECK(database.value("SELECT attempts FROM stream_outbox WHERE position = 2") == "20");
  CHECK(written(*store, {done(5)}) == "0");
  // The newest one is told of.
  CHECK(written(*store, {buried(6, "403", 60), buried(3, "404", 55)}) == "11");
  CHECK(backlog_of(*store) == outbox_backlog{1, 3, "403", 6});
  // A dead letter may still be found to be done.
  CHECK(written(*store, {done(6)}) == "1");
  CHECK(backlog_of(*store) == outbox_backlog{1, 2, "404", 4});
  // In one batch: put and done, and put again behind that.
  CHECK(written(*store, {entry_of(9, "c"), done(9), entry_of(9, "d")}) == "111");
  CHECK(waiting(*store) == "4 9");
}

TEMPLATE_TEST_CASE("an entry that a later version wrote is passed over", "[store][outbox]",
                   sqlite_database, postgres_database) {
  if (!TestType::available())
    return;
  TestType database;
  auto store = store_at(database.url());
  REQUIRE(store->write(std::vector<write_op>{entry_of(1, "c"), entry_of(2, "c")}).ok());
  database.script("UPDATE stream_outbox SET kind = 'reaction' WHERE position = 1");
  CHECK(waiting(*store) == "2");
  CHECK(backlog_of(*store).queued == 2);
}

TEST_CASE("what is told of a message is in its transaction", "[durable_writer][outbox]") {
  fixture f;
  const auto message = kept(said("c", 1, "m"));
  // An entry that can never be stored does not take the message along.
  auto bad = entry_of(2, "c");
  bad.body = "\xff";
  CHECK(f.write({message, entry_of(1, "c"), bad, kept(said("c", 2, "n"))}) == "1101");
  CHECK(page(*f.store, chat_of("c")) == "m n");
  CHECK(waiting(*f.store) == "1");

  // Without one, all is one batch.
  const auto before = f.mind->writes.load();
  CHECK(f.write({kept(said("c", 3, "o")), entry_of(3, "c")}) == "11");
  CHECK(f.mind->writes == before + 1);
}

TEST_CASE("chat that waited in the spool is written once", "[durable_writer][outbox]") {
  fixture f;
  CHECK(f.write({channel_of("c", {"alice"}), kept(said("c", 1, "m")), entry_of(1, "c")}) == "111");
  f.mind->away = true;
  CHECK(f.write({kept(said("c", 2, "n")), entry_of(2, "c")}) == "spooled 11");
  CHECK(f.write({kept(said("c", 3, "m")), shut(channel_of("c", {"alice"}), 9), done(1)})
        == "spooled 111");
  f.restart();
  f.mind->away = false;
  CHECK(f.replay_all());
  CHECK(page(*f.store, chat_of("c")) == "m n"); // the repeated id is there once
  CHECK(channel_in(*f.store, "c") == "[alice]!");
  CHECK(waiting(*f.store) == "2");
  CHECK(backlog_of(*f.store).top == 2);
}

} // namespace carillon::persistence::test
