#include "tests/net/fixture.hpp"

#include <thread>

using namespace carillon;
using namespace carillon::net::test;
using namespace std::chrono_literals;

namespace {

wire_event_ptr event(std::string json) {
  return std::make_shared<const wire_event>("test", std::move(json));
}

/// Waits until the link of the last device is let go by everyone else.
client_link_ptr link_of(fixture& f) {
  auto link = f.sink.link();
  REQUIRE(link);
  return link;
}

} // namespace

TEST_CASE("the server pings, and who answers stays") {
  fixture f;
  f.settings.server.ping_interval = 20ms;
  f.settings.server.ping_timeout = 5000ms;
  auto port = f.start();
  auto client = f.connected(port, "alice");
  for (int i = 0; i < 5; ++i) {
    CHECK(client->read() == "2");
    client->send("3");
  }
  client->close();
  CHECK(f.sink.wait_detached());
}

TEST_CASE("who does not answer a ping is closed and its device detached") {
  fixture f;
  f.settings.server.ping_interval = 20ms;
  f.settings.server.ping_timeout = 20ms;
  auto port = f.start();
  socket_client client{port};
  client.read();
  CHECK(client.read_close() == describe(close_reason::ping_timeout).code);
  CHECK(client.last() == "2");
}

TEST_CASE("a pong that nobody asked for changes nothing") {
  fixture f;
  auto client = f.connected(f.start(), "alice");
  client->send("3");
  client->send("3");
  client->send(R"(421["nothing"])");
  CHECK(client->next().find("unknown_event") != std::string::npos);
}

TEST_CASE("a device in a call is pinged more often, until the call is over") {
  fixture f;
  f.settings.server.ping_interval = 3600s;
  f.waits.call_ping = 250ms; // also the time to answer
  auto client = f.connected(f.start(), "alice");
  link_of(f)->set_in_call(true);
  for (int i = 0; i < 3; ++i) {
    CHECK(client->read() == "2");
    client->send("3");
  }
  // Without an answer the device is gone soon.
  CHECK(client->read_close() == describe(close_reason::ping_timeout).code);
  CHECK(f.sink.wait_detached());
}

TEST_CASE("the usual interval is back after the call") {
  fixture f;
  f.settings.server.ping_interval = 3600s;
  f.waits.call_ping = 250ms; // also the time to answer
  auto client = f.connected(f.start(), "alice");
  auto link = link_of(f);
  link->set_in_call(true);
  link->set_in_call(false);
  // At most the ping that was due already comes; then only what is offered.
  for (int i = 0; i < 2; ++i) {
    client->send(R"(421["nothing"])");
    CHECK(client->next().find("unknown_event") != std::string::npos);
  }
}

TEST_CASE("a message that is too big closes with 1009 and is counted") {
  fixture f;
  f.settings.limits.frame_bytes = 1000;
  auto port = f.start();
  auto whole = f.connected(port, "alice");
  whole->send("42[\"a\",\"" + std::string(1000, 'x') + "\"]");
  CHECK(whole->read_close() == 1009);
  CHECK(f.sink.wait_detached());
  CHECK(f.refused(error_code::frame_too_large) == 1);

  auto huge = f.connected(port, "alice");
  huge->send_binary(std::string(10 * 1024 * 1024, 'x'));
  CHECK(huge->read_close() == 1009);

  auto fits = f.connected(port, "alice");
  std::string text = "421[\"nothing\",\"";
  text.append(1000 - text.size() - 2, 'x');
  fits->send(text + "\"]");
  CHECK(fits->next().find("unknown_event") != std::string::npos);
}

