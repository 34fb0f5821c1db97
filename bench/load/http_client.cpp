#include "bench/load/http_client.hpp"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace carillon::load {

namespace {

std::string describe_errno(std::string_view what) {
  return std::string{what} + ": " + std::strerror(errno);
}

} // namespace

std::optional<http_answer> read_answer(std::string_view text) {
  constexpr std::string_view version = "HTTP/1.1 ";
  auto head = text.find("\r\n\r\n");
  if (!text.starts_with(version) || head == std::string_view::npos)
    return std::nullopt;
  http_answer answer;
  auto digits = text.substr(version.size(), 3);
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), answer.status);
  if (error != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  answer.body = text.substr(head + 4);
  // As this server spells it; an answer without a length has no body that could be cut short.
  constexpr std::string_view length = "\r\nContent-Length: ";
  if (auto at = text.substr(0, head).find(length); at != std::string_view::npos) {
    auto rest = text.substr(at + length.size());
    std::size_t size = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), size);
    if (answer.body.size() != size)
      return std::nullopt;
  }
  return answer;
}

http_client::~http_client() { close(); }

void http_client::close() {
  if (fd_ >= 0)
    ::close(fd_);
  fd_ = -1;
}

void http_client::post(const endpoint& server, std::string_view path, std::string_view token,
                       std::string_view body) {
  inbox_.clear();
  outbox_ = "POST ";
  outbox_ += path;
  outbox_ += " HTTP/1.1\r\nHost: " + server.host + "\r\nAuthorization: Bearer ";
  outbox_ += token;
  outbox_ += "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
             + std::to_string(body.size()) + "\r\n\r\n";
  outbox_ += body;
  fd_ = ::socket(server.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd_ < 0)
    return lose(describe_errno("socket"));
  auto code = ::connect(fd_, reinterpret_cast<const sockaddr*>(&server.address), server.length);
  if (code != 0 && errno != EINPROGRESS)
    return lose(describe_errno("connect"));
  poller_.add(fd_, EPOLLIN | EPOLLOUT, *this);
}

void http_client::lose(const std::string& why) {
  close();
  owner_.on_no_answer("HTTP " + why);
}

void http_client::on_ready(std::uint32_t events) {
  if (fd_ >= 0 && (events & EPOLLOUT) != 0 && !outbox_.empty())
    flush();
  if (fd_ >= 0 && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
    read();
}

void http_client::flush() {
  auto sent = ::send(fd_, outbox_.data(), outbox_.size(), MSG_NOSIGNAL);
  if (sent < 0) {
    if (errno != EAGAIN && errno != EWOULDBLOCK)
      lose(describe_errno("send"));
    return;
  }
  outbox_.erase(0, static_cast<std::size_t>(sent));
  if (outbox_.empty())
    poller_.change(fd_, EPOLLIN, *this);
}

void http_client::read() {
  auto& scratch = poller_.scratch();
  auto got = ::recv(fd_, scratch.data(), scratch.size(), 0);
  if (got < 0) {
    if (errno != EAGAIN && errno != EWOULDBLOCK)
      lose(describe_errno("recv"));
    return;
  }
  if (got > 0) {
    inbox_.append(scratch.data(), static_cast<std::size_t>(got));
    return;
  }
  close();
  // From a local: the owner may begin the next request.
  auto whole = std::move(inbox_);
  if (auto answer = read_answer(whole))
    owner_.on_answer(*answer);
  else
    owner_.on_no_answer("HTTP answer cut short");
}

} // namespace carillon::load
