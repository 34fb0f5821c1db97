#include "net/websocket_handshake.hpp"

#include "tests/net/fixture.hpp"

using namespace carillon;
using namespace carillon::net;
using namespace carillon::net::test;

namespace {

exchange::request upgrade_with(std::string_view key, std::string_view version = "13") {
  exchange::request asked{http::verb::get, "/ws", 11};
  if (!key.empty())
    asked.set(http::field::sec_websocket_key, {key.data(), key.size()});
  if (!version.empty())
    asked.set(http::field::sec_websocket_version, {version.data(), version.size()});
  return asked;
}

/// Of RFC 6455, section 1.3.
constexpr const char* key = "dGhlIHNhbXBsZSBub25jZQ==";
const headers usual{{"Connection", "Upgrade"},
                    {"Upgrade", "websocket"},
                    {"Sec-WebSocket-Version", "13"},
                    {"Sec-WebSocket-Key", key}};

headers with(std::string name, std::string value) {
  auto all = usual;
  for (auto& field : all)
    if (field.first == name)
      field.second = value;
  return all;
}

headers without(std::string_view name) {
  headers some;
  for (auto& field : usual)
    if (field.first != name)
      some.push_back(field);
  return some;
}

} // namespace

TEST_CASE("the answer is that of the RFC's example, and nothing else") {
  CHECK(websocket_greeting(upgrade_with(key))
        == "HTTP/1.1 101 Switching Protocols\r\n"
           "Upgrade: websocket\r\n"
           "Connection: Upgrade\r\n"
           "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
           "\r\n");
  CHECK(websocket_greeting(upgrade_with("x3JJHMbDL1EzLkh9GBhXDw=="))
            .find("Accept: HSmrc0sMlYUkAGmm5OPpG2HaGWk=\r\n")
        != std::string::npos);
}

TEST_CASE("a key is sixteen bytes in base64") {
  for (auto good : {key, "AAAAAAAAAAAAAAAAAAAAAA==", "+/+/+/+/+/+/+/+/+/+/+w=="})
    CHECK(has_websocket_key(upgrade_with(good)));
  for (auto bad :
       {"", "a", "dGhlIHNhbXBsZSBub25jZQ=", "dGhlIHNhbXBsZSBub25jZQ", "========================",
        "dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub25jZWE=", "dGhlIHNhbXBsZSBub25jZWEh",
        "dGhlIHNhbXBsZSBu b25jZ==", "dGhlIHNhbXBsZSBub2-_ZQ==", "dGhlIHNhbXBsZSBub25j=Q=="}) {
    INFO(bad);
    CHECK_FALSE(has_websocket_key(upgrade_with(bad)));
  }
}

TEST_CASE("the version is 13") {
  CHECK(has_websocket_version(upgrade_with(key)));
  for (auto bad : {"", "8", "12", "14", "013", "13, 8", "thirteen"}) {
    INFO(bad);
    CHECK_FALSE(has_websocket_version(upgrade_with(key, bad)));
  }
}

TEST_CASE("an upgrade in whatever spelling becomes a WebSocket") {
  fixture f;
  f.settings.server.conformance_echo = true;
  auto port = f.start();
  for (auto& fields :
       {usual, with("Connection", "keep-alive, upgrade"), with("Upgrade", "WebSocket"),
        headers{{"connection", "UPGRADE"},
                {"upgrade", "websocket"},
                {"sec-websocket-version", "13"},
                {"sec-websocket-key", key},
                {"sec-websocket-extensions", "permessage-deflate; client_max_window_bits"},
                {"sec-websocket-protocol", "chat"},
                {"origin", "http://anywhere"}}}) {
    http_client client{port};
    auto answer = client.request("GET", "/ws-echo", {}, fields);
    CHECK(answer.result_int() == 101);
    CHECK(answer["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    // Nothing was agreed on.
    CHECK(answer.find("Sec-WebSocket-Extensions") == answer.end());
    CHECK(answer.find("Sec-WebSocket-Protocol") == answer.end());
  }
}

TEST_CASE("what is no upgrade of this protocol is refused") {
  fixture f;
  auto port = f.start();
  struct {
    headers fields;
    unsigned status;
  } table[] = {
      {with("Sec-WebSocket-Version", "8"), 426},
      {without("Sec-WebSocket-Version"), 400},
      {with("Sec-WebSocket-Key", "short"), 400},
      {without("Sec-WebSocket-Key"), 400},
      {without("Upgrade"), 426},
      {without("Connection"), 426},
      {with("Upgrade", "h2c"), 426},
  };
  for (auto& row : table) {
    http_client client{port};
    auto answer = client.request("GET", "/ws", {}, row.fields);
    CHECK(answer.result_int() == row.status);
    CHECK(answer.find("Sec-WebSocket-Accept") == answer.end());
  }
  http_client old{port};
  auto answer = old.request("GET", "/ws", {}, with("Sec-WebSocket-Version", "8"));
  CHECK(answer["Sec-WebSocket-Version"] == "13");
  http_client post{port};
  CHECK(post.request("POST", "/ws", {}, usual).result_int() == 405);
}

TEST_CASE("who does not wait for the answer is refused") {
  fixture f;
  auto port = f.start();
  http_client client{port};
  std::string text = "GET /ws HTTP/1.1\r\nHost: localhost\r\n";
  for (auto& [name, value] : usual)
    text += name + ": " + value + "\r\n";
  client.send(text
              + "\r\n\x81\x80"
                "abcd");
  CHECK(client.receive().result_int() >= 400);
  CHECK(client.ends());
}
