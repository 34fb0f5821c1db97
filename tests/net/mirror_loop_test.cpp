#include "net/mirror_loop.hpp"

#include "config/log.hpp"
#include "tests/net/outbox_store.hpp"

#include <boost/asio/io_context.hpp>

#include <deque>
#include <random>

using namespace carillon;
using namespace carillon::net;
using namespace carillon::net::test;

namespace {

/// Takes requests and leaves the answers to the test.
class scripted_client final : public stream_client {
public:
  struct posted {
    outbox_entry what;
    std::function<void(http_answer)> then;
  };
  std::deque<posted> under_way;
  std::vector<std::uint64_t> sent; ///< all that ever was

  void post(const outbox_entry& what, std::function<void(http_answer)> then) override {
    sent.push_back(what.position);
    under_way.push_back({what, std::move(then)});
  }
  void close() override {}

  /// Answers the request that is under way for longest, or that at `index`.
  void answer(unsigned status, std::string body = "{}", std::size_t index = 0) {
    REQUIRE(under_way.size() > index);
    auto one = std::move(under_way[index]);
    under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(index));
    http_answer what;
    what.status = status;
    what.body = std::move(body);
    if (status == 0)
      what.error = "certificate of x: unknown";
    one.then(std::move(what));
  }
};

constexpr std::chrono::milliseconds quick{1};

struct rig {
  boost::asio::io_context io;
  std::shared_ptr<outbox_shelf> shelf = std::make_shared<outbox_shelf>();
  outbox_stores stores{shelf};
  scripted_client client;
  carillon::mirror_status status{true};
  mirror_patience patience{.first = quick, .longest = quick, .attempts = 3};
  mirror_rhythm rhythm{quick, quick, quick, quick, 64};
  std::unique_ptr<mirror_loop> loop;

  rig() { log::set_level(log::level::off); }

  void start() {
    loop = std::make_unique<mirror_loop>(io, client, stores, status, patience, rhythm);
    loop->start();
  }

  template <class Ready>
  void wait(Ready ready) {
    auto end = std::chrono::steady_clock::now() + test::patience;
    while (!ready() && io.run_one_until(end) != 0) {
    }
    REQUIRE(ready());
  }
  void wait_under_way(std::size_t count) {
    wait([&] { return client.under_way.size() == count; });
  }
  void wait_done(std::size_t count) {
    wait([&] { return shelf->done().size() == count; });
  }
  /// Lets the loop look at the store a few times more.
  void look_around() {
    for (int i = 0; i < 20; ++i)
      io.run_one();
  }
};

using positions = std::vector<std::uint64_t>;

} // namespace

TEST_CASE("what waits is sent in the order of its lane, lanes side by side") {
  rig r;
  for (std::uint64_t i = 1; i <= 3; ++i)
    r.shelf->put(message_in("ca", i));
  r.shelf->put(message_in("cb", 4));
  r.start();
  r.wait_under_way(2);
  r.look_around();
  CHECK(r.client.sent == positions{1, 4});
  r.client.answer(201);
  CHECK(r.client.sent == positions{1, 4, 2});
  r.client.answer(201); // that of lane b
  r.client.answer(200);
  r.client.answer(200);
  CHECK(r.client.sent == positions{1, 4, 2, 3});
  r.wait_done(4);
  CHECK(r.shelf->done() == positions{1, 4, 2, 3});
  CHECK(r.shelf->dead().empty());
  CHECK(r.status.last_error().empty());
  r.shelf->put(message_in("ca", 5)); // what comes later is found, too
  r.wait_under_way(1);
  CHECK(r.client.sent.back() == 5);
}

TEST_CASE("what Stream will never take becomes a dead letter, and its lane goes on") {
  rig r;
  r.shelf->put(message_in("ca", 1));
  r.shelf->put(message_in("ca", 2));
  r.start();
  r.wait_under_way(1);
  r.client.answer(400, R"({"code":4,"message":"text is too blue"})");
  CHECK(r.client.sent == positions{1, 2});
  r.client.answer(201);
  r.wait_done(2);
  auto dead = r.shelf->dead();
  REQUIRE(dead.size() == 1);
  CHECK(dead[0].position == 1);
  CHECK(dead[0].attempts == 1);
  CHECK(dead[0].error == "HTTP 400, code 4: text is too blue");
  CHECK(r.status.last_error().ends_with("Z HTTP 400, code 4: text is too blue"));
}

