#include "bench/load/ws_client.hpp"

#include "bench/load/ws_frame.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/epoll.h>
#include <unistd.h>

namespace carillon::load {

namespace {

// Any key will do: it proves that the server speaks WebSocket, and a constant one needs no SHA-1
// here.
constexpr std::string_view handshake_key = "Y2FyaWxsb24tbG9hZC0wMQ==";
constexpr std::string_view handshake_answer = "uHe4u2yFhpGVNud8a1rH/iAPkqg=";

std::string describe_errno(std::string_view what) {
  return std::string{what} + ": " + std::strerror(errno);
}

/// The frame under construction; one thread, so one buffer serves all connections.
std::string& frame_buffer() {
  static std::string buffer;
  buffer.clear();
  return buffer;
}

bool bind_loopback(int fd, unsigned source) {
  int yes = 1;
  ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &yes, sizeof yes);
  sockaddr_in local{};
  local.sin_family = AF_INET;
  local.sin_addr.s_addr = htonl(INADDR_LOOPBACK + source);
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&local), sizeof local) == 0;
}

} // namespace

endpoint endpoint::resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  auto code = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0)
    throw std::runtime_error("cannot resolve " + host + ": " + ::gai_strerror(code));
  std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner{found, ::freeaddrinfo};
  endpoint result;
  std::memcpy(&result.address, found->ai_addr, found->ai_addrlen);
  result.length = found->ai_addrlen;
  result.host = host + ":" + std::to_string(port);
  return result;
}

ws_client::~ws_client() {
  if (fd_ >= 0)
    ::close(fd_);
}

void ws_client::connect(const endpoint& server, std::string_view path, unsigned source) {
  fd_ = ::socket(server.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0)
    return lose(describe_errno("socket"));
  if (source != 0 && !bind_loopback(fd_, source))
    return lose(describe_errno("bind"));
  int yes = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  auto code = ::connect(fd_, reinterpret_cast<const sockaddr*>(&server.address), server.length);
  if (code != 0 && errno != EINPROGRESS)
    return lose(describe_errno("connect"));
  outbox_ = "GET ";
  outbox_ += path;
  outbox_ +=
      " HTTP/1.1\r\nHost: " + server.host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  outbox_ += "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ";
  outbox_ += handshake_key;
  outbox_ += "\r\n\r\n";
  corked_ = true;
  poller_.add(fd_, EPOLLIN | EPOLLOUT, *this);
}

void ws_client::send(std::string_view text) {
  send_frame(static_cast<std::uint8_t>(ws::opcode::text), text);
}

void ws_client::send_frame(std::uint8_t opcode, std::string_view payload) {
  if (!open_)
    return;
  mask_ = mask_ * 1664525 + 1013904223;
  auto& frame = frame_buffer();
  ws::append_frame(frame, static_cast<ws::opcode>(opcode), payload, mask_);
  write(frame);
}

void ws_client::write(std::string_view bytes) {
  if (outbox_.empty()) {
    auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
      return lose(describe_errno("send"));
    bytes.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
  }
  outbox_ += bytes;
  if (!outbox_.empty() && !corked_) {
    corked_ = true;
    poller_.change(fd_, EPOLLIN | EPOLLOUT, *this);
  }
}

void ws_client::flush() {
  auto sent = ::send(fd_, outbox_.data(), outbox_.size(), MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno != EAGAIN && errno != EWOULDBLOCK)
      lose(describe_errno("send"));
    return;
  }
  outbox_.erase(0, static_cast<std::size_t>(sent));
  if (outbox_.empty()) {
    corked_ = false;
    poller_.change(fd_, EPOLLIN, *this);
  }
}

void ws_client::close() {
  if (fd_ < 0)
    return;
  constexpr std::string_view normal{"\x03\xe8", 2}; // 1000, RFC 6455, section 7.4.1
  send_frame(static_cast<std::uint8_t>(ws::opcode::close), normal);
  open_ = false;
  if (fd_ >= 0)
    ::close(fd_);
  fd_ = -1;
}

void ws_client::lose(const std::string& why) {
  open_ = false;
  if (fd_ >= 0)
    ::close(fd_);
  fd_ = -1;
  owner_.on_lost(why);
}

void ws_client::on_ready(std::uint32_t events) {
  if (fd_ < 0)
    return;
  if (!connected_) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
    errno = error;
    if (error != 0)
      return lose(describe_errno("connect"));
    connected_ = (events & EPOLLOUT) != 0;
  }
  if ((events & EPOLLOUT) != 0 && !outbox_.empty())
    flush();
  if (fd_ >= 0 && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
    read();
}

void ws_client::read() {
  auto& scratch = poller_.scratch();
  auto got = ::recv(fd_, scratch.data(), scratch.size(), 0);
  if (got < 0) {
    if (errno != EAGAIN && errno != EWOULDBLOCK)
      lose(describe_errno("recv"));
    return;
  }
  if (got == 0)
    return lose("closed by the server without a close frame");
  std::string_view input{scratch.data(), static_cast<std::size_t>(got)};
  if (!inbox_.empty()) {
    inbox_ += input;
    // Consumed from a local: a callback may lose the connection.
    auto whole = std::move(inbox_);
    inbox_.clear();
    auto used = consume(whole);
    inbox_.assign(whole, used);
    return;
  }
  auto used = consume(input);
  inbox_.assign(input.substr(used));
}

std::size_t ws_client::consume(std::string_view input) {
  std::size_t used = 0;
  if (!open_) {
    used = consume_handshake(input);
    if (used == 0)
      return 0;
  }
  while (fd_ >= 0) {
    auto frame = ws::parse_frame(input.substr(used));
    if (frame.what == ws::parsed_frame::outcome::incomplete)
      break;
    if (frame.what == ws::parsed_frame::outcome::broken) {
      lose("malformed frame from the server");
      break;
    }
    used += frame.size;
    take(static_cast<std::uint8_t>(frame.type), frame.final, frame.payload);
  }
  return used;
}

std::size_t ws_client::consume_handshake(std::string_view input) {
  auto end = input.find("\r\n\r\n");
  if (end == std::string_view::npos)
    return 0;
  auto head = input.substr(0, end);
  if (!head.starts_with("HTTP/1.1 101") || head.find(handshake_answer) == std::string_view::npos) {
    lose("upgrade refused: " + std::string{head.substr(0, head.find('\r'))});
    return 0;
  }
  open_ = true;
  owner_.on_open();
  return end + 4;
}

void ws_client::take(std::uint8_t opcode, bool final, std::string_view payload) {
  switch (static_cast<ws::opcode>(opcode)) {
  case ws::opcode::text:
    if (final)
      return owner_.on_text(payload);
    message_ = payload;
    return;
  case ws::opcode::continuation:
    message_ += payload;
    if (final) {
      auto whole = std::move(message_);
      message_.clear();
      owner_.on_text(whole);
    }
    return;
  case ws::opcode::ping:
    return send_frame(static_cast<std::uint8_t>(ws::opcode::pong), payload);
  case ws::opcode::pong:
    return;
  case ws::opcode::close: {
    auto code = ws::close_code(payload);
    auto reason = payload.size() > 2 ? std::string{payload.substr(2)} : std::string{};
    return lose("closed by the server: " + std::to_string(code) + " " + reason);
  }
  default:
    return lose("unexpected opcode from the server");
  }
}

} // namespace carillon::load
