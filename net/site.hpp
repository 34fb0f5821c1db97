#pragma once

#include "net/auth_failures.hpp"
#include "net/client_address.hpp"
#include "net/cors.hpp"
#include "net/engine_sessions.hpp"
#include "net/pages.hpp"
#include "net/pulse.hpp"
#include "net/rate_limits.hpp"
#include "net/readiness.hpp"
#include "net/registry.hpp"
#include "net/routes/route_table.hpp"
#include "net/server.hpp"
#include "protocol/jwt.hpp"

namespace carillon::net {

/// What all connections of one server share. Owned by the server and by each connection; immutable
/// but for members that are thread-safe themselves.
struct site {
  server_context context;
  io_pool& pool;
  rate_limits limits;
  auth_failures failures;
  proxy_list proxies;
  cors_policy cors;
  route_table routes;
  page_shelf pages;
  std::shared_ptr<pulse> beats;
  readiness ready;
  std::shared_ptr<registry> connections;
  engine_sessions sessions;

  site(server_context all, io_pool& threads, proxy_list trusted);

  [[nodiscard]] const config::settings& settings() const noexcept { return context.settings; }

  [[nodiscard]] const timing& waits() const noexcept { return context.waits; }

  /// The STUN and TURN servers for `user`, as JSON.
  [[nodiscard]] std::string ice_servers_for(const user_id& user) const;

  /// Verifies what a client at `address` presents. Counts and judges failures: `unauthorized`, or
  /// `auth_rate_limited` once there were too many. The failure has no detail; the log does.
  [[nodiscard]] result<verified_token> check(std::string_view token, const ip_address& address);
};

} // namespace carillon::net
