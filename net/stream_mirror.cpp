#include "net/stream_mirror.hpp"

#include "config/log.hpp"
#include "net/mirror_loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <future>
#include <optional>
#include <thread>

namespace asio = boost::asio;

namespace carillon::net {

namespace {

constexpr std::chrono::milliseconds longest_stop{1000};
constexpr std::chrono::milliseconds wait_after_error{1000};

} // namespace

struct stream_mirror::impl {
  impl(stream_client_settings h, const mirror_patience& p, std::shared_ptr<store_factory> s,
       std::shared_ptr<mirror_status> st)
    : how(std::move(h))
    , patience(p)
    , stores(std::move(s))
    , status(std::move(st)) {}

  /// The thread's whole life. Nothing is lost when the loop is made anew: all that is not done
  /// stands in the store.
  void run() {
    for (;;)
      try {
        io.run();
        return;
      } catch (const std::exception& problem) {
        log::error("mirror_begins_anew", {{"why", problem.what()}});
        begin(wait_after_error);
      }
  }

  void begin(std::chrono::milliseconds wait = {}) {
    loop.emplace(io, *client, *stores, *status, patience);
    loop->start(wait);
  }

  /// The last that happens on the thread.
  void finish() {
    loop->stop();
    client->close();
    io.stop();
  }

  stream_client_settings how;
  mirror_patience patience;
  std::shared_ptr<store_factory> stores;
  std::shared_ptr<mirror_status> status;
  asio::io_context io{1};
  std::unique_ptr<stream_client> client;
  std::optional<mirror_loop> loop;
  std::thread thread;
  std::future<void> ended; ///< valid while the thread is to be waited for
};

stream_mirror::stream_mirror(stream_client_settings how, mirror_patience patience,
                             std::shared_ptr<store_factory> stores,
                             std::shared_ptr<mirror_status> status)
  : impl_(std::make_shared<impl>(std::move(how), patience, std::move(stores), std::move(status))) {}

stream_mirror::~stream_mirror() { stop(); }

status stream_mirror::start() {
  auto& all = *impl_;
  auto made = stream_client::make(all.io, all.how);
  if (!made)
    return made.error();
  all.client = *std::move(made);
  all.begin();
  std::packaged_task<void()> life{[mine = impl_] {
    auto work = asio::make_work_guard(mine->io);
    mine->run();
  }};
  all.ended = life.get_future();
  all.thread = std::thread{std::move(life)};
  return success();
}

void stream_mirror::stop() {
  auto& all = *impl_;
  if (!all.ended.valid())
    return;
  asio::post(all.io, [mine = impl_.get()] { mine->finish(); });
  auto in_time = all.ended.wait_for(longest_stop) == std::future_status::ready;
  all.ended = {};
  if (in_time)
    return all.thread.join();
  log::warn("mirror_left_behind", {{"why", "the store does not answer"}});
  all.thread.detach();
}

} // namespace carillon::net
