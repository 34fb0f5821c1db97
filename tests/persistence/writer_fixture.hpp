#pragma once

#include "persistence/durable_writer.hpp"
#include "tests/persistence/databases.hpp"
#include "tests/persistence/moody_store.hpp"

namespace carillon::persistence::test {

/// A writer on a SQLite file with everything around it.
struct fixture {
  sqlite_database database;
  temporary_directory directory;
  std::unique_ptr<record_store> store = store_at(database.url());
  std::shared_ptr<mood> mind = std::make_shared<mood>();
  counters counts;
  std::unique_ptr<durable_writer> writer;

  fixture() { restart(); }

  std::filesystem::path file() const { return directory / "deep/spool"; }

  /// What a new process does; the old one leaves as it is.
  void restart() {
    writer.reset();
    writer = std::make_unique<durable_writer>(
        std::make_shared<moody_factory>(mind, stores_at(database.url())), file(), counts);
  }

  /// How a batch was written: `changed` as bits, behind `spooled` when it was.
  std::string write(const std::vector<write_op>& ops) {
    auto done = writer->write(ops);
    if (!done)
      return "failed";
    std::string text = done->spooled ? "spooled " : "";
    for (bool bit : done->changed)
      text += bit ? '1' : '0';
    return text;
  }

  /// Replays until nothing is left, as the writer's owner does; a busy machine may need several
  /// turns.
  bool replay_all() {
    for (int turn = 0; turn < 200; ++turn) {
      if (writer->replay())
        return true;
    }
    return false;
  }

  std::string stored_status(const std::string& id) {
    auto call = store->load_call(call_kind::direct, call_id{id});
    REQUIRE(call.ok());
    return *call ? std::string{to_string((*call)->status)} : "none";
  }

  std::string stored_name(const std::string& id) {
    auto user = store->load_user(user_id{id});
    REQUIRE(user.ok());
    return *user ? (*user)->profile.name : "none";
  }

  std::string history(const std::string& user) {
    auto page = store->history({user_id{user}, {}, false, 100, 0});
    REQUIRE(page.ok());
    return ids_of(page->calls);
  }
};

} // namespace carillon::persistence::test
