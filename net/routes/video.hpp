#pragma once

#include "net/routes/route_table.hpp"

namespace carillon::net::routes {

/// The REST routes of video calls, `/video/*`; health and the webhook need no user.
void add_video(route_table& table);

} // namespace carillon::net::routes
