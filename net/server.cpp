#include "net/server.hpp"

#include "config/log.hpp"
#include "net/http_session.hpp"
#include "net/listener.hpp"
#include "net/site.hpp"

namespace carillon::net {

struct server::impl {
  server_context context;
  io_pool& pool;
  std::shared_ptr<site> host;
  std::shared_ptr<listener> door;
};

server::server(server_context context, io_pool& pool)
  : impl_(std::make_shared<impl>(impl{context, pool, nullptr, nullptr})) {}

server::~server() {
  if (impl_->door)
    impl_->door->stop();
}

status server::start() {
  auto& settings = impl_->context.settings.server;
  if (!settings.tls_certificate.empty() || !settings.tls_key.empty())
    return failure{error_code::invalid_field,
                   "server.tls_certificate, server.tls_key: TLS is not supported yet"};
  auto proxies = proxy_list::parse(settings.trusted_proxies);
  if (!proxies)
    return proxies.error();
  auto host = std::make_shared<site>(impl_->context, impl_->pool, std::move(*proxies));
  auto door = std::make_shared<listener>(impl_->pool, [host](tcp_socket socket) {
    boost::system::error_code gone;
    auto peer = socket.remote_endpoint(gone);
    if (!gone)
      serve_plain(host, std::move(socket), peer.address());
  });
  if (auto opened = door->open(settings.host, settings.port); !opened)
    return opened;
  door->start();
  impl_->host = std::move(host);
  impl_->door = std::move(door);
  return success();
}

std::uint16_t server::port() const noexcept { return impl_->door ? impl_->door->port() : 0; }

void server::stop(std::chrono::milliseconds patience, std::function<void()> done) {
  if (!impl_->door) {
    impl_->pool.post(0, std::move(done));
    return;
  }
  impl_->door->stop();
  impl_->host->connections->stop(patience, std::move(done));
}

} // namespace carillon::net
