#include "persistence/durable_writer.hpp"

#include "persistence/op_codec.hpp"
#include "persistence/spool.hpp"
#include "tests/catch.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/sessions.hpp"
#include "tests/persistence/writer_fixture.hpp"

#include <fstream>
#include <future>

namespace carillon::persistence::test {

namespace {

const hide_op by_alice{user_id{"alice"}, call_id{"c1"}};

} // namespace

TEST_CASE("with its store there, a writer only writes", "[durable_writer]") {
  fixture f;
  CHECK(f.mind->opened == 0);
  CHECK(f.write({ringing("c1", "alice", "bob"), by_alice, by_alice}) == "110");
  CHECK_FALSE(f.writer->spooling());
  CHECK(f.writer->replay());
  CHECK(f.mind->opened == 1);
  CHECK(f.counts.batches_written == 1);
  CHECK(f.counts.rows_written == 3);
  CHECK(f.counts.batches_spooled == 0);
  CHECK(f.write({}).empty());
}

TEST_CASE("while the store is away batches wait on disk, in order", "[durable_writer]") {
  fixture f;
  CHECK(f.write({ringing("c1", "alice", "bob"), person("alice", "first")}) == "11");
  f.mind->away = true;
  CHECK(f.write({ringing("c2", "alice", "bob"), person("alice", "second")}) == "spooled 11");
  CHECK(f.writer->spooling());
  CHECK(f.write({completed(ringing("c1", "alice", "bob")), by_alice}) == "spooled 11");
  CHECK_FALSE(f.writer->replay());
  CHECK(f.counts.batches_spooled == 2);

  // Back again, but a batch does not overtake what waits.
  f.mind->away = false;
  CHECK(f.write({person("alice", "third"), ringing("c3", "alice", "bob")}) == "spooled 11");
  CHECK(f.stored_name("alice") == "first");

  CHECK(f.replay_all());
  CHECK_FALSE(f.writer->spooling());
  CHECK(f.stored_name("alice") == "third");
  CHECK(f.stored_status("c1") == "completed");
  CHECK(f.stored_status("c2") == "no-answer");
  CHECK(f.stored_status("c3") == "no-answer");
  CHECK(f.history("alice") == "c3 c2");
  CHECK(std::filesystem::file_size(f.file()) == 0);
  CHECK(f.write({by_alice}) == "0");
}

TEST_CASE("while the store is away it is not asked for each batch", "[durable_writer]") {
  fixture f;
  f.mind->away = true;
  for (int i = 0; i < 50; ++i)
    CHECK(f.write({ringing("c" + std::to_string(i), "alice", "bob")}) == "spooled 1");
  CHECK(f.mind->opened == 1);
  CHECK(f.counts.batches_spooled == 50);
  f.mind->away = false;
  CHECK(f.replay_all());
  CHECK(f.mind->writes == 1); // together
  CHECK(f.stored_status("c49") == "no-answer");
}

TEST_CASE("what a killed process left in the spool comes before anything newer",
          "[durable_writer]") {
  fixture f;
  f.mind->away = true;
  CHECK(f.write({person("alice", "old"), ringing("c1", "alice", "bob")}) == "spooled 11");
  f.restart();
  CHECK(f.writer->spooling());
  f.mind->away = false;
  CHECK(f.write({person("alice", "new")}) == "spooled 1");
  CHECK(f.replay_all());
  CHECK(f.stored_name("alice") == "new");
  CHECK(f.stored_status("c1") == "no-answer");
}

TEST_CASE("a crash between replaying and emptying the spool does no harm", "[durable_writer]") {
  fixture f;
  f.mind->away = true;
  f.write({person("alice", "first"), ringing("c1", "alice", "bob"), by_alice});
  f.write({person("alice", "second"), completed(ringing("c1", "alice", "bob"))});
  f.writer.reset();
  const auto kept = f.directory / "kept";
  std::filesystem::copy_file(f.file(), kept);

  f.mind->away = false;
  f.restart();
  CHECK(f.replay_all());
  f.writer.reset();
  std::filesystem::copy_file(kept, f.file(), std::filesystem::copy_options::overwrite_existing);

  f.restart();
  CHECK(f.writer->spooling());
  CHECK(f.replay_all());
  CHECK(f.stored_name("alice") == "second");
  CHECK(f.stored_status("c1") == "completed");
  CHECK(f.history("alice").empty());
  CHECK(f.history("bob") == "c1");
}

TEST_CASE("sessions and samples wait on disk as all else, and are written once",
          "[durable_writer]") {
  fixture f;
  const auto begun = opened("s1", {"alice", "bob"});
  const auto both = joined(joined(begun, "alice", 1), "bob", 2);
  const auto over = closed(both, 60'000);
  CHECK(f.write({begun}) == "1");
  f.mind->away = true;
  CHECK(f.write({both, measured("s1", "bob", 5)}) == "spooled 11");
  CHECK(f.write({over, measured("s1", "bob", 9)}) == "spooled 11");
  f.writer.reset();
  const auto kept = f.directory / "kept";
  std::filesystem::copy_file(f.file(), kept);

  f.mind->away = false;
  for (int crash = 0; crash < 2; ++crash) {
    f.restart();
    CHECK(f.replay_all());
    CHECK(stored_session(*f.store, "s1") == over);
    auto quality = f.store->quality(call_id{"s1"});
    REQUIRE(quality.ok());
    CHECK(quality->whole.samples == 2);
    f.writer.reset();
    std::filesystem::copy_file(kept, f.file(), std::filesystem::copy_options::overwrite_existing);
  }
}

TEST_CASE("a record torn by a crash was never confirmed and is dropped", "[durable_writer]") {
  fixture f;
  f.mind->away = true;
  f.write({ringing("c1", "alice", "bob")});
  f.writer.reset();
  const auto size = std::filesystem::file_size(f.file());
  std::ofstream{f.file(), std::ios::app | std::ios::binary} << std::string("\x40\0\0\0half", 8);

  f.mind->away = false;
  f.restart();
  CHECK(std::filesystem::file_size(f.file()) == size);
  CHECK(f.replay_all());
  CHECK(f.stored_status("c1") == "no-answer");
}

TEST_CASE("a store that goes away during the replay gets the rest later", "[durable_writer]") {
  fixture f;
  f.mind->away = true;
  for (int batch = 0; batch < 4; ++batch) {
    std::vector<write_op> ops;
    for (int i = 0; i < 400; ++i)
      ops.emplace_back(ringing("c" + std::to_string(batch * 400 + i), "alice", "bob"));
    REQUIRE(f.writer->write(ops).ok());
  }
  f.mind->away = false;
  f.mind->away_after = 1;
  while (f.mind->writes == 0)
    CHECK_FALSE(f.writer->replay());
  CHECK(f.writer->spooling());
  CHECK(f.stored_status("c0") == "no-answer");
  CHECK(f.stored_status("c1599") == "none");

  f.mind->away_after = -1;
  f.mind->away = false;
  CHECK(f.replay_all());
  CHECK(f.stored_status("c1599") == "no-answer");
}

TEST_CASE("one bad op fails alone", "[durable_writer]") {
  fixture f;
  std::vector<write_op> ops;
  for (int i = 0; i < 20; ++i)
    ops.emplace_back(ringing("c" + std::to_string(i), "alice", "bob", i));
  // The one is seen before it is written, the other by the database.
  ops[3] = ringing("c3", "al\xff", "bob");
  ops[13] = ringing("c13", "alice", "alice");
  ops.emplace_back(by_alice);
  ops.emplace_back(by_alice);

  auto done = f.writer->write(ops);
  REQUIRE(done.ok());
  CHECK_FALSE(done->spooled);
  CHECK(done->refused == std::vector<std::size_t>{3, 13});
  for (std::size_t i = 0; i < 20; ++i)
    CHECK(done->changed[i] == (i != 3 && i != 13));
  CHECK(done->changed[20]);
  CHECK_FALSE(done->changed[21]);
  CHECK(f.counts.write_failures == 2);
  CHECK(f.stored_status("c13") == "none");
  CHECK(f.history("bob") == "c19 c18 c17 c16 c15 c14 c12 c11 c10 c9 c8 c7 c6 c5 c4 c2 c1 c0");

  auto alone = f.writer->write(std::vector<write_op>{ringing("c13", "alice", "alice")});
  REQUIRE(alone.ok());
  CHECK(alone->refused == std::vector<std::size_t>{0});
  CHECK(f.write({ringing("c20", "alice", "bob")}) == "1");
}

TEST_CASE("one bad op does not stop the replay", "[durable_writer]") {
  fixture f;
  f.mind->away = true;
  auto done = f.writer->write(std::vector<write_op>{
      ringing("c1", "alice", "bob"), ringing("c2", "alice", "alice"), person("\xff")});
  REQUIRE(done.ok());
  CHECK(done->spooled);
  CHECK(done->refused == std::vector<std::size_t>{2});
  CHECK(f.write({ringing("c3", "alice", "bob")}) == "spooled 1");
  f.mind->away = false;
  CHECK(f.replay_all());
  CHECK(f.stored_status("c1") == "no-answer");
  CHECK(f.stored_status("c2") == "none");
  CHECK(f.stored_status("c3") == "no-answer");
  CHECK(f.counts.write_failures == 2);
}

TEST_CASE("a store that goes away while a bad op is looked for spools the good ones",
          "[durable_writer]") {
  fixture f;
  CHECK(f.write({ringing("c0", "alice", "bob")}) == "1");
  f.mind->away_after = 2; // the whole batch is refused, its first half written, then it is gone
  const std::vector<write_op> ops{ringing("c1", "alice", "bob"), ringing("c2", "alice", "bob"),
                                  ringing("c3", "alice", "alice"), ringing("c4", "alice", "bob")};
  CHECK(f.write(ops) == "spooled 1111");
  CHECK(f.stored_status("c2") == "no-answer");
  CHECK(f.stored_status("c4") == "none");
  f.mind->away_after = -1;
  f.mind->away = false;
  CHECK(f.replay_all());
  CHECK(f.stored_status("c4") == "no-answer");
  CHECK(f.stored_status("c3") == "none");
}

TEST_CASE("a bad op that was found before the store went away is not spooled", "[durable_writer]") {
  fixture f;
  CHECK(f.write({ringing("c0", "alice", "bob")}) == "1");
  f.mind->away_after = 4; // the batch, its first half and the bad op are refused, one is written
  auto done = f.writer->write(
      std::vector<write_op>{ringing("c1", "alice", "alice"), ringing("c2", "alice", "bob"),
                            ringing("c3", "alice", "bob"), ringing("c4", "alice", "bob")});
  REQUIRE(done.ok());
  CHECK(done->spooled);
  CHECK(done->refused == std::vector<std::size_t>{0});
  CHECK(done->changed == std::vector<bool>{false, true, true, true});
  f.mind->away_after = -1;
  f.mind->away = false;
  CHECK(f.replay_all());
  CHECK(f.counts.write_failures == 1); // not refused once more
  CHECK(f.history("alice") == "c4 c3 c2 c0");
}

TEST_CASE("with neither store nor disk a batch fails", "[durable_writer]") {
  fixture f;
  f.mind->away = true;
  f.writer.reset();
  std::filesystem::remove_all(f.directory / "deep");
  std::ofstream{f.directory / "deep"} << "a file where the directory should be";
  f.restart();
  for (int i = 0; i < 20; ++i)
    CHECK(f.write({ringing("c1", "alice", "bob")}) == "failed");
  CHECK(f.counts.write_failures == 20);
  CHECK(f.mind->opened < 20); // not asked again at once

  // A disk that works again is enough.
  std::filesystem::remove(f.directory / "deep");
  CHECK(f.write({ringing("c1", "alice", "bob")}) == "spooled 1");
  f.mind->away = false;
  CHECK(f.replay_all());
  CHECK(f.stored_status("c1") == "no-answer");
}

TEST_CASE("a record that this version cannot read is put aside", "[durable_writer]") {
  fixture f;
  f.writer.reset();
  {
    spool waiting{f.file()};
    REQUIRE(waiting.append("\x7f from the future").ok());
    REQUIRE(waiting.append(encode_ops(std::vector<write_op>{ringing("c1", "alice", "bob")})).ok());
  }
  f.restart();
  CHECK(f.replay_all());
  CHECK(f.stored_status("c1") == "no-answer");
  CHECK(f.counts.write_failures == 1);
  CHECK(std::filesystem::file_size(f.directory / "deep/spool.damaged") == 17);
}

TEST_CASE("a store that does not even refuse does not hold up new batches", "[durable_writer]") {
  fixture f;
  f.mind->away = true;
  CHECK(f.write({ringing("c1", "alice", "bob")}) == "spooled 1");

  std::promise<void> answer;
  f.mind->answers = answer.get_future().share();
  f.mind->away = false;
  CHECK_FALSE(f.writer->replay());
  CHECK(f.write({ringing("c2", "alice", "bob")}) == "spooled 1");
  CHECK_FALSE(f.writer->replay());
  CHECK(f.mind->opened == 2); // one question is on its way, not two

  answer.set_value();
  CHECK(f.replay_all());
  CHECK(f.stored_status("c2") == "no-answer");
  CHECK_FALSE(f.writer->spooling());
}

TEST_CASE("a writer on PostgreSQL gets over lost connections", "[durable_writer]") {
  if (!postgres_database::available())
    return;
  postgres_database database;
  temporary_directory directory;
  counters counts;
  auto store = store_at(database.url());
  const auto name = database.schema();
  durable_writer writer{stores_at(database.url() + "&application_name=" + name),
                        directory / "spool", counts};
  for (int i = 0; i < 5; ++i) {
    auto done =
        writer.write(std::vector<write_op>{ringing("c" + std::to_string(i), "alice", "bob")});
    REQUIRE(done.ok());
    CHECK_FALSE(done->spooled);
    CHECK(database.value("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                         " WHERE application_name = '"
                         + name + "'")
          == "1");
  }
  auto page = store->history({user_id{"alice"}, {}, false, 100, 0});
  REQUIRE(page.ok());
  CHECK(page->calls.size() == 5);
}

} // namespace carillon::persistence::test
