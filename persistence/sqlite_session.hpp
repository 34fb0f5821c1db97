#pragma once

#include "persistence/store_patience.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace carillon::persistence {

/// One run of a prepared statement: bind, step, read. Ends the run when it goes out of scope. Owned
/// by the function that runs it; must not outlive its session.
class sqlite_query {
public:
  sqlite_query(sqlite3* db, sqlite3_stmt* statement) noexcept
    : db_(db)
    , statement_(statement) {}
  ~sqlite_query();
  sqlite_query(const sqlite_query&) = delete;
  sqlite_query& operator=(const sqlite_query&) = delete;

  /// Binds the next parameter. Texts must live until the run is over.
  sqlite_query& add(std::string_view text);
  sqlite_query& add(std::int64_t number);
  sqlite_query& add(const std::optional<std::int64_t>& number);
  sqlite_query& add(const std::optional<double>& number);

  /// The next row; false when there is none. Throws `store_error`.
  bool step();

  /// Runs a statement that returns no rows; how many rows it changed. Throws `store_error`.
  std::size_t run();

  /// Columns of the row at hand, from 0.
  [[nodiscard]] std::string_view text(int column) const noexcept;
  [[nodiscard]] std::int64_t number(int column) const noexcept;
  [[nodiscard]] double real(int column) const noexcept;
  [[nodiscard]] bool null(int column) const noexcept;

private:
  void check(int code) const;

  sqlite3* db_;
  sqlite3_stmt* statement_;
  int bound_ = 0;
};

/// One connection to a SQLite file, opened when it is first needed, with its prepared statements.
///
/// The file is in WAL mode and `synchronous` is FULL: a commit returns when the log is on the disk,
/// so what was confirmed survives a loss of power. Used by one thread at a time. Throws
/// `store_error`.
class sqlite_session {
public:
  explicit sqlite_session(std::filesystem::path file)
    : file_(std::move(file)) {}
  ~sqlite_session() { close(); }
  sqlite_session(const sqlite_session&) = delete;
  sqlite_session& operator=(const sqlite_session&) = delete;

  /// Opens the connection unless it is open. From now on it waits for up to `patience`, all waits
  /// together, while other processes have the file locked; begins each call of a store.
  void open(std::chrono::milliseconds patience = store_patience);

  /// Drops the connection; no query may be running.
  void close() noexcept;

  /// A run of `sql`, which is prepared once for each connection.
  [[nodiscard]] sqlite_query query(std::string_view sql);

  /// Runs statements without parameters and results.
  void script(const std::string& sql);

private:
  void connect();
  void use_wal();

  static int wait_for_lock(void* session, int waits) noexcept;

  std::filesystem::path file_;
  std::chrono::steady_clock::time_point deadline_; ///< of waiting for locks
  sqlite3* db_ = nullptr;
  std::unordered_map<std::string_view, sqlite3_stmt*> prepared_; ///< keys: SQLite's own copies
};

/// A transaction; rolled back unless committed. One for writing takes the write lock at once, so
/// that nothing in it can fail for another writer's sake; one for reading sees the same in each
/// query.
class sqlite_transaction {
public:
  enum class purpose : bool { writing, reading };

  explicit sqlite_transaction(sqlite_session& session, purpose why = purpose::writing);
  ~sqlite_transaction();
  sqlite_transaction(const sqlite_transaction&) = delete;
  sqlite_transaction& operator=(const sqlite_transaction&) = delete;

  void commit();

private:
  sqlite_session& session_;
  bool open_ = true;
};

} // namespace carillon::persistence