TEST_CASE("an entry that fails is tried again so many times") {
  rig r;
  r.shelf->put(message_in("ca", 1));
  r.start();
  for (int i = 0; i < 3; ++i) {
    r.wait_under_way(1);
    r.client.answer(500);
  }
  r.wait_done(1);
  CHECK(r.client.sent == positions{1, 1, 1});
  REQUIRE(r.shelf->dead().size() == 1);
  CHECK(r.shelf->dead()[0].attempts == 3);
}

TEST_CASE("while Stream cannot be reached one entry goes ahead, and none is given up") {
  rig r;
  for (std::uint64_t i = 1; i <= 3; ++i)
    r.shelf->put(message_in("c" + std::to_string(i), i));
  r.start();
  r.wait_under_way(3);
  for (int i = 0; i < 3; ++i)
    r.client.answer(0);
  CHECK(r.status.last_error().ends_with("Z certificate of x: unknown"));
  for (int i = 0; i < 10; ++i) {
    r.wait_under_way(1);
    r.look_around();
    CHECK(r.client.under_way.size() == 1);
    r.client.answer(i % 2 == 0 ? 401 : 0);
  }
  r.wait_under_way(1);
  r.client.answer(200);
  r.wait_under_way(2);
  r.client.answer(200);
  r.client.answer(200);
  r.wait_done(3);
  CHECK(r.shelf->dead().empty());
}

TEST_CASE("while the store is away sending goes on, and what is over is written later") {
  rig r;
  r.shelf->set_away(true);
  for (std::uint64_t i = 1; i <= 3; ++i)
    r.shelf->put(message_in("ca", i));
  r.start();
  r.look_around();
  CHECK(r.client.sent.empty());
  r.shelf->set_away(false);
  r.wait_under_way(1);
  r.shelf->set_away(true);
  r.client.answer(200);
  r.client.answer(200);
  r.look_around();
  CHECK(r.shelf->done().empty());
  r.shelf->set_away(false);
  r.client.answer(200);
  r.wait_done(3);
  CHECK(r.shelf->done() == positions{1, 2, 3});
  CHECK(r.client.sent == positions{1, 2, 3});
}

TEST_CASE("of a long queue some is in memory at a time") {
  rig r;
  r.patience.held = 4;
  r.patience.at_once = 2;
  for (std::uint64_t i = 1; i <= 50; ++i)
    r.shelf->put(message_in("c" + std::to_string(i % 3), i));
  r.start();
  std::minstd_rand dice{7};
  while (r.shelf->done().size() < 50) {
    r.wait([&] { return !r.client.under_way.empty() || r.shelf->done().size() == 50; });
    CHECK(r.client.under_way.size() <= 2);
    if (!r.client.under_way.empty())
      r.client.answer(200, "{}", dice() % r.client.under_way.size());
  }
  auto sent = r.client.sent;
  std::sort(sent.begin(), sent.end());
  CHECK(sent.size() == 50);
  CHECK(std::adjacent_find(sent.begin(), sent.end()) == sent.end());
}

TEST_CASE("the end writes what is over and drops what comes later") {
  rig r;
  r.rhythm.write = std::chrono::hours{1};
  for (std::uint64_t i = 1; i <= 2; ++i)
    r.shelf->put(message_in("c" + std::to_string(i), i));
  r.start();
  r.wait_under_way(2);
  r.client.answer(200);
  CHECK(r.shelf->done().empty());
  r.loop->stop();
  CHECK(r.shelf->done() == positions{1});
  r.client.answer(200);
  CHECK(r.io.poll() < 10);
  CHECK(r.shelf->done() == positions{1});
  r.loop->stop();
  r.loop = nullptr; // also an answer that comes after that
}

TEST_CASE("so many that are over are written at once") {
  rig r;
  r.rhythm.write = std::chrono::hours{1};
  r.rhythm.results = 2;
  for (std::uint64_t i = 1; i <= 3; ++i)
    r.shelf->put(message_in("ca", i));
  r.start();
  r.wait_under_way(1);
  r.client.answer(200);
  CHECK(r.shelf->writes() == 0);
  r.client.answer(200);
  CHECK(r.shelf->writes() == 1);
  CHECK(r.shelf->done() == positions{1, 2});
}

TEST_CASE("a queue that is too long is told, so that nothing more is put into it") {
  rig r;
  r.start();
  CHECK(r.status.admits());
  r.shelf->pretend_queued(carillon::mirror_status::most_queued);
  r.wait([&] { return !r.status.admits(); });
  r.shelf->pretend_queued(7);
  r.wait([&] { return r.status.admits(); });
}
