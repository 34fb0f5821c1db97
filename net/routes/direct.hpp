#pragma once

#include "net/routes/route_table.hpp"

namespace carillon::net::routes {

/// The REST routes of one-to-one calls, `/api/calls/*`.
void add_direct(route_table& table);

} // namespace carillon::net::routes
