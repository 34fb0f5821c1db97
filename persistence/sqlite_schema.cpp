#include "persistence/sqlite_schema.hpp"

#include "config/log.hpp"
#include "persistence/migrations.hpp"
#include "persistence/sqlite_session.hpp"
#include "persistence/store_error.hpp"
#include "protocol/time.hpp"

#include <chrono>

namespace carillon::persistence {

namespace {

// Another process that migrates the same file may have a large table to work on.
constexpr std::chrono::minutes migration_patience{10};

int schema_version(sqlite_session& session) {
  {
    auto table = session.query(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'");
    if (!table.step())
      return 0;
  }
  auto latest = session.query("SELECT coalesce(max(version), 0) FROM schema_migrations");
  latest.step();
  return static_cast<int>(latest.number(0));
}

// Runs the next migration, if there is one.
bool migrate_once(sqlite_session& session) {
  const auto all = sqlite_migrations();
  sqlite_transaction transaction{session};
  const auto version = static_cast<std::size_t>(schema_version(session));
  if (version > all.size())
    throw store_error(store_error::cause::away,
                      "the database is of a later version of the program");
  if (version == all.size())
    return false;
  const auto& next = all[version];
  session.script("CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY,"
                 " name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
  session.script(std::string{next.sql});
  const auto now = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
  session.query("INSERT INTO schema_migrations VALUES (?1, ?2, ?3)")
      .add(std::int64_t{next.version})
      .add(next.name)
      .add(to_epoch_ms(now))
      .run();
  transaction.commit();
  log::info("schema_migrated", {{"version", next.version}, {"name", next.name}});
  return true;
}

} // namespace

void bring_up_to_date(sqlite_session& session) {
  // The usual start: nothing to do, and no lock to wait for.
  if (static_cast<std::size_t>(schema_version(session)) == sqlite_migrations().size())
    return;
  session.open(migration_patience);
  while (migrate_once(session)) {
  }
}

} // namespace carillon::persistence
