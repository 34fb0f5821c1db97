#pragma once

#include "net/io_pool.hpp"
#include "net/stream.hpp"
#include "protocol/result.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace carillon::net {

/// Accepts connections on one address and spreads them over the threads of a pool, in turn. Works
/// on the pool's first thread; kept alive by its own operations until `stop`.
class listener : public std::enable_shared_from_this<listener> {
public:
  /// Takes an accepted socket, on the thread that the socket belongs to.
  using taker = std::function<void(tcp_socket)>;

  listener(io_pool& pool, taker take);

  /// Binds and listens; port 0 is any free one. The failure names the address.
  [[nodiscard]] status open(const std::string& host, std::uint16_t port);

  /// Begins to accept.
  void start();

  /// Stops to accept; thread-safe.
  void stop();

  /// The bound port, once open.
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  /// How often accepting has failed; thread-safe.
  [[nodiscard]] std::uint64_t failures() const noexcept { return failures_.load(); }

private:
  using acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, io_executor>;

  void accept();
  void on_accepted(const boost::system::error_code& problem, tcp_socket socket, std::size_t thread);
  void rest();

  io_pool& pool_;
  taker take_;
  acceptor acceptor_;
  io_timer timer_;
  std::atomic<std::uint64_t> failures_{0};
  std::size_t next_ = 0;
  std::uint16_t port_ = 0;
};

} // namespace carillon::net
