#include "net/registry.hpp"

#include "config/log.hpp"
#include "net/stream.hpp"

#include <boost/asio/post.hpp>

namespace asio = boost::asio;

namespace carillon::net {

registry::registry(io_pool& pool)
  : pool_(pool)
  , lists_(pool.size()) {}

bool registry::add(registered& connection) noexcept {
  if (stopping_.load())
    return false;
  lists_[pool_.current().value_or(0)].push_back(connection);
  live_.fetch_add(1);
  holds_.fetch_add(1);
  return true;
}

void registry::remove(registered& connection) noexcept {
  if (!connection.is_linked())
    return;
  connection.unlink();
  live_.fetch_sub(1);
  release();
}

void registry::release() noexcept {
  if (holds_.fetch_sub(1) == 1)
    finish();
}

void registry::finish() noexcept {
  try {
    std::lock_guard guard{lock_};
    finished_ = true;
    // Who waits may wait for things that need this thread, and this may be under any handler.
    for (auto& done : waiting_)
      asio::post(pool_.context(0), std::move(done));
    waiting_.clear();
  } catch (const std::exception& problem) {
    log::error("stop_failed", {{"error", problem.what()}});
  }
}

template <class Visit>
void registry::visit(std::size_t thread, Visit what) {
  asio::post(pool_.context(thread), [self = shared_from_this(), thread, what] {
    // A visit may take the connection out of the list.
    for (auto it = self->lists_[thread].begin(); it != self->lists_[thread].end();) {
      auto& connection = *it++;
      what(connection);
    }
    self->release();
  });
}

void registry::stop(std::chrono::milliseconds patience, std::function<void()> done) {
  {
    std::lock_guard guard{lock_};
    waiting_.push_back(std::move(done));
  }
  if (stopping_.exchange(true)) {
    if (holds_.load() == 0)
      finish();
    return;
  }
  holds_.fetch_add(pool_.size());
  for (std::size_t i = 0; i < pool_.size(); ++i)
    visit(i, [](registered& connection) { connection.shut_down(); });
  release(); // the server's own hold

  auto timer = std::make_shared<io_timer>(pool_.context(0), patience);
  timer->async_wait([self = weak_from_this(), timer](const boost::system::error_code& problem) {
    if (auto alive = self.lock(); alive && !problem)
      alive->cut_off();
  });
}

void registry::cut_off() {
  {
    std::lock_guard guard{lock_};
    if (finished_)
      return;
  }
  log::warn("connections_cut_off", {{"count", live()}});
  holds_.fetch_add(pool_.size());
  for (std::size_t i = 0; i < pool_.size(); ++i)
    visit(i, [](registered& connection) { connection.abort(); });
  finish();
}

} // namespace carillon::net
