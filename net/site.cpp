#include "net/site.hpp"

#include "config/log.hpp"
#include "net/routes/demo.hpp"
#include "net/routes/direct.hpp"
#include "net/routes/health.hpp"
#include "net/routes/ops.hpp"
#include "net/routes/sessions.hpp"
#include "net/routes/stream.hpp"
#include "net/routes/token.hpp"
#include "net/routes/users.hpp"
#include "net/routes/video.hpp"
#include "protocol/ice_servers.hpp"

namespace carillon::net {

site::site(server_context all, io_pool& threads, proxy_list trusted)
  : context(all)
  , pool(threads)
  , limits(all.settings.limits)
  , failures(all.settings.limits)
  , proxies(std::move(trusted))
  , cors(all.settings.server.cors_origins)
  , pages(all.pages)
  , beats(std::make_shared<pulse>(all.counts, all.time, threads))
  , connections(std::make_shared<registry>(threads)) {
  routes::add_direct(routes);
  routes::add_sessions(routes);
  routes::add_video(routes);
  routes::add_token(routes);
  routes::add_stream(routes);
  routes::add_users(routes);
  routes::add_ops(routes);
  routes::add_health(routes);
  routes::add_demo(routes, all.settings);
}

std::string site::ice_servers_for(const user_id& user) const {
  const auto& webrtc = settings().webrtc;
  ice_settings servers{webrtc.stun_servers, webrtc.turn_url, webrtc.turn_username,
                       webrtc.turn_password, webrtc.turn_secret};
  return encode_ice_servers(servers, user, context.time.now());
}

result<verified_token> site::check(std::string_view token, const ip_address& address) {
  auto verdict = context.auth.verify(token, context.time.now());
  if (verdict)
    return verdict;
  log::info("auth_failed", {{"address", address.to_string()}, {"reason", verdict.error().detail}});
  failure why{error_code::unauthorized};
  if (auto wait = failures.note(failure_key(address), clock::monotonic::now()); wait > 0) {
    why = error_code::auth_rate_limited;
    why.retry_after_s = wait;
  }
  return why;
}

} // namespace carillon::net
