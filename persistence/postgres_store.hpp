#pragma once

#include "persistence/history_shape.hpp"
#include "persistence/store_patience.hpp"
#include "protocol/record_store.hpp"

#include <memory>
#include <string>

namespace carillon::persistence {

/// Stores in the PostgreSQL database (13 or later) that `url` names, each on a connection of its
/// own. A store connects at its first call, and again at the next call after the connection was
/// lost; `open` itself does not fail. No call but a migration takes longer than `patience`, and a
/// write or an erasure half a second more for counting histories.
[[nodiscard]] std::shared_ptr<store_factory>
postgres_stores(std::string url, std::chrono::milliseconds patience = store_patience,
                const history_shape& shape = {});

} // namespace carillon::persistence
