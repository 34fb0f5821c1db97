#pragma once

#include "persistence/history_shape.hpp"
#include "persistence/store_patience.hpp"
#include "protocol/record_store.hpp"

#include <filesystem>
#include <memory>

namespace carillon::persistence {

/// Stores in one SQLite file (WAL): one connection that writes and any number that read beside it,
/// each a store of its own. A connection opens at its store's first call; `open` itself does not
/// fail. No call but a migration waits longer than `patience` for other processes' locks.
[[nodiscard]] std::shared_ptr<store_factory>
sqlite_stores(std::filesystem::path file, std::chrono::milliseconds patience = store_patience,
              const history_shape& shape = {});

} // namespace carillon::persistence
