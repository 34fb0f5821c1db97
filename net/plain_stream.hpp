#pragma once

#include "net/stream.hpp"

#include <array>
#include <memory>
#include <optional>

namespace carillon::net {

/// What is read and thrown away at the end of a connection, so that the client gets to read why it
/// ended: closing with unread data resets the connection, and takes the last frame with it.
inline constexpr std::size_t drain_limit = 16 * 1024 * 1024;

/// An unencrypted connection.
class plain_stream : public tcp_socket {
public:
  explicit plain_stream(tcp_socket&& socket)
    : tcp_socket(std::move(socket)) {}
};

/// Moves a connection with no operation under way to another thread; nothing when the system does
/// not let it.
[[nodiscard]] inline std::optional<tcp_socket> rehome_socket(tcp_socket&& socket,
                                                             const io_executor& to) {
  boost::system::error_code problem;
  auto protocol = socket.local_endpoint(problem).protocol();
  tcp_socket moved{to};
  if (!problem) {
    auto handle = socket.release(problem);
    if (!problem)
      moved.assign(protocol, handle, problem);
  }
  return problem ? std::nullopt : std::optional{std::move(moved)};
}

[[nodiscard]] inline std::optional<plain_stream> rehome(plain_stream&& stream,
                                                        const io_executor& to) {
  if (stream.get_executor() == to)
    return std::move(stream);
  auto moved = rehome_socket(std::move(stream), to);
  return moved ? std::optional{plain_stream{std::move(*moved)}} : std::nullopt;
}

/// Reads until the peer has closed or `drain_limit` is reached, then calls `done(error_code)`. The
/// caller keeps `socket` alive and bounds the time.
template <class Done>
void drain(tcp_socket& socket, Done done) {
  struct operation {
    tcp_socket& socket;
    Done done;
    std::unique_ptr<std::array<char, 4096>> waste = std::make_unique<std::array<char, 4096>>();
    std::size_t size = 0;

    void go_on() {
      auto& into = *waste;
      socket.async_read_some(boost::asio::buffer(into), std::move(*this));
    }
    void operator()(const boost::system::error_code& problem, std::size_t more) {
      size += more;
      if (problem || size > drain_limit)
        return done(boost::system::error_code{});
      go_on();
    }
  };
  operation{socket, std::move(done)}.go_on();
}

/// Ends the connection so that the peer gets to read everything.
template <class Handler>
void say_goodbye(plain_stream& stream, Handler handler) {
  boost::system::error_code ignored; // the peer may be gone already
  stream.shutdown(tcp_socket::shutdown_send, ignored);
  drain(stream, std::move(handler));
}

} // namespace carillon::net
