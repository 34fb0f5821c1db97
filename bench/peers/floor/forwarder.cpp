#include "bench/peers/floor/forwarder.hpp"

#include "bench/peers/floor/handshake.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace carillon::floor {

namespace {

constexpr std::size_t read_bytes = 256 * 1024;
constexpr std::size_t max_head = 8192;
// Past this the sender is not read any more until its peer has taken what waits.
constexpr std::size_t max_waiting = 1024 * 1024;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

} // namespace

forwarder::forwarder(std::uint16_t port)
  : in_(max_payload + max_server_header + 4 + read_bytes)
  // A server's frame is shorter than the client's that it is made from.
  , out_(in_.size()) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (listener_ < 0 || epoll_ < 0)
    fail("socket");
  int yes = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_port = htons(port);
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0)
    fail("bind");
  if (::listen(listener_, SOMAXCONN) != 0)
    fail("listen");
  epoll_event event{};
  event.events = EPOLLIN;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event) != 0)
    fail("epoll_ctl");
}

forwarder::~forwarder() {
  for (auto& each : connections_)
    ::close(each.first->fd);
  ::close(epoll_);
  ::close(listener_);
}

std::uint16_t forwarder::port() const {
  sockaddr_in here{};
  socklen_t size = sizeof here;
  if (::getsockname(listener_, reinterpret_cast<sockaddr*>(&here), &size) != 0)
    fail("getsockname");
  return ntohs(here.sin_port);
}

void forwarder::serve_once(int timeout_ms) {
  std::array<epoll_event, 256> events;
  auto count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout_ms);
  if (count < 0 && errno != EINTR)
    fail("epoll_wait");
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    if (event.data.ptr == nullptr)
      accept_all();
    else
      on_events(*static_cast<connection*>(event.data.ptr), event.events);
  }
  closed_.clear();
}

void forwarder::accept_all() {
  for (;;) {
    auto fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0 && would_block())
      return;
    if (fd < 0)
      fail("accept4"); // out of descriptors: a measurement would be worth nothing
    int yes = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    auto who = std::make_unique<connection>();
    who->fd = fd;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = who.get();
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) != 0)
      fail("epoll_ctl");
    auto* key = who.get();
    connections_.emplace(key, std::move(who));
  }
}

void forwarder::on_events(connection& who, std::uint32_t events) {
  if (who.fd >= 0 && (events & EPOLLOUT) != 0)
    flush(who);
  if (who.fd >= 0 && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
    read(who);
}

void forwarder::read(connection& who) {
  auto kept = who.inbox.size();
  std::memcpy(in_.data(), who.inbox.data(), kept);
  auto got = ::recv(who.fd, in_.data() + kept, read_bytes, 0);
  if (got <= 0) {
    if (got == 0 || !would_block())
      close(who);
    return;
  }
  std::string_view input{in_.data(), kept + static_cast<std::size_t>(got)};
  if (!who.open)
    input.remove_prefix(open(who, input));
  if (who.open)
    input.remove_prefix(forward(who, input));
  if (who.fd >= 0)
    who.inbox.assign(input);
}

std::size_t forwarder::open(connection& who, std::string_view input) {
  auto end = input.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    if (input.size() > max_head)
      close(who);
    return 0;
  }
  auto asked = parse_upgrade(input.substr(0, end));
  if (!asked) {
    send(who, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    close(who);
    return 0;
  }
  who.place = std::uint64_t{asked->pair} * 2 + asked->side;
  if (!places_.try_emplace(who.place, &who).second) {
    send(who, "HTTP/1.1 409 Conflict\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    close(who);
    return 0;
  }
  who.open = true;
  if (auto other = places_.find(who.place ^ 1); other != places_.end()) {
    who.peer = other->second;
    who.peer->peer = &who;
  }
  send(who, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: "
                + accept_value(asked->key) + "\r\n\r\n");
  return end + 4;
}

std::size_t forwarder::forward(connection& who, std::string_view input) {
  auto* end = out_.data();
  std::size_t used = 0;
  while (who.fd >= 0) {
    auto frame = parse_frame(input.substr(used));
    if (frame.what == client_frame::outcome::incomplete)
      break;
    if (frame.what != client_frame::outcome::whole) {
      close(who);
      break;
    }
    used += frame.size;
    if (frame.is_control())
      answer_control(who, frame);
    else
      end = write_frame(end, frame);
  }
  // A message for a side that is not there is lost, as a datagram would be.
  if (end != out_.data() && who.peer != nullptr) {
    send(*who.peer, {out_.data(), static_cast<std::size_t>(end - out_.data())});
    if (who.fd >= 0)
      watch(who);
  }
  return used;
}

void forwarder::answer_control(connection& who, const client_frame& frame) {
  constexpr std::uint8_t close_opcode = 8;
  constexpr std::uint8_t ping_opcode = 9;
  constexpr std::uint8_t pong_opcode = 10;
  if (frame.opcode() == pong_opcode)
    return;
  if (frame.payload.size() >= 126)
    return close(who);
  std::array<char, max_server_header + 126> bytes;
  auto answer = frame;
  if (frame.opcode() == ping_opcode)
    answer.first = 0x80 | pong_opcode;
  auto* end = write_frame(bytes.data(), answer);
  send(who, {bytes.data(), static_cast<std::size_t>(end - bytes.data())});
  if (frame.opcode() == close_opcode && who.fd >= 0)
    close(who);
}

void forwarder::send(connection& to, std::string_view bytes) {
  if (to.outbox.empty()) {
    auto sent = ::send(to.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && !would_block())
      return close(to);
    bytes.remove_prefix(sent < 0 ? 0 : static_cast<std::size_t>(sent));
    if (bytes.empty())
      return;
  }
  to.outbox += bytes;
  watch(to);
}

void forwarder::flush(connection& who) {
  auto sent = ::send(who.fd, who.outbox.data(), who.outbox.size(), MSG_NOSIGNAL);
  if (sent < 0) {
    if (!would_block())
      close(who);
    return;
  }
  who.outbox.erase(0, static_cast<std::size_t>(sent));
  watch(who);
  if (who.peer != nullptr)
    watch(*who.peer);
}

void forwarder::watch(connection& who) {
  auto reads = who.peer == nullptr || who.peer->outbox.size() < max_waiting;
  auto writes = !who.outbox.empty();
  if (reads == who.reads && writes == who.writes)
    return;
  who.reads = reads;
  who.writes = writes;
  epoll_event event{};
  event.events = (reads ? EPOLLIN : 0U) | (writes ? EPOLLOUT : 0U);
  event.data.ptr = &who;
  if (::epoll_ctl(epoll_, EPOLL_CTL_MOD, who.fd, &event) != 0)
    fail("epoll_ctl");
}

void forwarder::close(connection& who) {
  if (who.fd < 0)
    return;
  ::close(who.fd);
  who.fd = -1;
  if (who.peer != nullptr) {
    who.peer->peer = nullptr;
    watch(*who.peer);
  }
  who.peer = nullptr;
  if (auto at = places_.find(who.place); at != places_.end() && at->second == &who)
    places_.erase(at);
  auto owned = connections_.find(&who);
  closed_.push_back(std::move(owned->second));
  connections_.erase(owned);
}

} // namespace carillon::floor
