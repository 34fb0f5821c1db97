#include "persistence/stall_watch.hpp"

#include "persistence/store_error.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace carillon::persistence {

// The thread, and what it looks after.
class stall_watch::lookout {
public:
  // Never destroyed: a connection may be made or closed on another thread while the process ends.
  static lookout& only() {
    static auto* const one = new lookout;
    return *one;
  }

  void add(stall_watch* one) {
    const std::lock_guard lock{mutex_};
    all_.push_back(one);
  }

  void remove(stall_watch* one) {
    const std::lock_guard lock{mutex_};
    std::erase(all_, one);
  }

  void begin(stall_watch& one, time_point deadline) {
    const std::lock_guard lock{mutex_};
    one.deadline_ = deadline;
    one.cut_ = false;
    if (deadline < wakes_)
      sooner_.notify_one();
  }

  bool end(stall_watch& one) {
    const std::lock_guard lock{mutex_};
    one.deadline_ = never;
    return std::exchange(one.cut_, false);
  }

private:
  lookout() {
    std::thread{[this] { look(); }}.detach();
  }

  // It may wake for a deadline that was called off meanwhile: seldom, and cheaper than being told.
  void look() {
    std::unique_lock lock{mutex_};
    while (true) {
      wakes_ = cut_overdue(std::chrono::steady_clock::now());
      if (wakes_ == never)
        sooner_.wait(lock);
      else
        sooner_.wait_until(lock, wakes_);
    }
  }

  // Returns the next deadline.
  time_point cut_overdue(time_point now) {
    auto next = never;
    for (auto* one : all_) {
      if (one->deadline_ <= now) {
        ::shutdown(one->socket_, SHUT_RDWR);
        one->cut_ = true;
        one->deadline_ = never;
      }
      next = std::min(next, one->deadline_);
    }
    return next;
  }

  std::mutex mutex_;
  std::condition_variable sooner_;
  std::vector<stall_watch*> all_;
  time_point wakes_ = never;
};

stall_watch::stall_watch(int socket)
  : socket_(::fcntl(socket, F_DUPFD_CLOEXEC, 0)) {
  if (socket_ < 0)
    throw store_error(store_error::cause::away,
                      std::string{"cannot watch the connection: "} + std::strerror(errno));
  try {
    lookout::only().add(this);
  } catch (...) {
    ::close(socket_);
    throw;
  }
}

stall_watch::~stall_watch() {
  lookout::only().remove(this);
  ::close(socket_);
}

void stall_watch::begin(time_point deadline) { lookout::only().begin(*this, deadline); }

bool stall_watch::end() { return lookout::only().end(*this); }

} // namespace carillon::persistence
