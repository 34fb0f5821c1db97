#include "net/pump.hpp"

#include "tests/net/rig.hpp"

#include <atomic>

using namespace carillon;
using namespace carillon::net;
using namespace carillon::net::test;
using ws::opcode;

namespace {

/// Many channels on one thread, whose peers act all at once: `send` is under way to each of them
/// before the thread looks at the first.
struct crowd : rig {
  struct member {
    std::shared_ptr<recorder> user = std::make_shared<recorder>();
    raw_socket peer;
    std::shared_ptr<plain_channel> way{};
  };

  explicit crowd(std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) {
      auto ends = raw_socket::pair();
      members.push_back({.peer = std::move(ends.first)});
      members.back().way = start(ends.second, members.back().user);
    }
  }

  /// Lets every peer do it while the thread is held up.
  template <class Act>
  void at_once(Act act) {
    std::promise<void> held;
    std::promise<void> release;
    pool.post(0, [&held, go = release.get_future().share()] {
      held.set_value();
      go.wait();
    });
    held.get_future().wait();
    for (auto& one : members)
      act(one);
    release.set_value();
  }

  std::vector<member> members;
};

} // namespace

TEST_CASE("a pump is its thread's") {
  rig all;
  CHECK(pump::here() == nullptr);
  pump* first = nullptr;
  pump* second = nullptr;
  all.run([&] { first = pump::here(); }, 0);
  all.run([&] { second = pump::here(); }, 1);
  CHECK(first != nullptr);
  CHECK(second != nullptr);
  CHECK(first != second);
}

TEST_CASE("more sockets than one turn tells of are all served") {
  crowd all{300};
  all.run([&] {
    for (auto& one : all.members)
      one.user->then = [way = one.way.get()](std::string_view what) {
        (void)way->write(opcode::text, {what});
      };
  });
  for (int round = 0; round < 3; ++round) {
    all.at_once([](auto& one) { CHECK(one.peer.send("hello")); });
    for (auto& one : all.members) {
      auto frames = one.peer.frames(1);
      REQUIRE(frames.size() == 1);
      CHECK(frames[0].payload == "hello");
    }
  }
}

TEST_CASE("a connection may end others that the same turn tells of") {
  // In pairs: whichever comes first ends both of them and lets go of the other.
  crowd all{100};
  all.run([&] {
    for (std::size_t i = 0; i < all.members.size(); ++i) {
      std::weak_ptr<net::channel> own = all.members[i].way;
      std::weak_ptr<net::channel> other = all.members[i ^ 1].way;
      all.members[i].user->then = [own, other](std::string_view) {
        for (auto& way : {other, own})
          if (auto it = way.lock())
            it->abort();
      };
    }
  });
  all.forget();
  for (auto& one : all.members)
    one.way.reset();
  all.at_once([](auto& one) { CHECK(one.peer.send("x")); });
  int heard = 0;
  for (auto& one : all.members) {
    CHECK(one.user->wait_closed());
    CHECK(one.user->closes() == 1);
    heard += one.user->bytes().empty() ? 0 : 1;
    CHECK(one.peer.receive().empty());
  }
  CHECK(heard == 50);
}

TEST_CASE("peers that come and go at once") {
  crowd all{100};
  all.at_once([](auto& one) {
    CHECK(one.peer.send("x"));
    one.peer.close();
  });
  for (auto& one : all.members) {
    CHECK(one.user->wait_closed());
    CHECK(one.user->bytes() == "x");
  }
}

TEST_CASE("connections that write to each other across threads") {
  // Each message is passed on to the next connection, half of them from the other thread.
  static constexpr std::size_t size = 20;
  constexpr int rounds = 200;
  crowd all{size};
  all.run([&] {
    for (std::size_t i = 0; i < size; ++i)
      all.members[i].user->then = [&all, i](std::string_view what) {
        auto pass = [to = all.members[(i + 1) % size].way, text = std::string{what}] {
          (void)to->write(opcode::text, {text});
        };
        i % 2 == 0 ? all.pool.post(1, pass) : pass();
      };
  });
  for (int round = 0; round < rounds; ++round)
    for (auto& one : all.members)
      CHECK(one.peer.send("."));
  for (auto& one : all.members) {
    std::size_t dots = 0;
    while (dots < rounds)
      for (auto& frame : one.peer.frames(1))
        dots += frame.payload.size();
    CHECK(dots == rounds);
  }
}

TEST_CASE("relays are timed when what they queued is written, at once where they queued nothing") {
  using namespace std::chrono_literals;
  connection one;
  std::uint64_t at_once = 0;
  std::uint64_t queued = 0;
  constexpr int more_than_are_kept = 100;
  one.run([&] {
    auto began = std::chrono::steady_clock::now() - 1ms;
    pump::here()->time_relay(began);
    at_once = one.pool.relay_latency().total();
    (void)one.way->write(opcode::text, {"x"});
    for (int i = 0; i < more_than_are_kept; ++i)
      pump::here()->time_relay(began);
    queued = one.pool.relay_latency().total();
  });
  CHECK(at_once == 1);
  CHECK(queued == 1);
  CHECK(one.peer.frames(1).size() == 1);
  one.run([] {}); // behind the one that writes
  auto all = one.pool.relay_latency();
  CHECK(all.total() == 1 + more_than_are_kept);
  CHECK(all.sum >= all.total() * 1'000'000);
  // None of them was quicker than they all were.
  CHECK(quantile(all, relay_bounds, 0.5) >= 500'000);
}

TEST_CASE("the latencies of all threads are added up") {
  rig all;
  for (std::size_t thread = 0; thread < 2; ++thread)
    all.run([] { pump::here()->time_relay(std::chrono::steady_clock::now()); }, thread);
  CHECK(all.pool.relay_latency().total() == 2);
}
