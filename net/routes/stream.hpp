#pragma once

#include "net/routes/route_table.hpp"

namespace carillon::net::routes {

/// The REST routes of tokens, channels, chat and quality, `/api/stream/*`.
void add_stream(route_table& table);

} // namespace carillon::net::routes
