#pragma once

#include "net/io_pool.hpp"
#include "net/plain_channel.hpp"
#include "tests/net/raw_socket.hpp"

#include <boost/asio/post.hpp>

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>

namespace carillon::net::test {

/// Notes what a channel hands to it. On the channel's thread; the tests look from theirs.
class recorder final : public channel_user {
public:
  /// Called with what came, after it was noted.
  std::function<void(std::string_view)> then = [](std::string_view) {};
  /// As for a transport: each keeps the other until the end.
  std::shared_ptr<channel> way;

  void on_bytes(char* bytes, std::size_t size) override {
    std::string_view what{bytes, size};
    note([&] { bytes_ += what; });
    then(what);
  }
  void on_behind() override {
    note([&] { ++behinds_; });
  }
  void on_closed() override {
    way = nullptr;
    note([&] { ++closes_; });
  }

  [[nodiscard]] std::string bytes() const { return read(bytes_); }
  [[nodiscard]] int behinds() const { return read(behinds_); }
  [[nodiscard]] int closes() const { return read(closes_); }

  [[nodiscard]] bool wait_bytes(std::size_t size) const {
    return wait([&] { return bytes_.size() >= size; });
  }
  [[nodiscard]] bool wait_behind(int times = 1) const {
    return wait([&] { return behinds_ >= times; });
  }
  [[nodiscard]] bool wait_closed() const {
    return wait([&] { return closes_ > 0; });
  }

private:
  template <class Change>
  void note(Change change) {
    {
      std::lock_guard guard{lock_};
      change();
    }
    changed_.notify_all();
  }
  template <class T>
  T read(const T& what) const {
    std::lock_guard guard{lock_};
    return what;
  }
  template <class Ready>
  bool wait(Ready ready) const {
    std::unique_lock guard{lock_};
    return changed_.wait_for(guard, patience, ready);
  }

  mutable std::mutex lock_;
  mutable std::condition_variable changed_;
  std::string bytes_;
  int behinds_ = 0;
  int closes_ = 0;
};

/// Two I/O threads and channels on the first of them, without a server.
class rig {
public:
  rig() { pool.start(); }
  ~rig() {
    for (auto& one : made_)
      run([&] { one->abort(); });
    made_.clear();
  }

  /// Runs `what` on an I/O thread and waits for its end.
  template <class What>
  void run(What what, std::size_t thread = 0) {
    std::promise<void> done;
    auto ended = done.get_future();
    pool.post(thread, [&] {
      what();
      done.set_value();
    });
    REQUIRE(ended.wait_for(patience) == std::future_status::ready);
  }

  /// A channel over `own` that has not started.
  std::shared_ptr<plain_channel> idle(raw_socket& own, std::size_t frames = 0,
                                      std::size_t bytes = 0) {
    std::shared_ptr<plain_channel> way;
    run([&] {
      tcp_socket socket{pool.context(0).get_executor()};
      socket.assign(boost::asio::ip::tcp::v4(), own.release());
      way = std::make_shared<plain_channel>(plain_stream{std::move(socket)},
                                            send_buffer{frames, bytes});
    });
    return way;
  }

  /// Starts one.
  std::shared_ptr<plain_channel> start(raw_socket& own, std::shared_ptr<recorder> user,
                                       std::size_t frames = 0, std::size_t bytes = 0,
                                       std::string_view greeting = {}) {
    auto way = idle(own, frames, bytes);
    start(way, std::move(user), greeting);
    return way;
  }
  void start(std::shared_ptr<channel> way, std::shared_ptr<recorder> user,
             std::string_view greeting = {}) {
    run([&] {
      user->way = way;
      way->start(user, greeting);
    });
    made_.push_back(std::move(way));
  }

  /// From now on the channels are kept by their users only, and have to end by themselves.
  void forget() { made_.clear(); }

  io_pool pool{2};

private:
  std::vector<std::shared_ptr<channel>> made_;
};

/// One channel and its peer.
struct connection : rig {
  explicit connection(std::size_t frames = 0, std::size_t bytes = 0, std::string_view greeting = {})
    : connection(raw_socket::pair(), frames, bytes, greeting) {}

  /// Writes frames of 1000 bytes until the peer, which reads nothing, has made the channel fall
  /// behind; returns how many.
  std::size_t fall_behind() {
    std::string content(1000, 'x');
    std::size_t count = 0;
    while (!way->behind() && way->write(ws::opcode::text, {content}) == channel::written::taken)
      ++count;
    return count;
  }

  std::shared_ptr<recorder> user = std::make_shared<recorder>();
  raw_socket peer;
  std::shared_ptr<plain_channel> way;

private:
  connection(std::pair<raw_socket, raw_socket> ends, std::size_t frames, std::size_t bytes,
             std::string_view greeting)
    : peer(std::move(ends.first))
    , way(start(ends.second, user, frames, bytes, greeting)) {}
};

} // namespace carillon::net::test
