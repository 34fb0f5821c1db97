#pragma once

#include "net/routes/route_table.hpp"

namespace carillon::net::routes {

/// The REST routes of sessions, `/api/video-call/*`.
void add_sessions(route_table& table);

} // namespace carillon::net::routes
