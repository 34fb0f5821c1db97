#include "tests/net/polling.hpp"

using namespace carillon;
using namespace carillon::net::test;
using namespace std::chrono_literals;

TEST_CASE("an upgrade keeps order in both directions") {
  fixture f;
  f.settings.server.conformance_echo = true;
  f.settings.limits.frame_bytes = 1'000'000;
  f.settings.limits.outbox_messages = 0;
  f.settings.limits.outbox_bytes = 0;
  auto port = f.start();
  // On either thread of the pool.
  for (int round = 0; round < 4; ++round) {
    polling_client client{port, "/engine.io/"};
    std::vector<std::string> sent;
    std::string payload;
    for (int i = 0; i < 300; ++i) {
      sent.push_back("4" + std::to_string(i));
      payload += (i == 0 ? "" : "\x1e") + sent.back();
    }
    CHECK(client.post(payload).body() == "ok");
    socket_client socket{port, client.upgrade_target()};
    REQUIRE(!socket.handshake());
    socket.send("2probe");
    CHECK(socket.read() == "3probe");
    socket.send("5");
    sent.push_back("4" + std::string(400'000, 'x'));
    socket.send(sent.back());
    for (int i = 0; i < 300; ++i) {
      sent.push_back("4after" + std::to_string(i));
      socket.send(sent.back());
    }
    bool in_order = true;
    for (auto& message : sent)
      in_order = in_order && socket.next() == message;
    CHECK(in_order);
    CHECK(client.get().body() == R"({"code":3,"message":"Bad request"})");
    socket_client again{port, client.upgrade_target()};
    CHECK(again.read_close() == 1000);
    socket.close();
  }
}

TEST_CASE("a GET that waits is released for an upgrade") {
  fixture f;
  polling_client client{f.start()};
  client.begin_get();
  socket_client socket{f.running().port(), client.upgrade_target()};
  socket.send("2probe");
  CHECK(socket.read() == "3probe");
  CHECK(client.end_get().body() == "6");
  socket.send("5");
  socket.send(fixture::connect_packet(f.token("alice")));
  CHECK(socket.next().starts_with("40{\"sid\""));
}

TEST_CASE("a probe that fails leaves the session where it is") {
  fixture f;
  f.settings.server.conformance_echo = true;
  polling_client client{f.start(), "/engine.io/"};
  auto port = f.running().port();
  socket_client wrong{port, client.upgrade_target()};
  wrong.send("4message");
  CHECK(wrong.read_close() == 1000);
  socket_client gone{port, client.upgrade_target()};
  gone.send("2probe");
  gone.drop();
  CHECK(client.post("4still here").body() == "ok");
  auto got = client.get().body();
  if (got == "6")
    got = client.get().body();
  CHECK(got == "4still here");
  socket_client unknown{port, "/engine.io/?EIO=4&transport=websocket&sid=nobody"};
  CHECK(unknown.handshake());
  CHECK(client.post("1").body() == "ok");
}

TEST_CASE("an upgrade that is not complete in time is given up, and polling goes on") {
  fixture f;
  f.settings.server.conformance_echo = true;
  f.waits.upgrade = 500ms;
  polling_client client{f.start(), "/engine.io/"};
  for (bool probes : {false, true}) {
    socket_client late{f.running().port(), client.upgrade_target()};
    if (probes) {
      late.send("2probe");
      CHECK(late.read() == "3probe");
    }
    CHECK(late.read_close() == 1000);
    // GETs are held again, and not sent away for an upgrade.
    client.begin_get();
    CHECK(client.post("4still here").body() == "ok");
    CHECK(client.end_get().body() == "4still here");
  }
}

TEST_CASE("the time for an upgrade ends with it, and another one may follow a failed one") {
  fixture f;
  f.settings.server.conformance_echo = true;
  f.settings.server.ping_interval = 300ms;
  f.waits.upgrade = 1s;
  polling_client client{f.start(), "/engine.io/"};
  {
    socket_client late{f.running().port(), client.upgrade_target()};
    CHECK(late.read_close() == 1000);
  }
  socket_client socket{f.running().port(), client.upgrade_target()};
  socket.send("2probe");
  socket.send("5");
  CHECK(socket.read() == "3probe");
  // Four pings take longer than an upgrade may.
  for (int i = 0; i < 4; ++i) {
    CHECK(socket.read() == "2");
    socket.send("3");
  }
  socket.send("4upgraded");
  CHECK(socket.next() == "4upgraded");
}
