#pragma once

#include "tests/catch.hpp"
#include "tests/net/fake_sink.hpp"
#include "tests/net/frames.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace carillon::net::test {

/// A blocking TCP socket, which gives up after `patience`.
class raw_socket {
public:
  explicit raw_socket(int handle)
    : handle_(handle) {
    timeval wait{patience.count(), 0};
    ::setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    ::setsockopt(handle_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  }
  raw_socket(raw_socket&& from) noexcept
    : handle_(std::exchange(from.handle_, -1)) {}
  ~raw_socket() { close(); }

  /// One that is connected to `port` of this machine.
  static raw_socket connected(std::uint16_t port) {
    raw_socket made{::socket(AF_INET, SOCK_STREAM, 0)};
    auto to = loopback(port);
    REQUIRE(::connect(made.handle_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0);
    return made;
  }

  /// Two that are connected with each other. The system's buffers are small enough to be
  /// filled and large enough to be quick.
  static std::pair<raw_socket, raw_socket> pair() {
    raw_socket listening{::socket(AF_INET, SOCK_STREAM, 0)};
    listening.bound();
    auto at = loopback(0);
    socklen_t size = sizeof at;
    auto* address = reinterpret_cast<sockaddr*>(&at);
    REQUIRE(::bind(listening.handle_, address, size) == 0);
    REQUIRE(::listen(listening.handle_, 1) == 0);
    REQUIRE(::getsockname(listening.handle_, address, &size) == 0);
    raw_socket one{::socket(AF_INET, SOCK_STREAM, 0)};
    one.bound();
    REQUIRE(::connect(one.handle_, address, size) == 0);
    raw_socket other{::accept(listening.handle_, nullptr, nullptr)};
    REQUIRE(other.handle_ >= 0);
    return {std::move(one), std::move(other)};
  }

  /// Two that hold much of what is not read yet.
  static std::pair<raw_socket, raw_socket> deep_pair() {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    int size = 1 << 20; // the system makes it what it allows
    for (auto end : ends)
      ::setsockopt(end, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    return {raw_socket{ends[0]}, raw_socket{ends[1]}};
  }

  /// Sends as much of `bytes` as the system holds, and returns how much that is.
  std::size_t send_some(std::string_view bytes) {
    std::size_t all = 0;
    while (all < bytes.size()) {
      auto part = bytes.substr(all, 8192);
      auto sent = ::send(handle_, part.data(), part.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent <= 0)
        break;
      all += static_cast<std::size_t>(sent);
    }
    return all;
  }

  /// False when the peer takes no more.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      auto sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0)
        return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// The next bytes that come, at most `most`; none at the end, or when it is broken.
  std::string receive(std::size_t most = 65536) {
    std::string bytes(most, ' ');
    auto size = ::recv(handle_, bytes.data(), bytes.size(), 0);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
      FAIL("nothing came in time");
    bytes.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return bytes;
  }

  /// All that comes until `size` bytes are there, or the end.
  std::string receive_all(std::size_t size = std::string::npos) {
    std::string all;
    while (all.size() < size) {
      auto more = receive(std::min<std::size_t>(size - all.size(), 65536));
      if (more.empty())
        break;
      all += more;
    }
    return all;
  }

  /// The frames that come, up to the end or `count`.
  std::vector<server_frame> frames(std::size_t count = std::string::npos) {
    std::vector<server_frame> all;
    for (;;) {
      std::string_view left{rest_};
      for (server_frame one; all.size() < count && take_frame(left, one);)
        all.push_back(one);
      rest_.erase(0, rest_.size() - left.size());
      auto more = all.size() < count ? receive() : std::string{};
      if (more.empty())
        return all;
      rest_ += more;
    }
  }

  /// Says that no more comes.
  void end() { ::shutdown(handle_, SHUT_WR); }

  /// Closes with a reset.
  void reset() {
    linger how{1, 0};
    ::setsockopt(handle_, SOL_SOCKET, SO_LINGER, &how, sizeof how);
    close();
  }

  void close() {
    if (handle_ >= 0)
      ::close(std::exchange(handle_, -1));
  }

  [[nodiscard]] int handle() const { return handle_; }
  int release() { return std::exchange(handle_, -1); }

private:
  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
  }

  void bound() {
    int size = 64 * 1024;
    ::setsockopt(handle_, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    ::setsockopt(handle_, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  }

  int handle_;
  std::string rest_; ///< behind the last frame
};

} // namespace carillon::net::test
