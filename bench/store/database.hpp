#pragma once

#include "protocol/record_store.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace carillon::store_bench {

/// An empty store of its own that goes when it goes: a SQLite file in a temporary directory, or a
/// schema in the PostgreSQL database of a URL. Exits the program with a message when there is none.
class database {
public:
  /// `url` is `sqlite:` for a file in the system's temporary directory, or a PostgreSQL URL.
  explicit database(const std::string& url);
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  [[nodiscard]] bool is_postgres() const { return directory_.empty(); }
  [[nodiscard]] const std::string& url() const { return url_; }
  [[nodiscard]] std::shared_ptr<store_factory> stores() const;

  /// A connection whose schema is up to date.
  [[nodiscard]] std::unique_ptr<record_store> open() const;

  /// Runs statements without parameters beside the store (PostgreSQL only); the first column of
  /// the first row, if there is one.
  std::string script(const std::string& sql) const;

private:
  std::string base_;
  std::string url_;
  std::string schema_;              ///< PostgreSQL
  std::filesystem::path directory_; ///< SQLite
};

/// Ends the program.
[[noreturn]] void give_up(const std::string& why);

} // namespace carillon::store_bench
