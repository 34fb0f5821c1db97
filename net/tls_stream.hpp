#pragma once

#include "net/plain_stream.hpp"
#include "net/stream.hpp"
#include "protocol/result.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace carillon::net {

using tls_context = boost::asio::ssl::context;

/// The server's side of TLS 1.2 and 1.3 with a certificate chain and its key from PEM files
/// (`server.tls_certificate`, `server.tls_key`); `invalid_field` naming the setting and the file.
[[nodiscard]] result<std::shared_ptr<tls_context>> load_tls(const std::string& certificate,
                                                            const std::string& key);

/// The context that new connections use; thread-safe.
class tls_slot {
public:
  explicit tls_slot(std::shared_ptr<tls_context> first) noexcept
    : current_(std::move(first)) {}

  [[nodiscard]] std::shared_ptr<tls_context> get() const {
    std::lock_guard guard{lock_};
    return current_;
  }

  void set(std::shared_ptr<tls_context> next) {
    std::lock_guard guard{lock_};
    current_ = std::move(next);
  }

private:
  mutable std::mutex lock_;
  std::shared_ptr<tls_context> current_;
};

/// An encrypted connection. Holds the context that it uses.
class tls_stream : public boost::asio::ssl::stream<tcp_socket> {
public:
  tls_stream(tcp_socket&& socket, std::shared_ptr<tls_context> context)
    : stream(std::move(socket), *context)
    , context_(std::move(context)) {}

  /// The same encrypted connection on another thread. The peer must not have sent anything that was
  /// not read yet.
  friend std::optional<tls_stream> rehome(tls_stream&& stream, const io_executor& to) {
    if (stream.get_executor() == to)
      return std::move(stream);
    auto moved = rehome_socket(std::move(stream.next_layer()), to);
    if (!moved)
      return std::nullopt;
    SSL_up_ref(stream.native_handle());
    return tls_stream{std::move(*moved), stream.native_handle(), std::move(stream.context_)};
  }

private:
  tls_stream(tcp_socket&& socket, SSL* session, std::shared_ptr<tls_context> context)
    : stream(std::move(socket), session)
    , context_(std::move(context)) {}

  std::shared_ptr<tls_context> context_;
};

/// Ends the connection so that the peer gets to read everything.
template <class Handler>
void say_goodbye(tls_stream& stream, Handler handler) {
  stream.async_shutdown(
      [&stream, done = std::move(handler)](const boost::system::error_code&) mutable {
        // However the goodbye went, what the peer still sends is drained before the connection
        // closes.
        boost::system::error_code ignored;
        auto& socket = stream.next_layer();
        socket.shutdown(tcp_socket::shutdown_send, ignored);
        drain(socket, std::move(done));
      });
}

} // namespace carillon::net
