#include "tests/net/fixture.hpp"

using namespace carillon;
using namespace carillon::net::test;

TEST_CASE("a socket opens, connects and gets its state before anything else") {
  fixture f;
  socket_client client{f.start()};
  auto engine_sid = opened(client);
  client.send(fixture::connect_packet(f.token("alice")));
  auto connected = client.read();
  REQUIRE(connected.starts_with("40{\"sid\":\""));
  auto sid = connected.substr(10, 20);
  CHECK(connected == "40{\"sid\":\"" + sid + "\",\"pid\":\"pid-of-" + sid + "\"}");
  CHECK(sid != engine_sid);
  CHECK(client.read() == no_calls);
  auto devices = f.sink.devices();
  REQUIRE(devices.size() == 1);
  CHECK(devices[0].user == user_id{"alice"});
  CHECK(devices[0].id == device_id{sid});
  client.close();
  CHECK(f.sink.wait_detached());
}

TEST_CASE("the token may come in the handshake, but the one in CONNECT goes first") {
  fixture f;
  auto port = f.start();
  auto target = std::string{socket_client::path};
  headers bob{{"Authorization", f.bearer("bob")}};
  auto user_of = [&](socket_client& client, const std::string& packet) {
    opened(client);
    client.send(packet);
    REQUIRE(client.next().starts_with("40{\"sid\""));
    REQUIRE(client.next() == no_calls);
    return f.sink.devices().back().user.str();
  };
  socket_client in_query{port, target + "&token=" + f.token("alice")};
  CHECK(user_of(in_query, "40") == "alice");
  socket_client in_header{port, target + "&token=" + f.token("alice"), bob};
  CHECK(user_of(in_header, "40{}") == "bob");
  socket_client null_token{port, target, bob};
  CHECK(user_of(null_token, R"(40{"token":null})") == "bob");
  socket_client everywhere{port, target, bob};
  CHECK(user_of(everywhere, fixture::connect_packet(f.token("carol"))) == "carol");
}

TEST_CASE("a bad token in CONNECT is refused, and the client may try again") {
  fixture f;
  socket_client client{f.start()};
  opened(client);
  for (auto& packet :
       {fixture::connect_packet("nonsense"), fixture::connect_packet(f.token("a", seconds{-100})),
        std::string{R"(40{"token":7})"}, std::string{R"(40{"token":{"a":1}})"},
        fixture::connect_packet("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.")}) {
    client.send(packet);
    CHECK(client.next() == R"(44{"message":"Authentication error"})");
  }
  CHECK(f.refused(error_code::unauthorized) == 5);
  client.send(fixture::connect_packet(f.token("alice")));
  CHECK(client.next().starts_with("40{\"sid\""));
}

TEST_CASE("other namespaces do not exist") {
  fixture f;
  socket_client client{f.start()};
  opened(client);
  client.send("40/admin,{\"token\":\"x\"}");
  CHECK(client.next() == R"(44/admin,{"message":"Invalid namespace"})");
  client.send(fixture::connect_packet(f.token("alice")));
  CHECK(client.next().starts_with("40{\"sid\""));
}

TEST_CASE("a socket that does not send CONNECT in time is closed") {
  fixture f;
  f.settings.server.connect_timeout = std::chrono::milliseconds{50};
  socket_client client{f.start()};
  opened(client);
  CHECK(client.read_close() == describe(close_reason::auth_timeout).code);
  CHECK(client.last().empty());
}

TEST_CASE("whoever speaks to a namespace it is not in, or connects twice, is closed") {
  fixture f;
  auto port = f.start();
  auto code = describe(close_reason::protocol_error).code;
  socket_client early{port};
  opened(early);
  early.send(R"(42["acceptCall",{"callId":"c"}])");
  CHECK(early.read_close() == code);
  auto twice = f.connected(port, "alice");
  twice->send(fixture::connect_packet(f.token("alice")));
  CHECK(twice->read_close() == code);
  auto elsewhere = f.connected(port, "alice");
  elsewhere->send(R"(42/admin,["acceptCall",{"callId":"c"}])");
  CHECK(elsewhere->read_close() == code);
}

