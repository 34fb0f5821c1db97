#pragma once

#include "protocol/record_store.hpp"
#include "protocol/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace carillon::persistence {

/// The factory for a `database.url`: `sqlite:<path>` or `postgresql://…` (also `postgres://…`).
/// Refuses other schemes and URLs that cannot be right, saying on one line and without the password
/// why. Does not connect yet. For SQLite the directory of the file is made.
[[nodiscard]] result<std::shared_ptr<store_factory>> open_store(const std::string& url);

/// The URL without its password, for logs.
[[nodiscard]] std::string without_password(std::string_view url);

} // namespace carillon::persistence