TEST_CASE("events of other threads arrive in the order in which each offered them") {
  fixture f;
  f.settings.limits.outbox_messages = 0;
  auto client = f.connected(f.start(), "alice");
  constexpr int each = 500;
  {
    auto link = link_of(f);
    auto offer = [link](char name) {
      for (int i = 0; i < each; ++i)
        link->offer(event("\"" + std::string(1, name) + std::to_string(i) + "\""));
    };
    std::thread a{offer, 'a'};
    std::thread b{offer, 'b'};
    a.join();
    b.join();
  }
  int next_a = 0;
  int next_b = 0;
  for (int i = 0; i < 2 * each; ++i) {
    auto text = client->next();
    REQUIRE(text.starts_with(R"(42["test",")"));
    auto& next = text[11] == 'a' ? next_a : next_b;
    REQUIRE(std::stoi(text.substr(12)) == next);
    ++next;
  }
}

TEST_CASE("who reads too slowly is closed, and its device detached at once") {
  fixture f;
  f.settings.limits.outbox_messages = 0;
  f.settings.limits.outbox_bytes = 200'000;
  f.waits.close = 100ms;
  auto client = f.connected(f.start(), "alice");
  {
    auto link = link_of(f);
    auto big = event("\"" + std::string(100'000, 'x') + "\"");
    // More than the kernel's buffers can hold, whatever their size.
    for (int i = 0; i < 1000 && f.counts.slow_devices.load() == 0; ++i) {
      std::promise<void> passed;
      link->offer(big);
      for (std::size_t t = 0; t < f.pool().size(); ++t) {
        std::promise<void> reached;
        f.pool().post(t, [&] { reached.set_value(); });
        reached.get_future().wait();
      }
    }
  }
  CHECK(f.sink.wait_detached());
  CHECK(f.counts.slow_devices.load() == 1);
  client->read_close();
}

TEST_CASE("a burst over the limit is no slowness when the device takes it") {
  fixture f;
  f.settings.limits.outbox_messages = 10;
  auto client = f.connected(f.start(), "alice");
  {
    auto link = link_of(f);
    std::promise<void> go_on;
    auto gate = go_on.get_future().share();
    for (std::size_t t = 0; t < f.pool().size(); ++t)
      f.pool().post(t, [gate] { gate.wait(); });
    for (int i = 0; i < 30; ++i)
      link->offer(event(std::to_string(i)));
    go_on.set_value();
  }
  for (int i = 0; i < 30; ++i)
    CHECK(client->next() == R"(42["test",)" + std::to_string(i) + "]");
  CHECK(f.counts.slow_devices.load() == 0);
}

TEST_CASE("who does not catch up in time is closed, although a burst would fit") {
  fixture f;
  f.settings.limits.outbox_messages = 2;
  f.settings.limits.outbox_bytes = 0;
  f.waits.catch_up = 50ms;
  f.waits.close = 100ms;
  auto client = f.connected(f.start(), "alice");
  // One frame that the kernel's buffers cannot hold, and three that wait behind it.
  link_of(f)->offer(event("\"" + std::string(64'000'000, 'x') + "\""));
  for (int i = 0; i < 3; ++i)
    link_of(f)->offer(event("1"));
  CHECK(f.sink.wait_detached());
  CHECK(f.counts.slow_devices.load() == 1);
}

TEST_CASE("a flood from another thread overflows as well") {
  fixture f;
  f.settings.limits.outbox_messages = 10;
  f.settings.limits.outbox_bytes = 0;
  f.waits.catch_up = 1h;
  f.waits.close = 100ms;
  auto client = f.connected(f.start(), "alice");
  // More than the kernel's buffers hold, so that nothing else leaves.
  link_of(f)->offer(event("\"" + std::string(64'000'000, 'x') + "\""));
  for (int i = 0; i < 100; ++i)
    link_of(f)->offer(event("1"));
  CHECK(f.sink.wait_detached());
  CHECK(f.counts.slow_devices.load() == 1);
}

TEST_CASE("closing a link sends what is queued first") {
  fixture f;
  auto client = f.connected(f.start(), "alice");
  {
    auto link = link_of(f);
    for (int i = 0; i < 20; ++i)
      link->offer(event(std::to_string(i)));
    link->close(close_reason::replaced);
    link->offer(event("\"too late\""));
    link->close(close_reason::normal);
  }
  for (int i = 0; i < 20; ++i)
    CHECK(client->next() == "42[\"test\"," + std::to_string(i) + "]");
  // No DISCONNECT: the connection that took its place is the same client's.
  CHECK(client->read_close() == describe(close_reason::replaced).code);
  CHECK(client->last().empty());
  CHECK(f.sink.wait_detached());
}

TEST_CASE("a link that outlives its connection takes everything and does nothing") {
  fixture f;
  auto client = f.connected(f.start(), "alice");
  {
    auto link = link_of(f);
    client->drop();
    CHECK(f.sink.wait_detached());
    link->offer(event("1"));
    link->set_in_call(true);
    link->close(close_reason::replaced);
    link->offer(event("2"));
  }
}

TEST_CASE("an event that a sink sends from the connection's own thread goes out at once") {
  fixture f;
  f.sink.on_submit = [&](client_command, reply_to reply) {
    f.sink.link()->offer(event("\"first\""));
    reply(error_code::call_not_found);
    f.sink.link()->offer(event("\"last\""));
  };
  auto client = f.connected(f.start(), "alice");
  client->send(R"(42["acceptCall",{"callId":"c"}])");
  CHECK(client->next() == R"(42["test","first"])");
  CHECK(client->next().starts_with(R"(42["callError")"));
  CHECK(client->next() == R"(42["test","last"])");
}

TEST_CASE("the Engine.IO close packet closes") {
  fixture f;
  auto client = f.connected(f.start(), "alice");
  client->send("1");
  CHECK(client->read_close() == 1000);
  CHECK(f.sink.wait_detached());
}
