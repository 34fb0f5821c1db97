#include "persistence/postgres_schema.hpp"

#include "config/log.hpp"
#include "persistence/migrations.hpp"
#include "persistence/postgres_session.hpp"
#include "persistence/store_error.hpp"

namespace carillon::persistence {

namespace {

// Any number that no other program in the database locks; "carillon" in ASCII.
constexpr const char* migration_lock = "SELECT pg_advisory_xact_lock(7161130679611977582)";

// A migration may work on large tables, and wait for another process that does.
constexpr const char* migration_patience =
    "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10min'";

// The latest version that ran; 0 in an empty database. Asks without creating, so that an up-to-date
// database needs no rights on its schema. Reading a table, any table, is what makes the server look
// again for one that it did not find the last time.
int schema_version(postgres_access& db) {
  if (db.script("SELECT to_regclass('schema_migrations') FROM pg_class LIMIT 1")[0].null(0))
    return 0;
  const auto latest = db.script("SELECT coalesce(max(version), 0) FROM schema_migrations");
  return static_cast<int>(latest[0].number(0));
}

// Runs the next migration, if there is one, in the transaction at hand.
const migration* migrate_once(postgres_access& db) {
  const auto all = postgres_migrations();
  db.script(migration_patience);
  db.script(migration_lock);
  const auto version = static_cast<std::size_t>(schema_version(db));
  if (version > all.size())
    throw store_error(store_error::cause::away,
                      "the database is of a later version of the program");
  if (version == all.size())
    return nullptr;
  const auto& next = all[version];
  if (version == 0)
    db.script("CREATE TABLE schema_migrations (version integer PRIMARY KEY, name text NOT NULL,"
              " applied_at timestamptz NOT NULL DEFAULT now())");
  db.script(std::string{next.sql});
  db.script("INSERT INTO schema_migrations (version, name) VALUES (" + std::to_string(next.version)
            + ", '" + std::string{next.name} + "')");
  return &next;
}

void migrate_all(postgres_session& session) {
  // The usual start: nothing to do, and a server that does not answer is found out soon.
  int version = 0;
  session.read([&](postgres_access& db) { version = schema_version(db); });
  if (static_cast<std::size_t>(version) == postgres_migrations().size())
    return;
  const migration* done = nullptr;
  do {
    session.write([&](postgres_access& db) { done = migrate_once(db); },
                  postgres_session::bound::none);
    if (done)
      log::info("schema_migrated", {{"version", done->version}, {"name", done->name}});
  } while (done);
}

} // namespace

void bring_up_to_date(postgres_session& session) {
  migrate_all(session);
  // Row level security is for everybody but the owner: another role would find its tables empty.
  session.read([](postgres_access& db) {
    if (db.script("SELECT row_security_active('video_calls')")[0].text(0) == "t")
      throw store_error(store_error::cause::away, "connect as the owner of the tables");
  });
}

} // namespace carillon::persistence
