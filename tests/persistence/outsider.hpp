#pragma once

#include "tests/persistence/databases.hpp"

#include <functional>
#include <string>

namespace carillon::persistence {
class postgres_access;
}

namespace carillon::persistence::test {

/// A role of the cluster with all rights that a table can give, which asks for users as an
/// application does; gone with the test.
class outsider {
public:
  explicit outsider(const postgres_database& database);
  ~outsider();
  outsider(const outsider&) = delete;
  outsider& operator=(const outsider&) = delete;

  /// Whether a role can be made here. False, with a warning, where it cannot; where PostgreSQL is
  /// required the test fails instead.
  static bool possible(const postgres_database& database);

  /// The database, with this role.
  std::string url() const;
  const std::string& name() const { return name_; }

  /// The rows of `sql` as JSON, a line each, for a request of `user`; empty: of nobody.
  std::string sees(const std::string& user, const std::string& sql) const;

  /// The first columns of the rows, with blanks between.
  std::string lists(const std::string& user, const std::string& sql) const;

  /// How many rows a statement changed, or why none: `refused`, or the whole message.
  std::string changes(const std::string& user, const std::string& sql) const;

private:
  void as(const std::string& user, const std::function<void(postgres_access&)>& what) const;

  const postgres_database& database_;
  std::string name_;
};

} // namespace carillon::persistence::test
