// How connections end.

#include "net/plain_channel.hpp"
#include "tests/net/rig.hpp"

#include <fcntl.h>

#include <atomic>
#include <thread>

using namespace carillon;
using namespace carillon::net;
using namespace carillon::net::test;
using ws::opcode;
using written = net::channel::written;

namespace {

const std::string x1000(1000, 'x');

} // namespace

TEST_CASE("a close frame is the last one") {
  connection c;
  CHECK(c.way->write(opcode::text, {"a"}) == written::taken);
  CHECK(c.way->write(opcode::close, {closing(1000)}) == written::taken);
  for (auto type : {opcode::text, opcode::binary, opcode::ping, opcode::pong, opcode::close})
    CHECK(c.way->write(type, {"b"}) == written::closed);
  c.run([&] { c.way->finish(); });
  std::vector<server_frame> all{{opcode::text, "a"}, {opcode::close, closing(1000)}};
  CHECK(c.peer.frames() == all);
}

namespace {

/// Ends a connection with much under way to its peer, which does `meanwhile` before it reads.
template <class Meanwhile>
void finish_with_much(Meanwhile meanwhile) {
  connection c{0, 100'000};
  auto count = c.fall_behind();
  c.run([&] {
    CHECK(c.way->write(opcode::close, {closing(1001)}) == written::taken);
    c.way->finish();
    c.way->finish();
  });
  meanwhile(c);
  auto frames = c.peer.frames();
  CHECK(frames.size() == count + 1);
  CHECK(frames.back() == server_frame{opcode::close, closing(1001)});
  c.peer.end();
  CHECK(c.user->wait_closed());
  CHECK(c.user->bytes().empty());
}

} // namespace

TEST_CASE("finishing writes what waits and then ends") {
  finish_with_much([](connection&) {});
}

TEST_CASE("finishing waits for a peer that says no more but reads on") {
  finish_with_much([](connection& c) { c.peer.end(); });
}

TEST_CASE("what comes after the finish is thrown away") {
  finish_with_much([](connection& c) { CHECK(c.peer.send(std::string(100'000, 'w'))); });
}

TEST_CASE("who sends without end after the finish is cut off") {
  connection c;
  c.run([&] { c.way->finish(); });
  CHECK(c.peer.receive().empty());
  std::string waste(1 << 20, 'w');
  std::size_t sent = 0;
  while (sent < 4 * drain_limit && c.peer.send(waste))
    sent += waste.size();
  CHECK(sent < 4 * drain_limit);
  CHECK(c.user->wait_closed());
  CHECK(c.user->bytes().empty());
}

TEST_CASE("an abort ends at once and tells once") {
  connection c;
  c.run([&] {
    CHECK(c.way->write(opcode::text, {"lost"}) == written::taken);
    c.way->abort();
    CHECK(c.user->closes() == 1);
    c.way->abort();
    c.way->finish();
    c.way->pause(true);
    c.way->pause(false);
  });
  CHECK(c.peer.receive().empty());
  CHECK(c.way->write(opcode::text, {"late"}) == written::closed);
  CHECK(c.user->closes() == 1);
}

TEST_CASE("a peer that resets the connection ends it for all that write") {
  connection c;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([way = c.way] {
      while (way->write(opcode::text, {x1000}) != written::closed) {
      }
    });
  CHECK(c.peer.frames(100).size() == 100);
  CHECK(c.peer.send(std::string(100'000, 'r'))); // read while writing already fails
  c.peer.reset();
  CHECK(c.user->wait_closed());
  for (auto& one : threads)
    one.join();
  CHECK(c.user->closes() == 1);
}

TEST_CASE("an abort while others write") {
  for (int round = 0; round < 50; ++round) {
    connection c{100, 0};
    std::atomic<int> begun{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i)
      threads.emplace_back([way = c.way, &begun] {
        do
          begun.fetch_add(1);
        while (way->write(opcode::text, {x1000}) != written::closed);
      });
    while (begun.load() < 20)
      std::this_thread::yield();
    c.run([&] { c.way->abort(); });
    for (auto& one : threads)
      one.join();
    REQUIRE(c.user->closes() == 1);
  }
}

TEST_CASE("a broken connection is noticed after a pause") {
  connection c;
  c.run([&] { c.way->pause(true); });
  c.peer.reset();
  c.run([&] { c.way->pause(false); });
  CHECK(c.user->wait_closed());
}

TEST_CASE("a channel that cannot be watched ends as soon as it starts") {
  raw_socket own{::open("/dev/null", O_RDWR | O_CLOEXEC)}; // the kernel watches no such file
  REQUIRE(own.handle() >= 0);
  rig all;
  auto user = std::make_shared<recorder>();
  auto way = all.start(own, user, 0, 0, "greeting");
  CHECK(user->wait_closed());
  CHECK(way->write(opcode::text, {"late"}) == written::closed);
  CHECK(user->closes() == 1);
  CHECK(user->bytes().empty());
}

TEST_CASE("a socket that never starts is closed with its channel") {
  auto [own, peer] = raw_socket::pair();
  rig all;
  auto way = all.idle(own);
  CHECK(way->shareable());
  way.reset();
  CHECK(peer.receive().empty());
}
