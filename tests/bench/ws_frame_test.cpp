#include "bench/load/ws_frame.hpp"

#include "tests/catch.hpp"

#include <string>

namespace ws = carillon::load::ws;
using outcome = ws::parsed_frame::outcome;

namespace {

/// A client's frame as a server would send it: without the mask.
std::string unmasked(const std::string& frame, std::size_t payload_size) {
  std::size_t header = payload_size < 126 ? 2 : payload_size <= 0xffff ? 4 : 10;
  auto result = frame.substr(0, header);
  result[1] = static_cast<char>(result[1] & 0x7f);
  for (std::size_t i = 0; i < payload_size; ++i)
    result.push_back(static_cast<char>(frame[header + 4 + i] ^ frame[header + i % 4]));
  return result;
}

} // namespace

TEST_CASE("what is framed can be parsed, for each width of the length", "[bench]") {
  for (std::size_t size : {0, 1, 7, 8, 9, 125, 126, 65535, 65536, 200000}) {
    CAPTURE(size);
    std::string payload(size, ' ');
    for (std::size_t i = 0; i < size; ++i)
      payload[i] = static_cast<char>(i * 7);
    std::string framed;
    ws::append_frame(framed, ws::opcode::text, payload, 0x12345678);
    auto input = unmasked(framed, size) + "next";
    auto frame = ws::parse_frame(input);
    REQUIRE(frame.what == outcome::frame);
    CHECK(frame.final);
    CHECK(frame.type == ws::opcode::text);
    CHECK(frame.payload == payload);
    CHECK(frame.size == input.size() - 4);
  }
}

TEST_CASE("a mask is really applied", "[bench]") {
  std::string framed;
  ws::append_frame(framed, ws::opcode::text, "a secret text", 0x89abcdef);
  CHECK(framed.find("secret") == std::string::npos);
  CHECK((static_cast<unsigned char>(framed[1]) & 0x80) != 0);
}

TEST_CASE("a frame that is cut anywhere is incomplete", "[bench]") {
  std::string framed;
  std::string payload(300, 'x');
  ws::append_frame(framed, ws::opcode::text, payload, 1);
  auto input = unmasked(framed, payload.size());
  for (std::size_t size = 0; size < input.size(); ++size)
    CHECK(ws::parse_frame(input.substr(0, size)).what == outcome::incomplete);
}

TEST_CASE("masked frames and reserved bits are refused", "[bench]") {
  std::string framed;
  ws::append_frame(framed, ws::opcode::text, "x", 1);
  CHECK(ws::parse_frame(framed).what == outcome::broken);
  CHECK(ws::parse_frame(std::string{"\xc1\x00", 2}).what == outcome::broken);
}

TEST_CASE("close codes", "[bench]") {
  CHECK(ws::close_code("") == 1005);
  CHECK(ws::close_code(std::string{"\x03\xf1", 2}) == 1009);
  CHECK(ws::close_code(std::string{"\x03\xe8gone", 6}) == 1000);
}
