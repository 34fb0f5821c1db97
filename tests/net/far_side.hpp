#pragma once

#include "tests/catch.hpp"
#include "tests/net/authority.hpp"
#include "tests/net/fake_sink.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <utility>
#include <vector>

namespace carillon::net::test {

/// An HTTPS server that does with one connection after the other what a test says, on a thread of
/// its own.
class far_side {
public:
  using tcp = boost::asio::ip::tcp;

  /// A connection that was accepted. Everything blocks, at most for `patience`.
  class connection {
  public:
    connection(tcp::socket socket, boost::asio::ssl::context& tls)
      : stream_(std::move(socket), tls) {
      timeval wait{patience.count(), 0};
      ::setsockopt(stream_.next_layer().native_handle(), SOL_SOCKET, SO_RCVTIMEO, &wait,
                   sizeof wait);
    }

    /// Whether the client took the certificate.
    bool shake_hands() {
      boost::system::error_code problem;
      stream_.handshake(boost::asio::ssl::stream_base::server, problem);
      return !problem;
    }

    /// The next request: its head, an empty line, its body. Empty when there is none.
    std::string read() {
      for (;;) {
        auto end = bytes_.find("\r\n\r\n");
        if (end != std::string::npos && bytes_.size() >= end + 4 + length_in(bytes_.substr(0, end)))
          return std::exchange(bytes_, {});
        std::string more(4096, ' ');
        boost::system::error_code problem;
        more.resize(stream_.read_some(boost::asio::buffer(more), problem));
        if (problem)
          return {};
        bytes_ += more;
      }
    }

    void write(std::string_view bytes) {
      boost::system::error_code gone;
      boost::asio::write(stream_, boost::asio::buffer(bytes), gone);
    }

    void answer(std::string_view status_and_headers, std::string_view body) {
      write("HTTP/1.1 " + std::string{status_and_headers} + "\r\ncontent-length: "
            + std::to_string(body.size()) + "\r\n\r\n" + std::string{body});
    }

    /// Waits until the client has gone.
    void hang() {
      char byte;
      boost::system::error_code gone;
      while (!gone)
        stream_.next_layer().read_some(boost::asio::buffer(&byte, 1), gone);
    }

  private:
    static std::size_t length_in(const std::string& head) {
      constexpr std::string_view name = "\r\ncontent-length: ";
      auto at = head.find(name);
      return at == std::string::npos ? 0 : std::stoul(head.substr(at + name.size()));
    }

    boost::asio::ssl::stream<tcp::socket> stream_;
    std::string bytes_;
  };

  using script = std::function<void(connection&)>;

  /// Accepts as many connections as there are `scripts`, with `with` as certificate.
  far_side(const authority::files& with, std::vector<script> scripts)
    : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}) {
    tls_.use_certificate_chain_file(with.chain);
    tls_.use_private_key_file(with.key, boost::asio::ssl::context::pem);
    thread_ = std::thread{[this, todo = std::move(scripts)] {
      for (const auto& one : todo) {
        boost::system::error_code stopped;
        tcp::socket socket{io_};
        acceptor_.accept(socket, stopped);
        if (stopped)
          return;
        connection with_client{std::move(socket), tls_};
        one(with_client);
      }
    }};
  }
  ~far_side() {
    // Closing alone would not wake who accepts.
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
  }

  [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  [[nodiscard]] std::string url(const std::string& host = "localhost") const {
    return "https://" + host + ":" + std::to_string(port());
  }

private:
  boost::asio::io_context io_;
  boost::asio::ssl::context tls_{boost::asio::ssl::context::tls_server};
  tcp::acceptor acceptor_;
  std::thread thread_;
};

} // namespace carillon::net::test
