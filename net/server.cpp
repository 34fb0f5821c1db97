#include "net/server.hpp"

#include "config/log.hpp"
#include "net/http_session.hpp"
#include "net/listener.hpp"
#include "net/routes/demo.hpp"
#include "net/site.hpp"

namespace carillon::net {

struct server::impl {
  server_context context;
  io_pool& pool;
  std::shared_ptr<site> host;
  std::shared_ptr<listener> door;
  std::shared_ptr<tls_slot> tls; ///< null: plain HTTP
};

server::server(server_context context, io_pool& pool)
  : impl_(std::make_shared<impl>(impl{context, pool, nullptr, nullptr, nullptr})) {}

server::~server() {
  if (!impl_->door)
    return;
  impl_->door->stop();
  impl_->host->beats->stop();
}

status server::start() {
  auto& settings = impl_->context.settings.server;
  std::shared_ptr<tls_slot> tls;
  if (!settings.tls_certificate.empty() || !settings.tls_key.empty()) {
    auto loaded = load_tls(settings.tls_certificate, settings.tls_key);
    if (!loaded)
      return loaded.error();
    tls = std::make_shared<tls_slot>(std::move(*loaded));
  }
  auto proxies = proxy_list::parse(settings.trusted_proxies);
  if (!proxies)
    return proxies.error();
  auto host = std::make_shared<site>(impl_->context, impl_->pool, std::move(*proxies));
  auto door = std::make_shared<listener>(impl_->pool, [host, tls](tcp_socket socket) {
    boost::system::error_code gone;
    auto peer = socket.remote_endpoint(gone);
    if (gone)
      return;
    if (tls)
      serve_tls(host, std::move(socket), peer.address(), tls->get());
    else
      serve_plain(host, std::move(socket), peer.address());
  });
  if (auto opened = door->open(settings.host, settings.port); !opened)
    return opened;
  door->start();
  host->beats->start();
  if (settings.conformance_echo)
    log::warn("conformance_echo_on",
              {{"warning", "ECHO SERVICES WITHOUT AUTHENTICATION, FOR PROTOCOL SUITES ONLY"}});
  if (routes::has_demo(impl_->context.settings))
    log::warn("demo_sign_in_on",
              {{"warning", "ANYBODY MAY SIGN IN, ALSO AS AN OPERATOR; NEVER IN PUBLIC"}});
  impl_->host = std::move(host);
  impl_->door = std::move(door);
  impl_->tls = std::move(tls);
  return success();
}

status server::reload_certificates() {
  if (!impl_->tls)
    return success();
  auto& settings = impl_->context.settings.server;
  auto loaded = load_tls(settings.tls_certificate, settings.tls_key);
  if (!loaded)
    return loaded.error();
  impl_->tls->set(std::move(*loaded));
  return success();
}

std::uint16_t server::port() const noexcept { return impl_->door ? impl_->door->port() : 0; }

void server::stop(std::chrono::milliseconds patience, std::function<void()> done) {
  if (!impl_->door) {
    impl_->pool.post(0, std::move(done));
    return;
  }
  impl_->door->stop();
  impl_->host->beats->stop();
  impl_->host->connections->stop(patience, std::move(done));
}

} // namespace carillon::net
