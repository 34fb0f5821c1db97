#pragma once

#include "net/exchange.hpp"
#include "net/registry.hpp"
#include "net/site.hpp"
#include "net/tls_stream.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <optional>

namespace carillon::net {

/// Largest header of a request, in bytes.
inline constexpr std::uint32_t header_limit = 16 * 1024;

/// One HTTP connection: reads requests one after the other (pipelined ones wait in the buffer),
/// writes the answers, and hands the stream over when it becomes a WebSocket. Runs on one I/O
/// thread. Kept alive by the operation under way.
template <class Stream>
class http_session final : public exchange, public registered {
public:
  http_session(std::shared_ptr<site> host, Stream&& stream, ip_address peer);

  /// Takes the first request.
  void start();

  void shut_down() noexcept override;
  void abort() noexcept override;

private:
  using parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using error = boost::system::error_code;

  [[nodiscard]] std::shared_ptr<http_session> self();
  void begin();
  void read_header();
  /// 0: none. False when the request says that it is longer.
  bool set_body_limit(std::size_t bytes);
  /// Whether the request, whose first line is there, is one of long-polling or for a WebSocket.
  [[nodiscard]] bool asks_for_wire() const;
  void on_header(const error& problem);
  void read_body();
  void on_body(const error& problem);
  void on_bad_read(const error& problem);
  [[nodiscard]] bool upgrade();
  void send(response what) override;
  void on_held() override;
  void watch();
  void on_readable();
  void on_sent(const error& problem);
  void linger();
  void close() noexcept;
  void allow(std::chrono::milliseconds patience);
  void arm(instant at);
  void on_timer();

  Stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<parser> parser_;
  io_timer timer_;
  instant deadline_{};
  instant armed_for_{}; ///< when the timer fires; lazily moved
  std::string head_;
  std::string body_;
  enum class phase : std::uint8_t { idle, body, handling, held, writing, lingering, closed } phase_;
  bool keep_alive_ = true;
  bool watching_ = false;
  bool last_ = false; ///< the server stops: no request after this one
};

/// Serves a plain connection; on the socket's own thread.
void serve_plain(std::shared_ptr<site> host, tcp_socket socket, ip_address peer);

/// Serves an encrypted one, beginning with the handshake.
void serve_tls(std::shared_ptr<site> host, tcp_socket socket, ip_address peer,
               std::shared_ptr<tls_context> context);

} // namespace carillon::net
