#include "net/io_pool.hpp"

#include "config/log.hpp"
#include "net/pump.hpp"

#include <boost/asio/defer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <pthread.h>

#include <string>
#include <thread>

namespace asio = boost::asio;

namespace carillon::net {

namespace {

/// Which pool's thread this is, if any. Two pools live side by side only in tests.
struct place {
  const io_pool* pool = nullptr;
  std::size_t index = 0;
};

thread_local place here;

} // namespace

struct io_pool::thread_state {
  // With the hint 1 Asio keeps all its locks, so posts from other threads are safe; it only skips
  // waking threads that do not exist.
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
  asio::steady_timer alarm{context};
  pump sockets{context};
  job on_alarm;
  std::uint64_t alarms = 0; ///< how often the alarm was set: tells a stale one that already left
  std::thread thread;

  void run(std::size_t index) noexcept {
    for (;;) {
      try {
        context.run();
        return;
      } catch (const std::exception& problem) {
        log::error("handler_failed", {{"thread", index}, {"error", problem.what()}});
      } catch (...) {
        log::error("handler_failed", {{"thread", index}, {"error", "unknown exception"}});
      }
    }
  }
};

io_pool::io_pool(std::size_t threads) {
  threads_.reserve(threads == 0 ? 1 : threads);
  do
    threads_.push_back(std::make_unique<thread_state>());
  while (threads_.size() < threads);
}

io_pool::~io_pool() { stop(); }

void io_pool::start() {
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    auto& state = *threads_[i];
    state.thread = std::thread{[this, &state, i] {
      here = {this, i};
      state.sockets.settle_here();
      state.run(i);
      pump::leave();
      here = {};
    }};
    pthread_setname_np(state.thread.native_handle(), ("io-" + std::to_string(i)).c_str());
  }
}

void io_pool::stop() {
  for (auto& state : threads_)
    state->context.stop();
  for (auto& state : threads_)
    if (state->thread.joinable())
      state->thread.join();
}

relay_reading io_pool::relay_latency() const noexcept {
  relay_reading all;
  for (const auto& state : threads_)
    all += state->sockets.relay_latency();
  return all;
}

asio::io_context& io_pool::context(std::size_t index) noexcept { return threads_[index]->context; }

std::size_t io_pool::size() const noexcept { return threads_.size(); }

std::optional<std::size_t> io_pool::current() const noexcept {
  if (here.pool != this)
    return std::nullopt;
  return here.index;
}

void io_pool::post(std::size_t index, job work) {
  asio::post(threads_[index]->context, std::move(work));
}

void io_pool::defer(std::size_t index, job work) {
  asio::defer(threads_[index]->context, std::move(work));
}

void io_pool::wake_at(std::size_t index, monotonic::time_point when, job work) {
  auto& state = *threads_[index];
  state.on_alarm = std::move(work);
  auto mine = ++state.alarms;
  state.alarm.expires_at(when);
  state.alarm.async_wait([&state, mine](const boost::system::error_code& problem) {
    if (problem || mine != state.alarms)
      return;
    // The job may set the next alarm.
    auto due = std::move(state.on_alarm);
    state.on_alarm = nullptr;
    if (due)
      due();
  });
}

} // namespace carillon::net
