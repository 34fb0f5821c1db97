#include "tests/net/fixture.hpp"

using namespace carillon;
using namespace carillon::net::test;
using namespace std::chrono_literals;

TEST_CASE(
    "a stopping server tells its clients that it goes away, and they are not told to stay away") {
  fixture f;
  auto port = f.start();
  auto alice = f.connected(port, "alice");
  auto bob = f.connected(port, "bob");
  http_client idle{port};
  CHECK(idle.request("GET", "/").result_int() == 200);
  auto done = std::make_shared<std::promise<void>>();
  auto ended = done->get_future();
  f.running().stop(5s, [done] { done->set_value(); });
  CHECK(alice->read_close() == 1001);
  CHECK(alice->last().empty());
  CHECK(bob->read_close() == 1001);
  CHECK(idle.closed());
  CHECK(ended.wait_for(patience) == std::future_status::ready);
  CHECK(f.sink.wait_detached());
}

TEST_CASE("a stopping server finishes the request under way") {
  fixture f;
  std::promise<reply_to> asked;
  auto question = asked.get_future();
  f.sink.on_history = [&](query::history, reply_to reply) { asked.set_value(std::move(reply)); };
  http_client client{f.start()};
  client.send("GET /api/calls/history HTTP/1.1\r\nHost: x\r\nAuthorization: " + f.bearer("alice")
              + "\r\n\r\n");
  REQUIRE(question.wait_for(patience) == std::future_status::ready);
  auto done = std::make_shared<std::promise<void>>();
  auto ended = done->get_future();
  f.running().stop(10s, [done] { done->set_value(); });
  CHECK(ended.wait_for(0s) == std::future_status::timeout);
  question.get()(reply_value{call_page{}});
  auto answer = client.receive();
  CHECK(answer.result_int() == 200);
  CHECK_FALSE(answer.keep_alive());
  CHECK(client.closed());
  client.drop();
  CHECK(ended.wait_for(patience) == std::future_status::ready);
}

TEST_CASE("patience ends what does not end by itself") {
  fixture f;
  auto client = f.connected(f.start(), "alice");
  // A client that never answers the close holds the connection.
  CHECK(f.stop(50ms));
  CHECK(f.sink.wait_detached());
  client->read_close();
}

TEST_CASE("whoever stops a server that is stopped already is told so, too") {
  fixture f;
  f.start();
  for (int i = 0; i < 2; ++i) {
    auto done = std::make_shared<std::promise<void>>();
    auto ended = done->get_future();
    f.running().stop(5s, [done] { done->set_value(); });
    CHECK(ended.wait_for(patience) == std::future_status::ready);
  }
}

TEST_CASE("nobody is accepted after the stop") {
  fixture f;
  auto port = f.start();
  CHECK(f.stop());
  asio::io_context context;
  asio::ip::tcp::socket socket{context};
  beast::error_code problem;
  socket.connect({asio::ip::address_v4::loopback(), port}, problem);
  CHECK(problem == asio::error::connection_refused);
}

TEST_CASE("a port that is taken is refused with its address") {
  fixture f;
  auto port = f.start();
  fixture other;
  other.settings.server.port = port;
  net::io_pool pool{1};
  jwt_settings keys;
  keys.secret = fixture::secret;
  auto auth = authenticator::create(keys).value();
  net::server second{{other.settings, *auth, other.sink, other.counts, other.time}, pool};
  auto started = second.start();
  REQUIRE_FALSE(started.ok());
  CHECK(started.error().detail.find("127.0.0.1:" + std::to_string(port)) != std::string::npos);
}

TEST_CASE("bad settings are refused by name") {
  fixture f;
  net::io_pool pool{1};
  jwt_settings keys;
  keys.secret = fixture::secret;
  auto auth = authenticator::create(keys).value();
  auto refusal = [&] {
    net::server s{{f.settings, *auth, f.sink, f.counts, f.time}, pool};
    auto started = s.start();
    REQUIRE_FALSE(started.ok());
    return started.error().detail;
  };
  f.settings.server.trusted_proxies = {"nowhere"};
  CHECK(refusal().find("server.trusted_proxies") != std::string::npos);
  f.settings.server.trusted_proxies.clear();
  f.settings.server.host = "no such host";
  CHECK(refusal().find("no such host") != std::string::npos);
}

TEST_CASE("many connections come and go without a trace") {
  fixture f;
  auto port = f.start();
  for (int round = 0; round < 5; ++round) {
    std::vector<std::unique_ptr<socket_client>> clients;
    for (int i = 0; i < 20; ++i)
      clients.push_back(f.connected(port, "user" + std::to_string(i)));
    for (std::size_t i = 0; i < clients.size(); ++i)
      i % 2 ? clients[i]->close() : clients[i]->drop();
    CHECK(f.sink.wait_detached());
  }
  CHECK(f.sink.devices().size() == 100);
}
