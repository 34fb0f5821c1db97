#include "tests/net/fixture.hpp"

using namespace carillon;
using namespace carillon::net::test;
using namespace std::chrono_literals;

namespace {

std::string hello(const std::string& token, std::string_view more = {}) {
  return R"({"event":"hello","data":{"token":")" + token + "\"" + std::string{more} + "}}";
}

} // namespace

TEST_CASE("a plain WebSocket is connected by hello and speaks the same events") {
  fixture f;
  f.sink.on_submit = [](client_command, reply_to reply) { reply(error_code::call_not_found); };
  socket_client client{f.start(), "/ws"};
  REQUIRE(!client.handshake());
  client.send(R"({"event":"acceptCall","data":{"callId":"c"},"id":1})");
  CHECK(client.read().find("not_authenticated") != std::string::npos);
  CHECK(client.read().starts_with(R"({"ack":1,"data":{"ok":false)"));
  client.send(hello("nonsense"));
  CHECK(client.read()
        == R"({"event":"error","data":{"error":"Authentication error","code":"unauthorized"}})");
  client.send(hello(f.token("alice")));
  auto welcome = client.read();
  auto sid = f.sink.devices().at(0).id.str();
  CHECK(welcome
        == R"({"event":"hello","data":{"sid":")" + sid + R"(","pid":"pid-of-)" + sid
               + R"(","recovered":false,"userId":"alice"}})");
  CHECK(client.read() == R"({"event":"callState","data":{"calls":[]}})");
  f.sink.link()->offer(std::make_shared<const wire_event>("test", "{}", 3));
  CHECK(client.read() == R"({"event":"test","data":{},"offset":"3"})");
  client.send(R"({"event":"acceptCall","data":{"callId":"c"},"id":2})");
  CHECK(client.read().starts_with(R"({"event":"callError","data":{"error":"Call not found")"));
  CHECK(client.read().starts_with(R"({"ack":2,"data":{"ok":false)"));
  client.drop();
  CHECK(f.sink.wait_detached());
  CHECK(f.sink.devices().back().may_resume);
}

TEST_CASE("the bytes of a plain WebSocket's authentication and errors", "[golden]") {
  fixture f;
  socket_client client{f.start(), "/ws"};
  REQUIRE(!client.handshake());
  client.send("{");
  CHECK(client.read()
        == R"({"event":"error","data":{"error":"Invalid JSON","code":"invalid_json"}})");
  client.send(R"({"event":"a","id":-1})");
  CHECK(client.read()
        == R"({"event":"error","data":{"error":"Invalid field: id","code":"invalid_field"}})");
  client.send(R"({"event":"hello","data":[]})");
  CHECK(client.read()
        == R"({"event":"error","data":{"error":"Invalid field: data","code":"invalid_field"}})");
  client.send(R"({"event":"authenticate","data":{"token":")" + f.token("alice") + R"("},"id":3})");
  auto answer = client.read();
  auto sid = f.sink.devices().at(0).id.str();
  auto who = R"("userId":"alice","socketId":")" + sid + "\"}}";
  CHECK(answer == R"({"event":"authenticated","data":{)" + who);
  CHECK(client.read() == R"({"ack":3,"data":{"ok":true,)" + who);
  CHECK(client.read() == R"({"event":"callState","data":{"calls":[]}})");
  client.send(R"({"event":"hello"})");
  CHECK(client.read()
        == R"({"event":"error","data":{"error":"Invalid field: hello","code":"invalid_field"}})");
}

TEST_CASE("a token in the handshake connects a plain WebSocket at once") {
  fixture f;
  std::optional<resume_request> asked;
  f.sink.on_attach = [&](user_ptr, device_id, client_link_ptr, std::optional<resume_request> resume,
                         reply_to reply) {
    asked = std::move(resume);
    f.sink.rename_last(device_id{"old"});
    reply(reply_value{attachment{device_id{"old"}, "p", true}});
  };
  auto port = f.start();
  socket_client client{port, "/ws?resume=p,12&token=" + f.token("alice")};
  CHECK(client.read()
        == R"({"event":"hello","data":{"sid":"old","pid":"p","recovered":true,"userId":"alice"}})");
  REQUIRE(asked);
  CHECK(asked->pid == "p");
  CHECK(asked->offset == 12);
  client.close();
  CHECK(f.sink.wait_detached());
}

TEST_CASE("frames that are none get an error and change nothing") {
  fixture f;
  socket_client client{f.start(), "/ws?token=" + f.token("alice")};
  client.read();
  client.read();
  for (auto [frame, code] : {std::pair{"{", "invalid_json"},
                             {"[1]", "invalid_json"},
                             {"{}", "invalid_field"},
                             {R"({"event":"a","id":"x"})", "invalid_field"},
                             {R"({"event":"a","id":-1})", "invalid_field"},
                             {R"({"event":"hello","data":{}})", "invalid_field"}}) {
    client.send(frame);
    auto answer = client.read();
    CHECK(answer.starts_with(R"({"event":"error")"));
    CHECK(answer.find(code) != std::string::npos);
  }
  client.send_binary("x");
  CHECK(client.read().find("binary_refused") != std::string::npos);
  client.send(R"({"event":"whatever","id":7})");
  CHECK(client.read().starts_with(R"({"ack":7,"data":{"ok":false)"));
}

TEST_CASE("a plain WebSocket is pinged by frames of its own and closed when it says nothing") {
  fixture f;
  f.settings.server.ping_interval = 20ms;
  f.settings.server.ping_timeout = 1s;
  auto port = f.start();
  socket_client client{port, "/ws?token=" + f.token("alice")};
  client.read();
  client.read();
  // Reading answers pings by itself: no message comes, and no close.
  auto link = f.sink.link();
  REQUIRE(link);
  link->set_in_call(true);
  for (int i = 0; i < 20; ++i) {
    client.send(R"({"event":"whatever","id":7})");
    CHECK(client.read().starts_with(R"({"ack":7)"));
  }
  link.reset();
  CHECK(f.sink.wait_detached());
  CHECK(f.sink.devices().back().may_resume);
}

TEST_CASE("without a token in time a plain WebSocket is closed") {
  fixture f;
  f.waits.guest = 50ms;
  socket_client client{f.start(), "/ws"};
  CHECK(client.read_close() == describe(close_reason::auth_timeout).code);
}

TEST_CASE("the plain path is for WebSockets only") {
  fixture f;
  http_client client{f.start()};
  CHECK(client.request("GET", "/ws").result_int() == 426);
}
