#pragma once

#include "protocol/record_store.hpp"

#include <memory>
#include <string>

namespace carillon::persistence {

/// Stores in the PostgreSQL database (13 or later) that `url` names, each on a connection of its
/// own. A store connects at its first call, and again at the next call after the connection was
/// lost; `open` itself does not fail.
[[nodiscard]] std::shared_ptr<store_factory> postgres_stores(std::string url);

} // namespace carillon::persistence
