#include "persistence/sqlite_session.hpp"

#include "config/log.hpp"
#include "persistence/store_error.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace carillon::persistence {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// The longest pause between two attempts to get a lock; the first ones are shorter.
constexpr int longest_wait_ms = 25;

[[noreturn]] void fail(sqlite3* db, int code) {
  const int kind = code & 0xFF;
  const bool data = kind == SQLITE_CONSTRAINT || kind == SQLITE_TOOBIG || kind == SQLITE_MISMATCH;
  const char* text = db ? sqlite3_errmsg(db) : sqlite3_errstr(code);
  throw store_error(data ? store_error::cause::data : store_error::cause::away, text);
}

// SQLite makes files for everyone to read; names and e-mail addresses are not everyone's.
void make_private(const std::filesystem::path& file) {
  const int made = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (made >= 0)
    ::close(made);
}

} // namespace

sqlite_query::~sqlite_query() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

void sqlite_query::check(int code) const {
  if (code != SQLITE_OK)
    fail(db_, code);
}

sqlite_query& sqlite_query::add(std::string_view text) {
  // An empty view may have no address, which would bind NULL.
  const char* data = text.empty() ? "" : text.data();
  check(sqlite3_bind_text64(statement_, ++bound_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}

sqlite_query& sqlite_query::add(std::int64_t number) {
  check(sqlite3_bind_int64(statement_, ++bound_, number));
  return *this;
}

sqlite_query& sqlite_query::add(const std::optional<std::int64_t>& number) {
  if (number)
    return add(*number);
  check(sqlite3_bind_null(statement_, ++bound_));
  return *this;
}

sqlite_query& sqlite_query::add(const std::optional<double>& number) {
  ++bound_;
  check(number ? sqlite3_bind_double(statement_, bound_, *number)
               : sqlite3_bind_null(statement_, bound_));
  return *this;
}

bool sqlite_query::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW)
    return true;
  if (code != SQLITE_DONE)
    fail(db_, code);
  return false;
}

std::size_t sqlite_query::run() {
  while (step()) {
  }
  return static_cast<std::size_t>(sqlite3_changes(db_));
}

std::string_view sqlite_query::text(int column) const noexcept {
  const auto* data = sqlite3_column_text(statement_, column);
  if (data == nullptr)
    return {};
  return {reinterpret_cast<const char*>(data),
          static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::int64_t sqlite_query::number(int column) const noexcept {
  return sqlite3_column_int64(statement_, column);
}

double sqlite_query::real(int column) const noexcept {
  return sqlite3_column_double(statement_, column);
}

bool sqlite_query::null(int column) const noexcept {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

void sqlite_session::open(milliseconds patience) {
  deadline_ = steady_clock::now() + patience;
  if (db_ != nullptr)
    return;
  try {
    connect();
  } catch (const store_error& e) {
    close();
    throw store_error(e.why(), file_.string() + ": " + e.what());
  }
}

void sqlite_session::connect() {
  make_private(file_);
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  if (const int code = sqlite3_open_v2(file_.c_str(), &db_, flags, nullptr); code != SQLITE_OK)
    fail(db_, code);
  sqlite3_extended_result_codes(db_, 1);
  // Not SQLite's own time-out, which starts anew with each statement.
  sqlite3_busy_handler(db_, &sqlite_session::wait_for_lock, this);
  use_wal();
  // 16 MiB hold the history indexes of a busy server. No mmap: a read error would then be a signal
  // that ends the process instead of an error code. The log file is cut back to 64 MiB after a
  // burst.
  script("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384;"
         "PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;");
}

// SQLite's question whether to try once more, after `waits` times.
int sqlite_session::wait_for_lock(void* session, int waits) noexcept {
  if (steady_clock::now() >= static_cast<const sqlite_session*>(session)->deadline_)
    return 0;
  std::this_thread::sleep_for(milliseconds{std::min(waits + 1, longest_wait_ms)});
  return 1;
}

void sqlite_session::use_wal() {
  // Several connections that open a new file at once get "locked" here without SQLite's own
  // waiting.
  while (true) {
    const int code = sqlite3_exec(db_, "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
    if (code == SQLITE_OK)
      break;
    if ((code & 0xFF) != SQLITE_BUSY || steady_clock::now() >= deadline_)
      fail(db_, code);
    std::this_thread::sleep_for(milliseconds{5});
  }
  auto mode = query("PRAGMA journal_mode");
  if (!mode.step() || mode.text(0) != "wal")
    throw store_error(store_error::cause::away, "the file's place does not support WAL");
}

void sqlite_session::close() noexcept {
  for (const auto& [sql, statement] : prepared_)
    sqlite3_finalize(statement);
  prepared_.clear();
  sqlite3_close_v2(db_);
  db_ = nullptr;
}

sqlite_query sqlite_session::query(std::string_view sql) {
  if (const auto known = prepared_.find(sql); known != prepared_.end())
    return {db_, known->second};
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK)
    fail(db_, code);
  prepared_.emplace(sqlite3_sql(statement), statement);
  return {db_, statement};
}

void sqlite_session::script(const std::string& sql) {
  if (const int code = sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr); code != SQLITE_OK)
    fail(db_, code);
}

sqlite_transaction::sqlite_transaction(sqlite_session& session, purpose why)
  : session_(session) {
  session_.query(why == purpose::writing ? "BEGIN IMMEDIATE" : "BEGIN").run();
}

sqlite_transaction::~sqlite_transaction() {
  if (!open_)
    return;
  try {
    session_.query("ROLLBACK").run();
  } catch (const store_error& e) {
    // Some errors (a full disk, for one) have rolled back already.
    log::debug("rollback_refused", {{"error", e.what()}});
  }
}

void sqlite_transaction::commit() {
  session_.query("COMMIT").run();
  open_ = false;
}

} // namespace carillon::persistence
