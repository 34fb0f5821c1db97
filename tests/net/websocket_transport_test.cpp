#include "net/websocket_transport.hpp"

#include "tests/net/fixture.hpp"
#include "tests/net/rig.hpp"

#include <atomic>
#include <thread>

using namespace carillon;
using namespace carillon::net;
using namespace carillon::net::test;
using namespace std::chrono_literals;
using ws::opcode;
using frames = std::vector<server_frame>;

namespace {

const std::string key = "dGhlIHNhbXBsZSBub25jZQ==";
const std::string path{socket_client::path};

/// A connection that has become a WebSocket.
raw_socket upgraded(std::uint16_t port, const std::string& target) {
  auto client = raw_socket::connected(port);
  client.send("GET " + target
              + " HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
              + key + "\r\n\r\n");
  std::string head;
  while (!head.ends_with("\r\n\r\n"))
    head += client.receive_all(1);
  REQUIRE(head.starts_with("HTTP/1.1 101 "));
  return client;
}

struct echo_fixture : fixture {
  echo_fixture() { settings.server.conformance_echo = true; }
  raw_socket connect() {
    if (port_ == 0)
      port_ = start();
    return upgraded(port_, "/ws-echo");
  }

private:
  std::uint16_t port_ = 0;
};

std::string masked(opcode type, std::string payload = {}, bool final = true) {
  return client_frame{type, std::move(payload), final}.bytes();
}

/// What a server answers to `bytes` until it ends the connection.
frames answers(echo_fixture& f, const std::string& bytes) {
  auto client = f.connect();
  CHECK(client.send(bytes));
  return client.frames();
}

server_frame closed_with(unsigned code, std::string_view reason = {}) {
  return {opcode::close, closing(code, reason)};
}

std::size_t count_closes(const frames& all) {
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [](auto& one) { return one.type == opcode::close; }));
}

} // namespace

TEST_CASE("a close is answered with its code, behind what came before") {
  echo_fixture f;
  CHECK(answers(f, masked(opcode::text, "a") + masked(opcode::close, closing(1000, "bye"))
                       + masked(opcode::text, "late"))
        == frames{{opcode::text, "a"}, closed_with(1000)});
  CHECK(answers(f, masked(opcode::close, closing(4321))) == frames{closed_with(4321)});
  CHECK(answers(f, masked(opcode::close)) == frames{{opcode::close, ""}});
}

TEST_CASE("a broken stream is told why, behind what came before") {
  echo_fixture f;
  auto a = masked(opcode::text, "a");
  auto after_a = [](unsigned code) { return frames{{opcode::text, "a"}, closed_with(code)}; };
  CHECK(answers(f, a + masked(opcode::continuation, "b") + a) == after_a(1002));
  CHECK(answers(f, a + masked(opcode::text, "\xFF") + a) == after_a(1007));
  CHECK(answers(f, a + masked(opcode::text, "\xE2", false) + masked(opcode::continuation, "\x82"))
        == after_a(1007));
  CHECK(answers(f, a + client_frame{.claims = 1 << 30}.bytes()) == after_a(1009));
  CHECK(answers(f, a + masked(opcode::close, "x")) == after_a(1002));
  CHECK(answers(f, a + masked(opcode::close, closing(1005))) == after_a(1002));
  CHECK(answers(f, a + masked(opcode::close, closing(1000, "\xFF"))) == after_a(1007));
  // Bytes are bytes, and a character may lie across fragments.
  CHECK(answers(f, masked(opcode::binary, "\xFF") + masked(opcode::text, "\xCE", false)
                       + masked(opcode::ping, "p") + masked(opcode::continuation, "\xBA")
                       + masked(opcode::close))
        == frames{{opcode::binary, "\xFF"},
                  {opcode::pong, "p"},
                  {opcode::text, "\xCE\xBA"},
                  {opcode::close, ""}});
}

