#pragma once

#include "config/settings.hpp"
#include "net/routes/route_table.hpp"

namespace carillon::net::routes {

/// Whether anybody may sign in as a demo user: in development mode, where tokens can be made.
[[nodiscard]] bool has_demo(const config::settings& how) noexcept;

/// /api/demo/*: only in development mode and with an HS256 secret; else unknown paths.
void add_demo(route_table& table, const config::settings& how);

} // namespace carillon::net::routes
