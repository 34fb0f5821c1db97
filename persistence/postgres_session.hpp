#pragma once

#include "persistence/store_patience.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace carillon::persistence {

/// A statement that each connection prepares once, under its name.
struct postgres_statement {
  std::string name;
  std::string sql;
};

/// The answer to one statement. Cheap to move; keeps the texts that its rows point to.
class postgres_rows {
public:
  /// One row; valid as long as the answer.
  class row {
  public:
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] bool null(int column) const;

  private:
    friend class postgres_rows;
    row(const postgres_rows& all, std::size_t index)
      : all_(all)
      , index_(index) {}
    const postgres_rows& all_;
    std::size_t index_;
  };

  struct impl;
  explicit postgres_rows(std::unique_ptr<impl> answer) noexcept;
  postgres_rows(postgres_rows&&) noexcept;
  ~postgres_rows();

  [[nodiscard]] std::size_t size() const noexcept;
  [[nodiscard]] row operator[](std::size_t index) const { return {*this, index}; }

  /// How many rows a statement inserted, updated or deleted.
  [[nodiscard]] std::size_t affected() const;

private:
  std::unique_ptr<impl> impl_;
};

/// What work may do with the connection while it has it. Throws; `postgres_session` sorts that out.
class postgres_access {
public:
  virtual ~postgres_access() = default;

  /// Runs a prepared statement with its parameters as texts, `$1` first.
  virtual postgres_rows run(const postgres_statement& statement,
                            std::span<const std::string> parameters) = 0;

  /// Runs one or several statements as they stand.
  virtual postgres_rows script(const std::string& sql) = 0;
};

/// One connection to PostgreSQL, opened when it is first needed and again after it was lost. The
/// only place that knows libpqxx (6.4 and 7). Used by one thread at a time. Throws `store_error`.
///
/// Connecting and the work after it take no longer than the session's patience, whatever the server
/// does; one that accepts or did accept the connection and answers nothing counts as away.
class postgres_session {
public:
  /// Does its work from the start each time it is called: work is repeated on a new connection when
  /// the kept one turns out to be lost, and after a deadlock.
  using work = std::function<void(postgres_access&)>;

  /// How long one `write` may take. Brief is half a second.
  enum class bound { patience, brief, none };

  explicit postgres_session(const std::string& url,
                            std::chrono::milliseconds patience = store_patience);
  ~postgres_session();

  /// Runs `what` with each statement on its own, for reads of one statement.
  void read(const work& what);

  /// Runs `what`, which writes with one statement that is a transaction of its own: half the round
  /// trips of `write`. It has to be a write that may be done twice: when the connection is lost
  /// nobody knows whether it counted, and it is done again on another one.
  void write_alone(const work& what) { read(what); }

  /// Runs `what` in a transaction and commits it. It is not repeated when the connection is lost
  /// during the commit, because nobody knows then whether it counted.
  /// With `bound::none` only connecting is bounded.
  void write(const work& what, bound time = bound::patience);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace carillon::persistence
