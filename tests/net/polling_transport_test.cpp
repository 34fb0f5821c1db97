#include "tests/net/polling.hpp"

using namespace carillon;
using namespace carillon::net::test;
using namespace std::chrono_literals;

namespace {

void use_echoes(fixture& f) { f.settings.server.conformance_echo = true; }

constexpr auto unknown_session = R"({"code":1,"message":"Session ID unknown"})";

} // namespace

TEST_CASE("long-polling opens a session that may be upgraded, and gives payloads back") {
  fixture f;
  use_echoes(f);
  polling_client client{f.start(), "/engine.io/"};
  CHECK(client.open().find(R"("upgrades":["websocket"])") != std::string::npos);
  for (std::string payload : {"4hello",
                              "4a\x1e"
                              "4b\x1e"
                              "4c",
                              "4hello\x1e"
                              "bAQIDBA=="}) {
    auto posted = client.post(payload);
    CHECK(posted.result_int() == 200);
    CHECK(posted.body() == "ok");
    auto got = client.get();
    CHECK(got.result_int() == 200);
    CHECK(got.body() == payload);
  }
  CHECK(client.post("1").body() == "ok");
  CHECK(client.get().body() == unknown_session);
}

TEST_CASE("a GET waits for what is to come") {
  fixture f;
  use_echoes(f);
  polling_client client{f.start(), "/engine.io/"};
  client.begin_get();
  CHECK(client.post("4late").body() == "ok");
  CHECK(client.end_get().body() == "4late");
  client.begin_get();
  CHECK(client.post("1").body() == "ok");
  CHECK(client.end_get().body() == "6");
}

TEST_CASE("a second GET and what is no payload close the session") {
  fixture f;
  use_echoes(f);
  auto port = f.start();
  polling_client twice{port, "/engine.io/"};
  twice.begin_get();
  http_client other{port};
  // Which of the two comes first is for the threads to say.
  auto second = other.request("GET", twice.target());
  auto first = twice.end_get();
  CHECK(std::minmax(first.result_int(), second.result_int()) == std::minmax(200u, 400u));
  CHECK((first.result_int() == 200 ? first : second).body() == "1");
  CHECK(twice.get().body() == unknown_session);
  for (auto* payload : {"abc", "4a\x1e", "2", "b*"}) {
    polling_client client{port, "/engine.io/"};
    CHECK(client.post(payload).result_int() == 400);
    CHECK(client.get().body() == unknown_session);
  }
  polling_client bytes{port, "/engine.io/"};
  CHECK(bytes.post("4a", {{"Content-Type", "application/octet-stream"}}).result_int() == 400);
  CHECK(bytes.get().body() == unknown_session);
}

TEST_CASE("a payload over the limit is refused with 413") {
  fixture f;
  f.settings.limits.frame_bytes = 1000;
  f.settings.limits.body_bytes = 2000;
  auto port = f.start();
  // More than a request may have, and more than any may have.
  for (std::size_t size : {1000, 2000}) {
    polling_client client{port};
    auto answer = client.post("4" + std::string(size, 'x'));
    CHECK(answer.result_int() == 413);
    CHECK(answer.body().find("frame_too_large") != std::string::npos);
  }
  CHECK(f.refused(error_code::frame_too_large) == 2);
  CHECK(f.refused(error_code::body_too_large) == 0);
}

TEST_CASE("heartbeats go over long-polling, and who does not answer is closed") {
  fixture f;
  f.settings.server.ping_interval = 50ms;
  f.settings.server.ping_timeout = 1s;
  polling_client client{f.start()};
  CHECK(client.get().body() == "2");
  CHECK(client.post("3").body() == "ok");
  CHECK(client.get().body() == "2");
  CHECK(client.get().body() == "1");
  CHECK(client.get().body() == unknown_session);
}

TEST_CASE("a device lives over long-polling, and its lost connection is a blink") {
  fixture f;
  polling_client client{f.start()};
  CHECK(client.post(fixture::connect_packet(f.token("alice"))).body() == "ok");
  auto got = client.get().body();
  while (got.find("callState") == std::string::npos)
    got += client.get().body();
  CHECK(got.starts_with("40{\"sid\":\""));
  client.begin_get();
  f.sink.link()->offer(std::make_shared<const wire_event>("test", "1", 7));
  CHECK(client.end_get().body() == R"(42["test",1,"7"])");
  client.begin_get();
  client.gets().drop();
  CHECK(f.sink.wait_detached());
  CHECK(f.sink.devices().back().may_resume);
}

TEST_CASE("a session that the server closed answers at once, until a GET has told of it") {
  fixture f;
  f.waits.close = 1h; // what waited for the session to be cut off would never be answered
  polling_client client{f.start()};
  CHECK(client.post(fixture::connect_packet(f.token("alice"))).body() == "ok");
  auto got = client.get().body();
  while (got.find("callState") == std::string::npos)
    got += client.get().body();
  f.sink.link()->close(close_reason::token_expired);
  CHECK(f.sink.wait_detached());
  for (int i = 0; i < 2; ++i) {
    auto late = client.post("3");
    CHECK(late.result_int() == 200);
    CHECK(late.body() == "ok");
  }
  CHECK(client.get().body()
        == "41\x1e"
           "1");
  CHECK(client.get().body() == unknown_session);
}

TEST_CASE("DISCONNECT is no blink, a mere close of the transport is") {
  fixture f;
  auto port = f.start();
  for (bool leaves : {true, false}) {
    polling_client client{port};
    CHECK(client.post(fixture::connect_packet(f.token("alice"))).body() == "ok");
    CHECK(client.get().body().starts_with("40"));
    if (leaves)
      CHECK(client.post("41").body() == "ok");
    CHECK(client.post("1").body() == "ok");
    CHECK(f.sink.wait_detached());
    CHECK(f.sink.devices().back().may_resume != leaves);
  }
}

TEST_CASE("transport and session must fit, and methods be known") {
  fixture f;
  auto port = f.start();
  polling_client client{port};
  http_client http{port};
  CHECK(http.request("GET", client.upgrade_target()).body()
        == R"({"code":3,"message":"Bad request"})");
  CHECK(http.request("PUT", client.target()).result_int() == 405);
  CHECK(http.request("OPTIONS", client.target()).result_int() == 204);
  CHECK(http.request("HEAD", client.target()).result_int() == 405);
}

TEST_CASE("pages of allowed origins may poll") {
  fixture f;
  f.settings.server.cors_origins = {"https://app.example"};
  http_client http{f.start()};
  headers origin{{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "POST"}};
  auto preflight = http.request("OPTIONS", "/socket.io/?EIO=4&transport=polling", {}, origin);
  CHECK(preflight["Access-Control-Allow-Origin"] == "https://app.example");
  CHECK(preflight["Access-Control-Allow-Methods"] == "GET, POST, OPTIONS");
  auto open = http.request("GET", "/socket.io/?EIO=4&transport=polling", {}, origin);
  CHECK(open.result_int() == 200);
  CHECK(open["Access-Control-Allow-Origin"] == "https://app.example");
}
