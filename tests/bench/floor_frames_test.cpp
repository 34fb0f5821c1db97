#include "bench/peers/floor/frames.hpp"

#include "bench/load/ws_frame.hpp"
#include "tests/catch.hpp"

#include <string>

using namespace carillon::floor;
namespace load = carillon::load;

namespace {

std::string client_bytes(const std::string& text) {
  std::string bytes;
  load::ws::append_frame(bytes, load::ws::opcode::text, text, 0x8badf00d);
  return bytes;
}

} // namespace

TEST_CASE("a client's frame becomes the server's frame with the same text", "[bench]") {
  // Around the lengths at which the header grows, and at which words of eight bytes end.
  for (std::size_t size : {0, 1, 7, 8, 9, 125, 126, 127, 65535, 65536, 131072}) {
    CAPTURE(size);
    std::string text;
    for (std::size_t i = 0; i < size; ++i)
      text.push_back(static_cast<char>('a' + i % 23));
    auto bytes = client_bytes(text) + "next";
    auto frame = parse_frame(bytes);
    REQUIRE(frame.what == client_frame::outcome::whole);
    CHECK(frame.size == bytes.size() - 4);
    CHECK_FALSE(frame.is_control());
    std::string out(size + max_server_header, '\0');
    out.resize(static_cast<std::size_t>(write_frame(out.data(), frame) - out.data()));
    auto back = load::ws::parse_frame(out);
    REQUIRE(back.what == load::ws::parsed_frame::outcome::frame);
    CHECK(back.size == out.size());
    CHECK(back.type == load::ws::opcode::text);
    CHECK(back.final);
    CHECK(back.payload == text);
  }
}

TEST_CASE("a frame is incomplete until its last byte", "[bench]") {
  for (std::size_t size : {0, 5, 300, 70000}) {
    auto bytes = client_bytes(std::string(size, 'x'));
    for (std::size_t length = 0; length < bytes.size(); length += 1 + length / 4)
      CHECK(parse_frame({bytes.data(), length}).what == client_frame::outcome::incomplete);
    CHECK(parse_frame(bytes).what == client_frame::outcome::whole);
  }
}

TEST_CASE("a part of a message stays one", "[bench]") {
  auto bytes = client_bytes("part");
  bytes[0] = 0x01; // text, without FIN
  auto frame = parse_frame(bytes);
  REQUIRE(frame.what == client_frame::outcome::whole);
  std::string out(64, '\0');
  write_frame(out.data(), frame);
  CHECK(out[0] == 0x01);
}

TEST_CASE("what a client may not send is refused", "[bench]") {
  auto bytes = client_bytes("text");
  auto unmasked = bytes;
  unmasked[1] = static_cast<char>(unmasked[1] & 0x7f);
  CHECK(parse_frame(unmasked).what == client_frame::outcome::broken);
  auto reserved = bytes;
  reserved[0] = static_cast<char>(reserved[0] | 0x40);
  CHECK(parse_frame(reserved).what == client_frame::outcome::broken);
  auto big = client_bytes(std::string(max_payload + 1, 'x'));
  CHECK(parse_frame({big.data(), 16}).what == client_frame::outcome::too_big);
}