TEST_CASE("a client that sends a close and ends at once is answered") {
  echo_fixture f;
  auto client = f.connect();
  CHECK(client.send(masked(opcode::text, "a") + masked(opcode::close)));
  client.end();
  CHECK(client.frames() == frames{{opcode::text, "a"}, {opcode::close, ""}});
}

TEST_CASE("a client that has closed may read the rest slowly") {
  echo_fixture f;
  f.settings.limits.outbox_messages = 0;
  f.settings.limits.outbox_bytes = 0;
  auto client = f.connect();
  constexpr std::size_t count = 100;
  std::string big(100'000, 'x');
  for (std::size_t i = 0; i < count; ++i)
    CHECK(client.send(masked(opcode::text, big)));
  CHECK(client.send(masked(opcode::close)));
  client.end(); // the server has taken all of it, and has most of its answers left
  auto all = client.frames();
  CHECK(all.size() == count + 1);
  CHECK(all.back().type == opcode::close);
}

TEST_CASE("the server closes first, and goes when the client has answered") {
  fixture f;
  f.waits.close = 3600s; // only the answer ends it
  auto client = upgraded(f.start(), path);
  CHECK(client.frames(1).front().payload.starts_with("0{"));
  CHECK(client.send(masked(opcode::text, "2")));
  CHECK(client.frames(1)
        == frames{closed_with(1002, describe(close_reason::protocol_error).sentence)});
  // What comes before the answer means nothing any more.
  CHECK(client.send(masked(opcode::text, "40") + masked(opcode::ping)
                    + masked(opcode::close, closing(1002))));
  CHECK(client.frames().empty());
}

TEST_CASE("who does not answer the server's close is cut off") {
  fixture f;
  f.waits.close = 20ms;
  auto client = upgraded(f.start(), path);
  CHECK(client.frames(1).size() == 1);
  CHECK(client.send(masked(opcode::text, "2")));
  auto all = client.frames();
  CHECK(all.size() == 1);
  CHECK(count_closes(all) == 1);
}

TEST_CASE("a client whose session is paused is told of the end, and its answer heard") {
  fixture f;
  f.waits.close = 3600s; // only the answer ends it
  std::promise<void> asked;
  reply_to held; // never answered while it matters
  f.sink.on_seen = [&](identity, reply_to reply) {
    held = std::move(reply);
    asked.set_value();
  };
  auto client = upgraded(f.start(), path);
  CHECK(client.frames(1).size() == 1);
  CHECK(client.send(masked(opcode::text, fixture::connect_packet(f.token("alice")))));
  REQUIRE(asked.get_future().wait_for(patience) == std::future_status::ready);
  f.running().stop(3600s, [] {});
  auto all = client.frames(1);
  CHECK(all == frames{closed_with(1001, describe(close_reason::going_away).sentence)});
  CHECK(client.send(masked(opcode::close, closing(1001))));
  CHECK(client.frames().empty());
  held(error_code::internal);
  held = {};
}

TEST_CASE("nothing goes out behind a close frame, whoever writes") {
  fixture f;
  f.settings.limits.outbox_messages = 0;
  f.settings.limits.outbox_bytes = 0;
  auto port = f.start();
  for (int round = 0; round < 20; ++round) {
    auto client = upgraded(port, path);
    CHECK(client.frames(1).size() == 1);
    CHECK(client.send(masked(opcode::text, fixture::connect_packet(f.token("alice")))));
    CHECK(client.frames(2).size() == 2);
    std::atomic<bool> done{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i)
      threads.emplace_back([link = f.sink.link(), &done] {
        while (!done)
          link->offer("test", "1", 0);
      });
    CHECK(client.frames(100).size() == 100);
    CHECK(client.send(masked(opcode::close, closing(1000))));
    auto all = client.frames();
    done = true;
    for (auto& one : threads)
      one.join();
    REQUIRE(count_closes(all) == 1);
    REQUIRE(all.back() == closed_with(1000));
  }
}
