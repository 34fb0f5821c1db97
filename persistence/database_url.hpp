#pragma once

#include "protocol/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace carillon::persistence {

/// True for `postgresql://…` and `postgres://…`.
[[nodiscard]] bool is_postgres_url(std::string_view url) noexcept;

/// True for `sqlite:…`.
[[nodiscard]] bool is_sqlite_url(std::string_view url) noexcept;

/// The file that a `sqlite:` URL names: `sqlite:data/x.db`, `sqlite:/var/x.db` or
/// `sqlite:///var/x.db`. Refuses an empty name and `:memory:`, which connections could not share
/// and a restart would lose.
[[nodiscard]] result<std::filesystem::path> sqlite_file(std::string_view url);

/// Whether libpq understands a PostgreSQL URL, with the ports and the times that it would look at
/// only when it connects. The reason is one line without the password.
[[nodiscard]] status check_postgres_url(const std::string& url);

/// A PostgreSQL URL with what Carillon wants of a connection, where the URL does not say otherwise:
/// its name, and that neither connecting to nor talking with a dead host takes long.
[[nodiscard]] std::string with_connection_defaults(std::string url);

} // namespace carillon::persistence
