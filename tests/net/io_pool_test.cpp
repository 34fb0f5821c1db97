#include "config/log.hpp"
#include "net/io_pool.hpp"
#include "tests/catch.hpp"

#include <boost/asio/io_context.hpp>

#include <future>
#include <stdexcept>
#include <vector>

using namespace carillon;
using net::io_pool;

namespace {

constexpr std::chrono::seconds patience{10};

/// Runs `work` on thread `index` and waits for its result.
template <class Work>
auto on_thread(io_pool& pool, std::size_t index, Work work) {
  auto task = std::make_shared<std::packaged_task<decltype(work())()>>(std::move(work));
  auto future = task->get_future();
  pool.post(index, [task] { (*task)(); });
  REQUIRE(future.wait_for(patience) == std::future_status::ready);
  return future.get();
}

} // namespace

TEST_CASE("each thread of a pool knows its index and others know none") {
  io_pool pool{3};
  io_pool other{1};
  pool.start();
  CHECK(pool.size() == 3);
  CHECK(pool.current() == std::nullopt);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(on_thread(pool, i, [&] { return pool.current(); }) == i);
    CHECK(on_thread(pool, i, [&] { return other.current(); }) == std::nullopt);
  }
}

TEST_CASE("a pool has at least one thread") {
  io_pool pool{0};
  CHECK(pool.size() == 1);
}

TEST_CASE("deferred work runs after the current handler, in order") {
  io_pool pool{1};
  pool.start();
  std::vector<int> order;
  std::promise<void> last;
  auto done = last.get_future();
  pool.post(0, [&] {
    pool.defer(0, [&] { order.push_back(2); });
    pool.defer(0, [&] {
      order.push_back(3);
      last.set_value();
    });
    order.push_back(1);
  });
  REQUIRE(done.wait_for(patience) == std::future_status::ready);
  CHECK(order == std::vector{1, 2, 3});
}

TEST_CASE("an alarm replaces the one before it") {
  io_pool pool{1};
  pool.start();
  auto rang = std::make_shared<std::promise<int>>();
  auto result = rang->get_future();
  on_thread(pool, 0, [&] {
    auto now = io_threads::monotonic::now();
    pool.wake_at(0, now, [rang] { rang->set_value(1); });
    pool.wake_at(0, now, [rang] { rang->set_value(2); });
    return true;
  });
  REQUIRE(result.wait_for(patience) == std::future_status::ready);
  CHECK(result.get() == 2);
}

TEST_CASE("an alarm may set the next one") {
  io_pool pool{1};
  pool.start();
  std::promise<int> rang;
  auto result = rang.get_future();
  on_thread(pool, 0, [&] {
    pool.wake_at(0, io_threads::monotonic::now(), [&] {
      pool.wake_at(0, io_threads::monotonic::now(), [&] { rang.set_value(2); });
    });
    return true;
  });
  REQUIRE(result.wait_for(patience) == std::future_status::ready);
  CHECK(result.get() == 2);
}

TEST_CASE("an exception in a handler does not end its thread") {
  log::set_level(log::level::off);
  io_pool pool{1};
  pool.start();
  pool.post(0, [] { throw std::runtime_error{"of a test"}; });
  pool.post(0, [] { throw 7; });
  CHECK(on_thread(pool, 0, [] { return 5; }) == 5);
}

TEST_CASE("work that is posted before the start runs after it") {
  io_pool pool{2};
  std::promise<void> ran;
  auto result = ran.get_future();
  pool.post(1, [&] { ran.set_value(); });
  CHECK(result.wait_for(std::chrono::seconds{0}) == std::future_status::timeout);
  pool.start();
  CHECK(result.wait_for(patience) == std::future_status::ready);
}

TEST_CASE("stopping twice, and a pool that never ran, is fine") {
  io_pool idle{2};
  idle.stop();
  io_pool pool{2};
  pool.start();
  pool.stop();
  pool.stop();
  CHECK(pool.context(0).stopped());
}
