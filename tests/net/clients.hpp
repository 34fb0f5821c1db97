#pragma once

#include "tests/catch.hpp"
#include "tests/net/fake_sink.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carillon::net::test {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

using headers = std::vector<std::pair<std::string, std::string>>;

/// What both clients do: start an operation and wait for its end, at most `patience`.
class blocking {
public:
  explicit blocking(std::uint16_t port)
    : port_(port) {}

protected:
  /// `start` is given a completion handler; the result is the operation's error.
  template <class Start>
  beast::error_code run(Start start) {
    beast::error_code outcome = asio::error::timed_out;
    bool done = false;
    start([&](beast::error_code problem, auto&&...) {
      outcome = problem;
      done = true;
    });
    context_.restart();
    auto end = std::chrono::steady_clock::now() + patience;
    while (!done && context_.run_one_until(end) != 0) {
    }
    if (!done)
      FAIL("the server did not answer in time");
    return outcome;
  }

  [[nodiscard]] asio::ip::tcp::endpoint server() const {
    return {asio::ip::address_v4::loopback(), port_};
  }

  std::uint16_t port_;
  asio::io_context context_;
};

/// An HTTP/1.1 client of one connection.
class http_client : public blocking {
public:
  using response = http::response<http::string_body>;

  explicit http_client(std::uint16_t port)
    : http_client(port, unconnected{}) {
    connect();
  }

  /// One that has its descriptor, but is not connected yet.
  struct unconnected {};
  http_client(std::uint16_t port, unconnected)
    : blocking(port)
    , socket_(context_, asio::ip::tcp::v4()) {}

  void connect() {
    auto problem = run([&](auto done) { socket_.async_connect(server(), done); });
    REQUIRE(!problem);
  }

  void send(std::string_view bytes) {
    run([&](auto done) { asio::async_write(socket_, asio::buffer(bytes), done); });
  }

  /// The next answer; `head` when it is one to HEAD.
  response receive(bool head = false) {
    http::response_parser<http::string_body> parser;
    parser.skip(head);
    auto problem = run([&](auto done) { http::async_read(socket_, buffer_, parser, done); });
    INFO(problem.message());
    REQUIRE(!problem);
    return parser.release();
  }

  response request(std::string_view method, std::string_view target, std::string_view body = {},
                   const headers& more = {}) {
    std::string text{method};
    text += " ";
    text += target;
    text += " HTTP/1.1\r\nHost: localhost\r\n";
    for (auto& [name, value] : more)
      text += name + ": " + value + "\r\n";
    if (!body.empty())
      text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    text += "\r\n";
    text += body;
    send(text);
    return receive(method == "HEAD");
  }

  /// Whether the server has closed the connection and sent nothing more.
  bool closed() {
    char byte;
    auto problem = run([&](auto done) { socket_.async_read_some(asio::buffer(&byte, 1), done); });
    return problem == asio::error::eof || problem == asio::error::connection_reset;
  }

  /// Reads whatever comes until the server has closed.
  bool ends() {
    std::array<char, 1024> bytes;
    for (;;)
      if (run([&](auto done) { socket_.async_read_some(asio::buffer(bytes), done); }))
        return true;
  }

  /// Closes without a word.
  void drop() { socket_.close(); }

private:
  asio::ip::tcp::socket socket_;
  beast::flat_buffer buffer_;
};

/// A WebSocket client that speaks Engine.IO packets as text.
class socket_client : public blocking {
public:
  static constexpr std::string_view path = "/socket.io/?EIO=4&transport=websocket";

  explicit socket_client(std::uint16_t port, std::string target = std::string{path},
                         const headers& more = {})
    : blocking(port)
    , stream_(context_) {
    REQUIRE(!run([&](auto done) { stream_.next_layer().async_connect(server(), done); }));
    stream_.set_option(
        beast::websocket::stream_base::decorator([more](beast::websocket::request_type& request) {
          for (auto& [name, value] : more)
            request.set(name, value);
        }));
    stream_.read_message_max(16 * 1024 * 1024);
    handshake_ = run([&](auto done) { stream_.async_handshake("localhost", target, done); });
  }

  [[nodiscard]] beast::error_code handshake() const { return handshake_; }

  void send(std::string_view text) { write(text, true); }
  void send_binary(std::string_view bytes) { write(bytes, false); }

  /// The next message.
  std::string read() {
    beast::flat_buffer buffer;
    auto problem = run([&](auto done) { stream_.async_read(buffer, done); });
    INFO(problem.message());
    REQUIRE(!problem);
    return beast::buffers_to_string(buffer.data());
  }

  /// The next message that is no ping; pings are answered.
  std::string next() {
    for (;;) {
      auto text = read();
      if (text != "2")
        return text;
      send("3");
    }
  }

  /// Reads until the server closes and returns the close code; 0 when there was none.
  std::uint16_t read_close() {
    for (;;) {
      beast::flat_buffer buffer;
      auto problem = run([&](auto done) { stream_.async_read(buffer, done); });
      if (problem == beast::websocket::error::closed)
        return stream_.reason().code;
      if (problem)
        return 0;
      last_ = beast::buffers_to_string(buffer.data());
    }
  }

  /// The last message that `read_close` passed over.
  [[nodiscard]] const std::string& last() const { return last_; }

  /// Closes as browsers do.
  void close() {
    run([&](auto done) { stream_.async_close(beast::websocket::close_code::normal, done); });
  }

  /// Vanishes without a word.
  void drop() { stream_.next_layer().close(); }

  asio::ip::tcp::socket& socket() { return stream_.next_layer(); }

private:
  void write(std::string_view bytes, bool text) {
    stream_.text(text);
    auto problem = run([&](auto done) { stream_.async_write(asio::buffer(bytes), done); });
    INFO(problem.message());
    REQUIRE(!problem);
  }

  beast::websocket::stream<asio::ip::tcp::socket> stream_;
  beast::error_code handshake_;
  std::string last_;
};

} // namespace carillon::net::test
