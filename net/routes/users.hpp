#pragma once

#include "net/routes/route_table.hpp"

namespace carillon::net::routes {

/// GET /api/users?ids=…: names and presence.
void add_users(route_table& table);

} // namespace carillon::net::routes
