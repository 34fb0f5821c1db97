#include "net/http_session.ipp"

namespace carillon::net {

void serve_plain(std::shared_ptr<site> host, tcp_socket socket, ip_address peer) {
  std::make_shared<http_session<plain_stream>>(std::move(host), plain_stream{std::move(socket)},
                                               std::move(peer))
      ->start();
}

} // namespace carillon::net
