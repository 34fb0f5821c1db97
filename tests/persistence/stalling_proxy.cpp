#include "tests/persistence/stalling_proxy.hpp"

#include "tests/catch.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace carillon::persistence::test {

namespace {

sockaddr_in local(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int listen_anywhere() {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = local(0);
  REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(listener, 64) == 0);
  return listener;
}

std::string port_of(int listener) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  REQUIRE(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return std::to_string(ntohs(address.sin_port));
}

std::string server_port(const postgres_database& database) {
  return database.value("SELECT coalesce(inet_server_port(), 0)::text");
}

} // namespace

frozen_server::frozen_server()
  : listener_(listen_anywhere()) {}

frozen_server::~frozen_server() { ::close(listener_); }

std::string frozen_server::url() const {
  return "postgresql://me@127.0.0.1:" + port_of(listener_) + "/calls?sslmode=disable";
}

bool stalling_proxy::possible(const postgres_database& database) {
  if (server_port(database) != "0")
    return true;
  WARN("SKIPPED: CARILLON_TEST_POSTGRES is not reached over TCP");
  return false;
}

stalling_proxy::stalling_proxy(const postgres_database& database)
  : server_port_(static_cast<std::uint16_t>(std::stoi(server_port(database))))
  , listener_(listen_anywhere())
  , wake_(::eventfd(0, EFD_CLOEXEC)) {
  // What stands in the query goes before the host and the port at the beginning.
  url_ = database.url() + "&hostaddr=127.0.0.1&sslmode=disable&port=" + port_of(listener_);
  thread_ = std::thread{[this] { run(); }};
}

stalling_proxy::~stalling_proxy() {
  {
    const std::lock_guard lock{mutex_};
    stop_ = true;
  }
  wake();
  thread_.join();
  for (const auto& [client, server] : pairs_) {
    ::close(client);
    ::close(server);
  }
  ::close(listener_);
  ::close(wake_);
}

void stalling_proxy::stall() {
  const std::lock_guard lock{mutex_};
  stalled_ = true;
}

void stalling_proxy::resume() {
  {
    const std::lock_guard lock{mutex_};
    stalled_ = stall_at_query_ = false;
  }
  wake();
}

void stalling_proxy::stall_at_query() {
  const std::lock_guard lock{mutex_};
  stall_at_query_ = true;
}

void stalling_proxy::wake() const { ::eventfd_write(wake_, 1); }

void stalling_proxy::run() {
  bool deaf = false;
  while (true) {
    std::vector<pollfd> waits{{wake_, POLLIN, 0}};
    if (!deaf) {
      waits.push_back({listener_, POLLIN, 0});
      for (const auto& [client, server] : pairs_) {
        waits.push_back({client, POLLIN, 0});
        waits.push_back({server, POLLIN, 0});
      }
    }
    ::poll(waits.data(), waits.size(), -1);
    if (waits[0].revents != 0) {
      eventfd_t ignored = 0;
      ::eventfd_read(wake_, &ignored);
    }
    const std::lock_guard lock{mutex_};
    if (stop_)
      return;
    deaf = stalled_;
    if (deaf || waits.size() == 1)
      continue;
    std::vector<pair> open;
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
      const auto [client, server] = pairs_[i];
      const bool lives = (waits[2 + 2 * i].revents == 0 || carry(client, server, true))
                         && (waits[3 + 2 * i].revents == 0 || carry(server, client, false));
      if (lives) {
        open.push_back(pairs_[i]);
        continue;
      }
      ::close(client);
      ::close(server);
    }
    pairs_ = std::move(open);
    if (waits[1].revents != 0)
      add_pair();
    deaf = stalled_;
  }
}

void stalling_proxy::add_pair() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = local(server_port_);
  if (::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    pairs_.emplace_back(client, server);
    return;
  }
  ::close(client);
  ::close(server);
}

// False when the connection is over.
bool stalling_proxy::carry(int from, int to, bool client) {
  if (stalled_)
    return true;
  std::array<char, 16384> bytes{};
  const auto size = ::recv(from, bytes.data(), bytes.size(), 0);
  if (size <= 0)
    return false;
  if (client && stall_at_query_ && bytes[0] == 'Q') {
    stalled_ = true;
    return true;
  }
  return ::send(to, bytes.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL) == size;
}

bool eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes{2};
  while (!holds()) {
    if (std::chrono::steady_clock::now() > until)
      return false;
    std::this_thread::yield();
  }
  return true;
}

} // namespace carillon::persistence::test