TEST_CASE("malformed packets close the connection, and only that one") {
  fixture f;
  auto port = f.start();
  auto witness = f.connected(port, "bob");
  for (auto* packet :
       {"", "x", "9", "2", "4", "49", "42{}", "42[]", "42[{}]", "42[\"a\"", "42[\"disconnect\"]",
        "44{}", "45[\"a\"]", "42123456789012345678901234567890[\"a\"]", "4451-[\"a\"]"}) {
    INFO(packet);
    auto client = f.connected(port, "alice");
    client->send(packet);
    CHECK(client->read_close() == describe(close_reason::protocol_error).code);
  }
  // Text that is not UTF-8 is refused by the WebSocket layer already (RFC 6455, section 8.1).
  auto not_text = f.connected(port, "alice");
  not_text->send("42[\"a\",\"\xff\"]");
  CHECK(not_text->read_close() == 1007);
  socket_client bad_auth{port};
  opened(bad_auth);
  bad_auth.send("40[1]");
  CHECK(bad_auth.read_close() == describe(close_reason::protocol_error).code);
  witness->send(R"(421["nothing"])");
  CHECK(witness->next().find("unknown_event") != std::string::npos);
}

TEST_CASE("binary events are refused without closing, their attachments swallowed") {
  fixture f;
  auto client = f.connected(f.start(), "alice");
  client->send(R"(452-8["sendOffer",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}])");
  client->send_binary(std::string(3000, '\0'));
  client->send_binary("x");
  CHECK(client->next().find("binary_refused") != std::string::npos);
  CHECK(client->next().starts_with(R"(438[{"ok":false)"));
  client->send(R"(421["nothing"])");
  CHECK(client->next().find("unknown_event") != std::string::npos);
  CHECK(f.refused(error_code::binary_refused) == 1);
  // Each family in its own words.
  client->send(R"(451-["webrtc_offer",{"_placeholder":true,"num":0}])");
  client->send_binary("x");
  CHECK(client->next().starts_with(R"(42["call_error",)"));
}

TEST_CASE("binary data out of place closes the connection") {
  fixture f;
  auto port = f.start();
  auto code = describe(close_reason::protocol_error).code;
  auto alone = f.connected(port, "alice");
  alone->send_binary("x");
  CHECK(alone->read_close() == code);
  auto missing = f.connected(port, "alice");
  missing->send(R"(451-["sendOffer",{"_placeholder":true,"num":0}])");
  missing->send(R"(42["sendOffer",{}])");
  CHECK(missing->read_close() == code);
}

TEST_CASE("after DISCONNECT the device is gone, the connection stays, and it may connect again") {
  fixture f;
  auto client = f.connected(f.start(), "alice");
  client->send("41");
  CHECK(f.sink.wait_detached());
  CHECK_FALSE(f.sink.devices().back().may_resume);
  client->send(fixture::connect_packet(f.token("alice")));
  CHECK(client->next().starts_with("40{\"sid\""));
  CHECK(client->next() == no_calls);
  client->send("41");
  client->send(R"(42["acceptCall",{"callId":"c"}])");
  CHECK(client->read_close() == describe(close_reason::protocol_error).code);
}

TEST_CASE("acknowledgements of the client are nothing to answer") {
  fixture f;
  auto client = f.connected(f.start(), "alice");
  for (auto* packet : {"430[1]", "43[1]", "430", "43", "461-0[]"})
    client->send(packet);
  client->send_binary("x");
  client->send("461-0");
  client->send_binary("x");
  client->send(R"(421["nothing"])");
  CHECK(client->next().find("unknown_event") != std::string::npos);
}

TEST_CASE("an event without a payload is one that nobody knows") {
  fixture f;
  auto client = f.connected(f.start(), "alice");
  client->send("42");
  client->send("427");
  CHECK(client->next().starts_with(R"(437[{"ok":false,"error":"Unknown event")"));
  client->send("451-8");
  client->send_binary("x");
  CHECK(client->next().find("binary_refused") != std::string::npos);
  CHECK(client->next().starts_with(R"(438[{"ok":false)"));
}
