#include "config/log.hpp"
#include "net/listener.hpp"
#include "tests/net/clients.hpp"

#include <future>
#include <mutex>
#include <set>

#include <sys/resource.h>
#include <unistd.h>

using namespace carillon;
using namespace carillon::net::test;

namespace {

/// A listener that greets whoever comes and notes on which thread.
struct fixture {
  net::io_pool pool{3};
  std::mutex lock;
  std::multiset<std::size_t> threads;
  std::shared_ptr<net::listener> door =
      std::make_shared<net::listener>(pool, [this](net::tcp_socket socket) {
        {
          std::lock_guard guard{lock};
          threads.insert(pool.current().value());
        }
        socket.send(asio::buffer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 38));
      });

  std::uint16_t start() {
    log::set_level(log::level::off);
    pool.start();
    REQUIRE(door->open("127.0.0.1", 0).ok());
    door->start();
    return door->port();
  }
  /// Waits until the first thread, which accepts, has got to what is posted now.
  void round_trip() {
    auto passed = std::make_shared<std::promise<void>>();
    auto done = passed->get_future();
    pool.post(0, [passed] { passed->set_value(); });
    REQUIRE(done.wait_for(patience) == std::future_status::ready);
  }
  ~fixture() {
    door->stop();
    pool.stop();
  }
};

/// Leaves this process no file descriptor more than it has, until its end.
class no_more_files {
public:
  no_more_files() {
    getrlimit(RLIMIT_NOFILE, &before_);
    auto next = dup(0);
    close(next);
    auto now = before_;
    now.rlim_cur = static_cast<rlim_t>(next);
    REQUIRE(setrlimit(RLIMIT_NOFILE, &now) == 0);
  }
  ~no_more_files() { setrlimit(RLIMIT_NOFILE, &before_); }
  no_more_files(const no_more_files&) = delete;
  no_more_files& operator=(const no_more_files&) = delete;

private:
  rlimit before_;
};

} // namespace

TEST_CASE("connections are spread evenly over the threads, each on its own") {
  fixture f;
  auto port = f.start();
  for (int i = 0; i < 9; ++i) {
    http_client client{port};
    CHECK(client.receive().result_int() == 200);
  }
  std::lock_guard guard{f.lock};
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(f.threads.count(i) == 3);
}

TEST_CASE("without descriptors accepting rests instead of spinning, and goes on later") {
  fixture f;
  auto port = f.start();
  http_client early{port, http_client::unconnected{}};
  {
    no_more_files scarcity;
    early.connect();
    auto end = std::chrono::steady_clock::now() + patience;
    while (f.door->failures() == 0 && std::chrono::steady_clock::now() < end)
      f.round_trip();
    REQUIRE(f.door->failures() > 0);
    // A loop that does not rest would fail at each of these.
    for (int i = 0; i < 1000; ++i)
      f.round_trip();
    CHECK(f.door->failures() < 500);
  }
  // The one that waited is served, and so are others.
  CHECK(early.receive().result_int() == 200);
  http_client late{port};
  CHECK(late.receive().result_int() == 200);
}

TEST_CASE("addresses that cannot be bound are refused by name") {
  fixture f;
  auto other = std::make_shared<net::listener>(f.pool, [](net::tcp_socket) {});
  auto refused = other->open("192.0.2.1", 0);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().detail.find("192.0.2.1:0") != std::string::npos);
  CHECK(other->port() == 0);
  CHECK(other->open("localhost", 0).ok());
  CHECK(other->port() != 0);
}
