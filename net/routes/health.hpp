#pragma once

#include "net/routes/route_table.hpp"

namespace carillon::net::routes {

/// /metrics, /healthz, /readyz: open to anybody.
void add_health(route_table& table);

} // namespace carillon::net::routes
