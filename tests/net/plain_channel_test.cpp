#include "net/plain_channel.hpp"

#include "tests/net/rig.hpp"

#include <atomic>
#include <thread>

using namespace carillon;
using namespace carillon::net;
using namespace carillon::net::test;
using ws::opcode;
using written = net::channel::written;

namespace {

const std::string x1000(1000, 'x');

/// Checks that `frames` are all that several writers have sent, each in its order.
void check_order(const std::vector<server_frame>& frames, std::size_t writers, int each) {
  std::vector<int> next(writers);
  for (auto& frame : frames) {
    REQUIRE(frame.type == opcode::text);
    auto colon = frame.payload.find(':');
    REQUIRE(colon != std::string::npos);
    auto& mine = next[std::stoul(frame.payload)];
    REQUIRE(frame.payload.substr(colon + 1, frame.payload.find_first_of('x') - colon - 1)
            == std::to_string(mine));
    ++mine;
  }
  CHECK(next == std::vector<int>(writers, each));
}

void write_all(net::channel& way, std::size_t writer, int from, int to) {
  auto name = std::to_string(writer);
  for (int i = from; i < to; ++i) {
    auto number = std::to_string(i);
    std::string fill(static_cast<std::size_t>(i * 7919 % 2000), 'x');
    (void)way.write(opcode::text, {name, ":", number, "x", fill});
  }
}

} // namespace

TEST_CASE("a greeting and frames go out as they are") {
  connection c{0, 0, "greeting"};
  CHECK(c.peer.receive_all(8) == "greeting");
  c.run([&] {
    CHECK(c.way->write(opcode::text, {"ab", "", "c"}) == written::taken);
    CHECK(c.way->write(opcode::ping, {}) == written::taken);
  });
  CHECK(c.peer.receive_all(7)
        == "\x81\x03"
           "abc"
           "\x89"
               + std::string(1, '\0'));
  // From a thread that is nobody's.
  CHECK(pump::here() == nullptr);
  CHECK(c.way->write(opcode::binary, {"d"}) == written::taken);
  CHECK(c.peer.receive_all(3)
        == "\x82\x01"
           "d");
  CHECK_FALSE(c.way->behind());
}

TEST_CASE("bytes come in, and then the end") {
  connection c;
  CHECK(c.peer.send("first"));
  CHECK(c.user->wait_bytes(5));
  CHECK(c.peer.send("second"));
  c.peer.end();
  CHECK(c.user->wait_closed());
  CHECK(c.user->bytes() == "firstsecond");
  CHECK(c.peer.receive().empty());
  CHECK(c.way->write(opcode::text, {"late"}) == written::closed);
  CHECK(c.user->closes() == 1);
}

TEST_CASE("more comes in than one reading takes") {
  connection c;
  std::string all;
  for (int i = 0; i < 400'000; ++i)
    all += std::to_string(i);
  CHECK(c.peer.send(all));
  CHECK(c.user->wait_bytes(all.size()));
  CHECK(c.user->bytes() == all);
}

TEST_CASE("threads that write at once keep their frames whole and in order") {
  connection c;
  constexpr int each = 3000;
  auto& way = *c.way;
  std::vector<std::thread> threads;
  for (std::size_t writer : {0, 1})
    threads.emplace_back([&way, writer] { write_all(way, writer, 0, each); });
  // Those with a pump write several before they flush.
  for (std::size_t thread : {0, 1})
    for (int at = 0; at < each; at += 10)
      c.pool.post(thread, [way = c.way, thread, at] { write_all(*way, thread + 2, at, at + 10); });
  auto frames = c.peer.frames(4 * each);
  for (auto& one : threads)
    one.join();
  check_order(frames, 4, each);
}

TEST_CASE("a peer that reads nothing is behind, once for each time") {
  connection c{0, 100'000};
  std::size_t count = 0;
  for (int times = 1; times <= 3; ++times) {
    auto sent = c.fall_behind();
    REQUIRE(c.way->behind());
    REQUIRE(c.user->wait_behind(times));
    count += sent;
    // What follows is no news, and catching up in part is enough to be behind anew.
    for (int i = 0; i < 10; ++i, ++count)
      REQUIRE(c.way->write(opcode::text, {x1000}) == written::taken);
    std::size_t read = 0;
    for (; c.way->behind(); ++read)
      REQUIRE(c.peer.frames(1).size() == 1);
    CHECK(read < count);
    count -= read;
    c.run([] {}); // what was posted has arrived
    CHECK(c.user->behinds() == times);
  }
  CHECK(c.peer.frames(count).size() == count);
  CHECK_FALSE(c.way->behind());
}

TEST_CASE("what finds no room is not taken, and all the rest arrives") {
  connection c{100, 0};
  std::size_t taken = 0;
  while (c.way->write(opcode::text, {std::to_string(taken), x1000}) == written::taken)
    ++taken;
  CHECK(c.way->behind());
  CHECK(c.way->write(opcode::pong, {"always"}) == written::taken);
  auto frames = c.peer.frames(taken + 1);
  REQUIRE(frames.size() == taken + 1);
  for (std::size_t i = 0; i < taken; ++i)
    REQUIRE(frames[i].payload == std::to_string(i) + x1000);
  CHECK(frames.back() == server_frame{opcode::pong, "always"});
  CHECK(c.way->write(opcode::text, {"again"}) == written::taken);
  CHECK(c.peer.frames(1).front().payload == "again");
}

TEST_CASE("one handler may write more than may wait while the socket takes it") {
  connection c{10, 0};
  c.run([&] {
    for (int i = 0; i < 100; ++i)
      CHECK(c.way->write(opcode::text, {"x"}) == written::taken);
  });
  CHECK(c.peer.frames(100).size() == 100);
}

TEST_CASE("what is there already is read to its end, though nothing more comes") {
  rig all;
  auto [own, peer] = raw_socket::deep_pair();
  auto user = std::make_shared<recorder>();
  auto way = all.start(own, user);
  all.run([&] { way->pause(true); });
  auto sent = peer.send_some(std::string(1 << 20, 'x'));
  REQUIRE(sent > 5 * pump::buffer_size);
  all.run([&] { way->pause(false); });
  CHECK(user->wait_bytes(sent));
}

TEST_CASE("while paused nothing comes in") {
  connection c;
  c.run([&] { c.way->pause(true); });
  CHECK(c.peer.send("waits"));
  c.peer.end();
  for (int i = 0; i < 10; ++i)
    c.run([] {});
  CHECK(c.user->bytes().empty());
  CHECK(c.user->closes() == 0);
  // It can still be written to.
  CHECK(c.way->write(opcode::text, {"a"}) == written::taken);
  CHECK(c.peer.receive_all(3)
        == "\x81\x01"
           "a");
  c.run([&] { c.way->pause(false); });
  CHECK(c.user->wait_closed());
  CHECK(c.user->bytes() == "waits");
}

TEST_CASE("a pause in the middle of what comes") {
  connection c;
  std::atomic<int> pauses{0};
  c.run([&] {
    c.user->then = [&](std::string_view) {
      c.way->pause(true);
      // Sometimes it is over at once.
      if (++pauses % 2 == 0)
        c.way->pause(false);
      else
        c.pool.post(0, [way = c.way] { way->pause(false); });
    };
  });
  std::string all;
  for (int i = 0; i < 200'000; ++i)
    all += std::to_string(i);
  CHECK(c.peer.send(all));
  c.peer.end();
  CHECK(c.user->wait_closed());
  CHECK(c.user->bytes() == all);
  CHECK(pauses > 1);
}
