#pragma once

#include "net/routes/route_table.hpp"

namespace carillon::net::routes {

/// The REST route of Stream tokens, `/api/v1/stream/token`.
void add_token(route_table& table);

} // namespace carillon::net::routes
