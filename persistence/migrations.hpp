#pragma once

#include <span>
#include <string_view>

namespace carillon::persistence {

/// One step of a store's schema. Its script runs once for each database, in one transaction with
/// the row in `schema_migrations` that remembers it.
struct migration {
  int version; ///< from 1, without gaps
  std::string_view name;
  std::string_view sql;
};

/// The files of `migrations/sqlite`, embedded at build time, in order.
[[nodiscard]] std::span<const migration> sqlite_migrations() noexcept;

/// The files of `migrations/postgres`, embedded at build time, in order.
[[nodiscard]] std::span<const migration> postgres_migrations() noexcept;

} // namespace carillon::persistence
