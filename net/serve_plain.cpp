#include "net/http_session.ipp"
#include "net/websocket_transport.ipp"

namespace carillon::net {

void serve_plain(std::shared_ptr<site> host, tcp_socket socket, ip_address peer) {
  std::make_shared<http_session<tcp_socket>>(std::move(host), std::move(socket), std::move(peer))
      ->start();
}

} // namespace carillon::net
