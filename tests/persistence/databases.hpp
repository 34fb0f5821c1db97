#pragma once

#include "protocol/record_store.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace carillon::persistence::test {

/// A directory of its own under the system's temporary one; removed with everything in it.
class temporary_directory {
public:
  temporary_directory();
  ~temporary_directory();
  temporary_directory(const temporary_directory&) = delete;
  temporary_directory& operator=(const temporary_directory&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
  std::filesystem::path path_;
};

/// An empty SQLite file.
class sqlite_database {
public:
  static bool available() { return true; }

  std::filesystem::path file() const { return directory_ / "calls.db"; }
  std::string url() const { return "sqlite:" + file().string(); }

  /// Runs statements beside the store.
  void script(const std::string& sql) const;

  /// The first column of the only row.
  std::string value(const std::string& sql) const;

private:
  temporary_directory directory_;
};

/// An empty schema in the database that CARILLON_TEST_POSTGRES names; dropped afterwards.
class postgres_database {
public:
  /// False, with a warning, without CARILLON_TEST_POSTGRES; where PostgreSQL is required (CI=true
  /// or CARILLON_REQUIRE_POSTGRES=1) the test fails instead.
  static bool available();

  postgres_database();
  ~postgres_database();
  postgres_database(const postgres_database&) = delete;
  postgres_database& operator=(const postgres_database&) = delete;

  std::string url() const;
  const std::string& schema() const { return schema_; }

  void script(const std::string& sql) const;
  std::string value(const std::string& sql) const;

  /// The first column of all rows, a line each.
  std::string lines(const std::vector<std::string>& before, const std::string& sql) const;

private:
  std::string schema_;
};

/// The database as the version of the program left it that had the first `migrations` of today's.
void migrate_to(const sqlite_database& database, int migrations);
void migrate_to(const postgres_database& database, int migrations);

/// A factory for `url`, and a store whose schema is up to date.
std::shared_ptr<store_factory> stores_at(const std::string& url);
std::unique_ptr<record_store> store_at(const std::string& url);
std::unique_ptr<record_store> store_of(const std::shared_ptr<store_factory>& stores);

/// Milliseconds after an arbitrary moment.
time_point at(std::int64_t ms);

/// A ringing call of version 1, made at `at(ms)`.
call_record ringing(const std::string& id, const std::string& caller, const std::string& receiver,
                    std::int64_t ms = 0);

/// The same call, accepted and ended as completed, of version 3.
call_record completed(call_record call);

/// The same call, not answered, of version 2.
call_record missed(call_record call);

/// A user with all texts filled in.
user_ptr person(const std::string& id, const std::string& name = "Name");

/// The ids of calls, with spaces between.
std::string ids_of(const std::vector<call_record>& calls);

/// What a write that has to work changed, `1` and `0`.
std::string written(record_store& store, const std::vector<write_op>& ops);

/// The question for a page of a user's calls.
query::history page_of(const std::string& user, int limit = 50, int skip = 0);

/// The ids of a page's calls, newest first, and `+` when there are more.
std::string shown(const record_page& page);
std::string page(record_store& store, const query::history& what);

} // namespace carillon::persistence::test
