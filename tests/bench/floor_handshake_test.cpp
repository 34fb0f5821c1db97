#include "bench/peers/floor/handshake.hpp"

#include "tests/catch.hpp"

using namespace carillon::floor;

namespace {

std::string request(const std::string& target, const std::string& headers) {
  return "GET " + target + " HTTP/1.1\r\nHost: x" + headers;
}

} // namespace

TEST_CASE("the answer to a key is that of RFC 6455, section 1.3", "[bench]") {
  CHECK(accept_value("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST_CASE("the answer is right for texts of any length", "[bench]") {
  // Around the padding of SHA-1; checked with `openssl sha1 -binary | base64`.
  CHECK(accept_value("") == "Kfh9QIsMVZcl6xEPYxPHzW8SZ8w=");
  CHECK(accept_value(std::string(19, 'a')) == "yzaGyu0mcUukN7CdsSwa30tnCpc=");
  CHECK(accept_value(std::string(20, 'a')) == "dUYRM7bOMwDmbriNIPr11x+r3E0=");
  CHECK(accept_value(std::string(64, 'a')) == "jGdebzmm20QI0DmM5dGETWg7dwQ=");
}

TEST_CASE("an upgrade names its pair and its side", "[bench]") {
  auto asked = parse_upgrade(
      request("/floor?pair=7&side=1", "\r\nupgrade: WebSocket\r\nSec-WebSocket-Key:  abc== "));
  REQUIRE(asked);
  CHECK(asked->pair == 7);
  CHECK(asked->side == 1);
  CHECK(asked->key == "abc==");
}

TEST_CASE("anything else is not an upgrade", "[bench]") {
  const std::string headers = "\r\nUpgrade: websocket\r\nSec-WebSocket-Key: abc==";
  CHECK_FALSE(parse_upgrade(""));
  CHECK_FALSE(parse_upgrade(request("/other?pair=7&side=1", headers)));
  CHECK_FALSE(parse_upgrade(request("/floor?pair=7&side=2", headers)));
  CHECK_FALSE(parse_upgrade(request("/floor?pair=&side=1", headers)));
  CHECK_FALSE(parse_upgrade(request("/floor?side=1", headers)));
  CHECK_FALSE(parse_upgrade(request("/floor?pair=7&side=1", "\r\nUpgrade: websocket")));
  CHECK_FALSE(parse_upgrade(request("/floor?pair=7&side=1", "\r\nSec-WebSocket-Key: abc==")));
  CHECK_FALSE(parse_upgrade(request("/floor?pair=99999999999&side=1", headers)));
}
