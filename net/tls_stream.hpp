#pragma once

#include "net/plain_stream.hpp"
#include "net/stream.hpp"
#include "protocol/result.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/role.hpp>

#include <memory>
#include <string>

namespace carillon::net {

using tls_context = boost::asio::ssl::context;

/// The server's side of TLS 1.2 and 1.3 with a certificate chain and its key from PEM files
/// (`server.tls_certificate`, `server.tls_key`); `invalid_field` naming the setting and the file.
[[nodiscard]] result<std::shared_ptr<tls_context>> load_tls(const std::string& certificate,
                                                            const std::string& key);

/// An encrypted connection. Holds the context that it uses.
class tls_stream : public boost::asio::ssl::stream<tcp_socket> {
public:
  tls_stream(tcp_socket&& socket, std::shared_ptr<tls_context> context)
    : boost::asio::ssl::stream<tcp_socket>(std::move(socket), *context)
    , context_(std::move(context)) {}

private:
  std::shared_ptr<tls_context> context_;
};

/// How a WebSocket ends the connection below it.
template <class Handler>
void async_teardown(boost::beast::role_type, tls_stream& stream, Handler&& handler) {
  stream.async_shutdown(
      [&stream, done = std::forward<Handler>(handler)](const boost::system::error_code&) mutable {
        // However the goodbye went, what the peer still sends is drained before the connection
        // closes.
        boost::system::error_code ignored;
        auto& socket = stream.next_layer();
        socket.shutdown(tcp_socket::shutdown_send, ignored);
        drain(socket,
              [&socket, end = std::move(done)](const boost::system::error_code& problem) mutable {
                boost::system::error_code closed;
                socket.close(closed);
                end(problem);
              });
      });
}

} // namespace carillon::net
