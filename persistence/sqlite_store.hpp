#pragma once

#include "protocol/record_store.hpp"

#include <filesystem>
#include <memory>

namespace carillon::persistence {

/// Stores in one SQLite file (WAL): one connection that writes and any number that read beside it,
/// each a store of its own. A connection opens at its store's first call; `open` itself does not
/// fail.
[[nodiscard]] std::shared_ptr<store_factory> sqlite_stores(std::filesystem::path file);

} // namespace carillon::persistence
