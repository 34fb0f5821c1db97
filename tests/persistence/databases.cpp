#include "tests/persistence/databases.hpp"

#include "persistence/migrations.hpp"
#include "persistence/open.hpp"
#include "persistence/postgres_session.hpp"
#include "persistence/sqlite_session.hpp"
#include "tests/catch.hpp"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>

namespace carillon::persistence::test {

namespace {

std::string unique_name() {
  static std::atomic<int> count{0};
  return "carillon_test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

// Tests fill tables and wait for nobody.
constexpr std::chrono::minutes patience{2};

void run(const std::string& url, const std::string& sql) {
  postgres_session{url, patience}.read([&](postgres_access& db) { db.script(sql); });
}

} // namespace

temporary_directory::temporary_directory()
  : path_(std::filesystem::temp_directory_path() / unique_name()) {
  std::filesystem::create_directories(path_);
}

temporary_directory::~temporary_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void sqlite_database::script(const std::string& sql) const {
  sqlite_session session{file()};
  session.open(patience);
  session.script(sql);
}

std::string sqlite_database::value(const std::string& sql) const {
  sqlite_session session{file()};
  session.open(patience);
  auto q = session.query(sql);
  REQUIRE(q.step());
  return std::string{q.text(0)};
}

bool postgres_database::available() {
  if (!variable("CARILLON_TEST_POSTGRES").empty())
    return true;
  const bool required = variable("CI") == "true" || variable("CARILLON_REQUIRE_POSTGRES") == "1";
  if (required)
    FAIL("CARILLON_TEST_POSTGRES names no PostgreSQL, and it is required here");
  WARN("SKIPPED: CARILLON_TEST_POSTGRES names no PostgreSQL to test with");
  return false;
}

postgres_database::postgres_database()
  : schema_(unique_name()) {
  run(variable("CARILLON_TEST_POSTGRES"), "CREATE SCHEMA " + schema_);
}

postgres_database::~postgres_database() {
  try {
    run(variable("CARILLON_TEST_POSTGRES"), "DROP SCHEMA " + schema_ + " CASCADE");
  } catch (const std::exception& e) {
    WARN("schema " << schema_ << " stays: " << e.what());
  }
}

std::string postgres_database::url() const {
  const auto base = variable("CARILLON_TEST_POSTGRES");
  const auto join = base.find('?') == std::string::npos ? "?" : "&";
  return base + join + "options=-csearch_path%3D" + schema_;
}

void postgres_database::script(const std::string& sql) const { run(url(), sql); }

std::string postgres_database::value(const std::string& sql) const {
  std::string text;
  postgres_session{url(), patience}.read([&](postgres_access& db) {
    const auto rows = db.script(sql);
    REQUIRE(rows.size() == 1);
    text = rows[0].text(0);
  });
  return text;
}

std::string postgres_database::lines(const std::vector<std::string>& before,
                                     const std::string& sql) const {
  std::string text;
  postgres_session{url(), patience}.read([&](postgres_access& db) {
    for (const auto& one : before)
      db.script(one);
    const auto rows = db.script(sql);
    for (std::size_t i = 0; i < rows.size(); ++i)
      text.append(rows[i].text(0)).append("\n");
  });
  return text;
}

namespace {

template <class Database>
void run_migrations(const Database& database, std::span<const migration> all, int how_many) {
  database.script("CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                  " applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)");
  for (const auto& one : all.first(static_cast<std::size_t>(how_many))) {
    database.script(std::string{one.sql});
    database.script("INSERT INTO schema_migrations (version, name) VALUES ("
                    + std::to_string(one.version) + ", '" + std::string{one.name} + "')");
  }
}

} // namespace

void migrate_to(const sqlite_database& database, int migrations) {
  run_migrations(database, sqlite_migrations(), migrations);
}

void migrate_to(const postgres_database& database, int migrations) {
  run_migrations(database, postgres_migrations(), migrations);
}

std::shared_ptr<store_factory> stores_at(const std::string& url) {
  auto stores = open_store(url);
  REQUIRE(stores.ok());
  return *stores;
}

std::unique_ptr<record_store> store_at(const std::string& url) { return store_of(stores_at(url)); }

std::unique_ptr<record_store> store_of(const std::shared_ptr<store_factory>& stores) {
  auto store = stores->open();
  REQUIRE(store.ok());
  auto migrated = (*store)->migrate();
  INFO((migrated ? "" : migrated.error().message()));
  REQUIRE(migrated.ok());
  return std::move(*store);
}

time_point at(std::int64_t ms) { return from_epoch_ms(1'700'000'000'123 + ms); }

call_record ringing(const std::string& id, const std::string& caller, const std::string& receiver,
                    std::int64_t ms) {
  call_record call;
  call.id = call_id{id};
  call.caller = user_id{caller};
  call.direct().receiver = user_id{receiver};
  call.version = 1;
  call.created_at = at(ms);
  call.ring_deadline = at(ms + 45'000);
  return call;
}

call_record completed(call_record call) {
  call.status = call_status::completed;
  call.reason = end_reason::hung_up;
  call.version = 3;
  call.duration_s = 42;
  call.ended_by = call.direct().receiver;
  call.started_at = call.created_at + milliseconds{1'001};
  call.ended_at = call.created_at + milliseconds{43'002};
  call.ring_deadline.reset();
  return call;
}

call_record missed(call_record call) {
  call.status = call_status::missed;
  call.reason = end_reason::no_answer;
  call.direct().missed = true;
  call.version = 2;
  call.ended_at = call.created_at + milliseconds{45'000};
  call.ring_deadline.reset();
  return call;
}

user_ptr person(const std::string& id, const std::string& name) {
  auto user = std::make_shared<user_record>();
  user->id = user_id{id};
  user->profile = {name, id + "@example.org", "https://example.org/" + id + ".png", "member"};
  user->claimed = {"Claimed " + name, "", "", "admin"};
  user->created_at = at(1);
  user->updated_at = at(2);
  return user;
}

std::string ids_of(const std::vector<call_record>& calls) {
  std::string ids;
  for (const auto& call : calls)
    ids += (ids.empty() ? "" : " ") + call.id.str();
  return ids;
}

std::string written(record_store& store, const std::vector<write_op>& ops) {
  auto changed = store.write(ops);
  INFO((changed ? "" : changed.error().message()));
  REQUIRE(changed.ok());
  std::string bits;
  for (bool bit : *changed)
    bits += bit ? '1' : '0';
  return bits;
}

query::history page_of(const std::string& user, int limit, int skip) {
  query::history what;
  what.user = user_id{user};
  what.limit = limit;
  what.skip = skip;
  return what;
}

std::string shown(const record_page& page) {
  return ids_of(page.calls) + (page.has_more ? " +" : "");
}

std::string page(record_store& store, const query::history& what) {
  auto found = store.history(what);
  REQUIRE(found.ok());
  return shown(*found);
}

} // namespace carillon::persistence::test
