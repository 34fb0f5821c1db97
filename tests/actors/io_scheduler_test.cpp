#include "actors/io_scheduler.hpp"
#include "net/io_pool.hpp"
#include "tests/catch.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <future>
#include <optional>
#include <thread>

using namespace carillon;

namespace {

struct config : caf::actor_system_config {
  explicit config(io_threads& threads) {
    set("scheduler.max-throughput", 10);
    module_factories.push_back([&threads](caf::actor_system& sys) -> caf::actor_system::module* {
      return new actors::io_scheduler(sys, threads);
    });
  }
};

/// An actor system on `threads` I/O threads.
struct fixture {
  explicit fixture(std::size_t threads)
    : pool(threads) {
    pool.start();
    cfg.emplace(pool);
    system.emplace(*cfg);
  }
  ~fixture() {
    system.reset();
    pool.stop();
  }

  net::io_pool pool;
  std::optional<config> cfg;
  std::optional<caf::actor_system> system;
};

/// Waits for a promise; fails instead of hanging.
void await(std::promise<void>& what) {
  REQUIRE(what.get_future().wait_for(std::chrono::seconds{20}) == std::future_status::ready);
}

} // namespace

TEST_CASE("an actor runs on the thread that sends to it", "[io_scheduler]") {
  fixture f{2};
  std::promise<void> ready;
  std::promise<void> done;
  std::thread::id sender;
  std::thread::id runner;
  auto actor = f.system->spawn([&](caf::event_based_actor* self) -> caf::behavior {
    return {[&](float) { ready.set_value(); },
            [&, self](int) {
              runner = std::this_thread::get_id();
              self->quit();
              done.set_value();
            }};
  });
  caf::anon_send(actor, 1.0f); // until it has run once, it belongs to the thread it was posted to
  await(ready);
  // It still belongs to that thread until its turn is over, which is when the next job runs there.
  for (std::size_t thread = 0; thread < f.pool.size(); ++thread) {
    std::promise<void> passed;
    f.pool.post(thread, [&] { passed.set_value(); });
    await(passed);
  }
  f.pool.post(1, [&] {
    sender = std::this_thread::get_id();
    caf::anon_send(actor, 1);
  });
  await(done);
  CHECK(sender == runner);
}

TEST_CASE("a flooded actor does not keep others or the thread from their turn", "[io_scheduler]") {
  fixture f{1};
  std::atomic<bool> stop{false};
  std::promise<void> other_done;
  std::promise<void> handler_done;
  // It never runs out of messages by itself.
  auto flooded = f.system->spawn([&](caf::event_based_actor* self) -> caf::behavior {
    return {[&, self](int n) {
      if (stop)
        self->quit();
      else
        self->send(self, n);
    }};
  });
  for (int i = 0; i < 100; ++i)
    caf::anon_send(flooded, i);
  auto other = f.system->spawn([&](caf::event_based_actor* self) -> caf::behavior {
    return {[&, self](int) {
      self->quit();
      other_done.set_value();
    }};
  });
  caf::anon_send(other, 1);
  await(other_done);
  f.pool.post(0, [&] { handler_done.set_value(); });
  await(handler_done);
  stop = true;
}

TEST_CASE("each of many actors on several threads gets every message in order", "[io_scheduler]") {
  fixture f{2};
  constexpr int actors = 50;
  constexpr int messages = 2000;
  std::atomic<int> finished{0};
  std::atomic<int> disorder{0};
  std::promise<void> done;
  std::vector<caf::actor> all;
  for (int i = 0; i < actors; ++i)
    all.push_back(f.system->spawn([&](caf::event_based_actor* self) -> caf::behavior {
      auto expected = std::make_shared<int>(0);
      return {[&, self, expected](int n) {
        if (n != (*expected)++)
          ++disorder;
        if (n + 1 == messages) {
          self->quit();
          if (++finished == actors)
            done.set_value();
        }
      }};
    }));
  for (int n = 0; n < messages; ++n)
    for (auto& actor : all)
      caf::anon_send(actor, n);
  all.clear();
  await(done);
  CHECK(disorder == 0);
}

TEST_CASE("delayed messages come in the order of their times", "[io_scheduler]") {
  fixture f{2};
  std::promise<void> done;
  std::vector<int> order;
  auto actor = f.system->spawn([&](caf::event_based_actor* self) -> caf::behavior {
    return {[&, self](int n) {
      order.push_back(n);
      if (order.size() == 3) {
        self->quit();
        done.set_value();
      }
    }};
  });
  using std::chrono::milliseconds;
  caf::delayed_anon_send(actor, milliseconds{60}, 3);
  caf::delayed_anon_send(actor, milliseconds{1}, 1);
  f.pool.post(1, [&] { caf::delayed_anon_send(actor, milliseconds{30}, 2); });
  await(done);
  CHECK(order == std::vector<int>{1, 2, 3});
}

TEST_CASE("the system stops with messages and timers in flight", "[io_scheduler]") {
  std::atomic<int> handled{0};
  for (int round = 0; round < 20; ++round) {
    fixture f{2};
    auto actor = f.system->spawn([&](caf::event_based_actor* self) -> caf::behavior {
      return {[&, self](int n) {
        ++handled;
        if (n == 500)
          self->quit();
      }};
    });
    for (int n = 0; n <= 1000; ++n)
      caf::anon_send(actor, n);
    caf::delayed_anon_send(actor, std::chrono::hours{1}, 1);
  }
  CHECK(handled == 20 * 501);
}
