#include "tests/net/fixture.hpp"

using namespace carillon;
using namespace carillon::net::test;

TEST_CASE("the echoes exist only where they are asked for") {
  fixture f;
  auto port = f.start();
  http_client client{port};
  CHECK(client.request("GET", "/engine.io/?EIO=4&transport=polling").result_int() == 404);
  CHECK(client.request("GET", "/ws-echo").result_int() == 404);
}

TEST_CASE("suites find what they expect of a server") {
  fixture f;
  f.waits.echo_pong = std::chrono::hours{1}; // the client's pong is what `auth` waits for
  f.settings.server.conformance_echo = true;
  auto port = f.start();
  socket_client engine{port, "/engine.io/?EIO=4&transport=websocket"};
  engine.read();
  engine.send("4hello");
  CHECK(engine.read() == "4hello");
  engine.send_binary(std::string("\0b4", 3));
  CHECK(engine.read() == std::string("\0b4", 3));

  socket_client raw{port, "/ws-echo"};
  raw.send("text");
  CHECK(raw.read() == "text");
  raw.send_binary("bytes");
  CHECK(raw.read() == "bytes");

  socket_client client{port};
  client.read();
  client.send("40/other,{}");
  CHECK(client.read() == R"(44/other,{"message":"Invalid namespace"})");
  client.send(R"(40{"token":"123"})");
  auto connected = client.read();
  CHECK(connected.size() == std::string_view{R"(40{"sid":""})"}.size() + 20);
  CHECK(client.read() == R"(42["auth",{"token":"123"}])");
  client.send("40/custom,");
  CHECK(client.read().starts_with("40/custom,{\"sid\""));
  CHECK(client.read() == R"(42/custom,["auth",{}])");
  client.send("41/custom");
  client.send(R"(42["message",1,"2",{"3":[true]}])");
  CHECK(client.read() == R"(42["message-back",1,"2",{"3":[true]}])");
  // As the official server does, an event or acknowledgement of nothing at all is passed over.
  client.send("42");
  client.send("427");
  client.send("43");
  client.send("451-");
  client.send_binary("x");
  client.send("461-7");
  client.send_binary("x");
  client.send(R"(4256["message-with-ack",1])");
  CHECK(client.read() == "4356[1]");
  client.send(R"(452-7["message-with-ack",{"_placeholder":true,"num":0},)"
              R"({"_placeholder":true,"num":1}])");
  client.send_binary("one");
  client.send_binary("two");
  CHECK(client.read() == R"(462-7[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  CHECK(client.read() == "one");
  CHECK(client.read() == "two");
  client.send(R"(451-["message",{"_placeholder":true,"num":1}])");
  client.send_binary("x");
  CHECK(client.read_close() == 1002);
  CHECK(f.sink.seen_users().empty());
}
