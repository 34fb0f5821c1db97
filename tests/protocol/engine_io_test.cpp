#include "protocol/engine_io.hpp"

#include "tests/catch.hpp"

using namespace carillon;
using namespace carillon::engine_io;

TEST_CASE("every packet type is decoded with its data", "[engine_io]") {
  for (char type = '0'; type <= '6'; ++type) {
    auto text = std::string{type} + "data";
    auto packet = decode(text);
    REQUIRE(packet);
    CHECK(packet->type == packet_type{type});
    CHECK(packet->data == "data");
  }
  auto empty = decode("2");
  REQUIRE(empty);
  CHECK(empty->type == packet_type::ping);
  CHECK(empty->data.empty());
  auto probe = decode("2probe");
  REQUIRE(probe);
  CHECK(probe->data == "probe");
}

TEST_CASE("what is no packet is refused", "[engine_io]") {
  using namespace std::literals;
  for (auto bad : {""sv, "7"sv, "b"sv, " 2"sv, "-1"sv, "\0"sv, "\xFF"sv, "abc"sv}) {
    auto packet = decode(bad);
    REQUIRE_FALSE(packet);
    CHECK(packet.error().code == error_code::invalid_field);
  }
}

TEST_CASE("the open packet announces the handshake", "[engine_io]") {
  CHECK(encode_open({.sid = "lv_VI97HAXpY6yYWAAAB"})
        == R"(0{"sid":"lv_VI97HAXpY6yYWAAAB","upgrades":[],"pingInterval":25000,)"
           R"("pingTimeout":20000,"maxPayload":131072})");
  CHECK(encode_open({.sid = "s",
                     .ping_interval = milliseconds{300},
                     .ping_timeout = milliseconds{200},
                     .max_payload = 1000000,
                     .upgrade_to_websocket = true})
        == R"(0{"sid":"s","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,)"
           R"("maxPayload":1000000})");
}
