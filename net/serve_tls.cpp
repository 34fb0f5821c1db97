#include "net/http_session.ipp"
#include "net/tls_stream.hpp"

namespace carillon::net {

void serve_tls(std::shared_ptr<site> host, tcp_socket socket, ip_address peer,
               std::shared_ptr<tls_context> context) {
  std::make_shared<http_session<tls_stream>>(
      std::move(host), tls_stream{std::move(socket), std::move(context)}, std::move(peer))
      ->start();
}

} // namespace carillon::net
