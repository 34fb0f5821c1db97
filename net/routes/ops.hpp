#pragma once

#include "net/routes/route_table.hpp"

namespace carillon::net::routes {

/// /api/ops/*: for administrators only (others: 403 not_authorized).
void add_ops(route_table& table);

} // namespace carillon::net::routes
