#include "net/ws_frames.hpp"
#include "tests/catch.hpp"
#include "tests/net/frames.hpp"

using namespace carillon::net;
using namespace carillon::net::test;
using ws::frame_reader;
using ws::opcode;
using strings = std::vector<std::string>;

namespace {

std::string from_hex(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    if (text[i] == ' ')
      --i;
    else
      out += static_cast<char>(std::stoi(std::string{text.substr(i, 2)}, nullptr, 16));
  return out;
}

strings read_whole(std::string_view bytes, std::size_t most = 0) {
  strings items;
  frame_reader reader{most};
  feed(reader, std::string{bytes}, items);
  return items;
}

strings read_singly(std::string_view bytes, std::size_t most = 0) {
  strings items;
  frame_reader reader{most};
  for (auto byte : bytes)
    if (items.empty() || !items.back().starts_with("failed"))
      feed(reader, std::string(1, byte), items);
  return items;
}

/// What comes of `bytes`, however they arrive.
strings read(std::string_view bytes, std::size_t most = 0) {
  auto items = read_whole(bytes, most);
  CHECK(read_singly(bytes, most) == items);
  return items;
}

std::string masked(opcode type, std::string payload = {}, bool final = true) {
  return client_frame{type, std::move(payload), final}.bytes();
}

const std::string x125(125, 'x');

} // namespace

TEST_CASE("the head of a server's frame has the shortest length and no mask") {
  struct {
    opcode type;
    std::size_t size;
    std::string_view hex;
  } table[] = {
      {opcode::text, 0, "81 00"},
      {opcode::text, 5, "81 05"}, // RFC 6455, section 5.7
      {opcode::text, 125, "81 7d"},
      {opcode::text, 126, "81 7e 007e"},
      {opcode::binary, 256, "82 7e 0100"},
      {opcode::binary, 65535, "82 7e ffff"},
      {opcode::binary, 65536, "82 7f 0000000000010000"},
      {opcode::binary, 0x123456789A, "82 7f 000000123456789a"},
      {opcode::close, 2, "88 02"},
      {opcode::ping, 5, "89 05"},
      {opcode::pong, 5, "8a 05"},
  };
  for (auto& row : table) {
    INFO(row.hex);
    CHECK(ws::frame_head{row.type, row.size}.bytes() == from_hex(row.hex));
  }
}

TEST_CASE("the payload of a close frame is its code and as much of the reason as fits") {
  CHECK(ws::close_payload(1000, {}) == from_hex("03e8"));
  CHECK(ws::close_payload(4005, "bye") == from_hex("0fa5") + "bye");
  CHECK(ws::close_payload(ws::code_none, "bye").empty());
  auto longest = ws::close_payload(1001, std::string(123, 'r'));
  CHECK(longest == from_hex("03e9") + std::string(123, 'r'));
  CHECK(ws::close_payload(1001, std::string(124, 'r')) == longest);
}

TEST_CASE("the examples of the RFC") {
  // Section 5.7; what is unmasked there is masked here with the same key.
  CHECK(read(from_hex("81 85 37fa213d 7f9f4d5158")) == strings{"text Hello"});
  CHECK(read(from_hex("01 83 37fa213d 7f9f4d 80 82 37fa213d 5b95")) == strings{"text Hello"});
  CHECK(read(from_hex("89 85 37fa213d 7f9f4d5158")) == strings{"ping Hello"});
  CHECK(read(from_hex("8a 85 37fa213d 7f9f4d5158")) == strings{"pong Hello"});
}

TEST_CASE("messages and control frames") {
  struct {
    const char* name;
    std::string bytes;
    strings items;
  } table[] = {
      {"nothing", "", {}},
      {"empty text", masked(opcode::text), {"text"}},
      {"empty binary", masked(opcode::binary), {"binary"}},
      {"text that is not UTF-8", masked(opcode::text, "\xFF"), {"text \xFF"}},
      {"two in one",
       masked(opcode::text, "a") + masked(opcode::binary, "b"),
       {"text a", "binary b"}},
      {"length in one byte", masked(opcode::text, x125), {"text " + x125}},
      {"in two bytes", masked(opcode::text, x125 + "y"), {"text " + x125 + "y"}},
      {"an empty ping", masked(opcode::ping), {"ping"}},
      {"the longest ping", masked(opcode::ping, x125), {"ping " + x125}},
      {"the longest pong", masked(opcode::pong, x125), {"pong " + x125}},
      {"fragments",
       masked(opcode::binary, "a", false) + masked(opcode::continuation, "b", false)
           + masked(opcode::continuation, "c") + masked(opcode::text, "d"),
       {"binary abc", "text d"}},
      {"fragments of nothing",
       masked(opcode::text, "", false) + masked(opcode::continuation, "", false)
           + masked(opcode::continuation),
       {"text"}},
      {"control frames between fragments",
       masked(opcode::text, "a", false) + masked(opcode::ping, "p")
           + masked(opcode::continuation, "b", false) + masked(opcode::pong, "q")
           + masked(opcode::continuation, "c"),
       {"ping p", "pong q", "text abc"}},
      {"a close between fragments",
       masked(opcode::text, "a", false) + masked(opcode::close, closing(1001, "bye")),
       {"close 1001 bye"}},
      {"a close without a code", masked(opcode::close), {"close 1005"}},
      {"a mask of zeros", client_frame{.payload = "a", .mask = {}}.bytes(), {"text a"}},
      {"no more than a head's beginning", from_hex("81"), {}},
      {"a frame that lacks a byte", from_hex("81 85 37fa213d 7f9f4d51"), {}},
  };
  for (auto& row : table) {
    INFO(row.name);
    CHECK(read(row.bytes) == row.items);
  }
}

TEST_CASE("payloads of every size and place are unmasked") {
  std::string payload;
  for (int size = 0; size < 40; ++size) {
    for (std::size_t shift = 0; shift < 8; ++shift) {
      frame_reader reader{0};
      auto bytes = std::string(shift, '.') + masked(opcode::text, payload);
      reader.feed(bytes.data() + shift, bytes.size() - shift);
      auto got = reader.next();
      REQUIRE(got.what == frame_reader::event::text);
      REQUIRE(got.payload == payload);
      REQUIRE(reader.next().what == frame_reader::event::none);
    }
    payload += static_cast<char>(size * 7);
  }
}

TEST_CASE("broken streams end with 1002 and nothing comes after") {
  struct {
    const char* name;
    std::string bytes;
  } table[] = {
      {"reserved bit 1", client_frame{.reserved = 4}.bytes()},
      {"reserved bit 2", client_frame{.reserved = 2}.bytes()},
      {"reserved bit 3", client_frame{.reserved = 1}.bytes()},
      {"a reserved bit of a ping", client_frame{.type = opcode::ping, .reserved = 4}.bytes()},
      {"text without a mask", client_frame{.payload = "a", .masked = false}.bytes()},
      {"empty text without a mask", client_frame{.masked = false}.bytes()},
      {"a ping without a mask", client_frame{.type = opcode::ping, .masked = false}.bytes()},
      {"a close without a mask", client_frame{.type = opcode::close, .masked = false}.bytes()},
      {"a ping in fragments", masked(opcode::ping, "", false)},
      {"a pong in fragments", masked(opcode::pong, "", false)},
      {"a close in fragments", masked(opcode::close, "", false)},
      {"a ping that is too long", masked(opcode::ping, x125 + "y")},
      {"a pong that is too long", masked(opcode::pong, x125 + "y")},
      {"a close that is too long", masked(opcode::close, closing(1000, x125))},
      {"a ping with a long length", client_frame{.type = opcode::ping, .length_bytes = 2}.bytes()},
      {"a continuation of nothing", masked(opcode::continuation, "a")},
      {"an unfinished continuation of nothing", masked(opcode::continuation, "a", false)},
      {"two length bytes for none", client_frame{.payload = x125, .length_bytes = 2}.bytes()},
      {"eight length bytes for two", client_frame{.length_bytes = 8, .claims = 65535}.bytes()},
      {"eight length bytes for none", client_frame{.length_bytes = 8}.bytes()},
      {"a close of one byte", masked(opcode::close, "\x03")},
  };
  for (auto& row : table) {
    INFO(row.name);
    CHECK(read(row.bytes) == strings{"failed 1002"});
    CHECK(read(masked(opcode::ping, "p") + row.bytes + masked(opcode::text, "late"))
          == strings{"ping p", "failed 1002"});
  }
  auto begun = masked(opcode::text, "a", false);
  CHECK(read(begun + masked(opcode::text, "b")) == strings{"failed 1002"});
  CHECK(read(begun + masked(opcode::binary, "b", false)) == strings{"failed 1002"});
  auto done = begun + masked(opcode::continuation, "b");
  CHECK(read(done + masked(opcode::continuation, "c")) == strings{"text ab", "failed 1002"});
  auto single = masked(opcode::text, "a");
  CHECK(read(single + masked(opcode::continuation, "c")) == strings{"text a", "failed 1002"});
}

TEST_CASE("opcodes that are reserved") {
  for (auto type : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    INFO(type);
    CHECK(read(masked(static_cast<opcode>(type))) == strings{"failed 1002"});
    CHECK(read(masked(static_cast<opcode>(type), "", false)) == strings{"failed 1002"});
  }
}

TEST_CASE("what two bytes tell is not waited for") {
  for (auto hex : {"c1 85", "81 05", "83 80", "09 80", "89 fe", "80 80"}) {
    INFO(hex);
    CHECK(read(from_hex(hex)) == strings{"failed 1002"});
  }
  CHECK(read(from_hex("81 fe 007d")) == strings{"failed 1002"});
  CHECK(read(from_hex("81 ff 000000000000ffff")) == strings{"failed 1002"});
  CHECK(read(from_hex("81 fe 007e")) == strings{});
}

TEST_CASE("a reader that has failed stays so") {
  frame_reader reader{0};
  strings items;
  feed(reader, from_hex("0080"), items);
  CHECK(items == strings{"failed 1002"});
  auto fine = masked(opcode::text, "late");
  reader.feed(fine.data(), fine.size());
  CHECK(reader.next().what == frame_reader::event::failed);
}

TEST_CASE("the codes that a client may close with") {
  auto closed_with = [](unsigned code) {
    return read(masked(opcode::close, closing(code, "bye")));
  };
  for (auto code : {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000,
                    3999, 4000, 4999})
    CHECK(closed_with(code) == strings{"close " + std::to_string(code) + " bye"});
  for (auto code : {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535}) {
    INFO(code);
    CHECK(closed_with(code) == strings{"failed 1002"});
  }
}

TEST_CASE("the reason of a close is UTF-8") {
  auto reason = [](std::string_view text) {
    return read(masked(opcode::close, closing(1000, text)));
  };
  auto longest = std::string(123, 'r');
  CHECK(reason("") == strings{"close 1000"});
  CHECK(reason(longest) == strings{"close 1000 " + longest});
  CHECK(reason("\xCE\xBA\xF0\x9F\x98\x80") == strings{"close 1000 \xCE\xBA\xF0\x9F\x98\x80"});
  for (auto bad : {"\x80", "\xE2\x82", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80"})
    CHECK(reason(bad) == strings{"failed 1007"});
}

TEST_CASE("a message over the limit ends the stream with 1009") {
  auto text = [](std::size_t size) { return std::string(size, 't'); };
  CHECK(read(masked(opcode::text, text(10)), 10) == strings{"text tttttttttt"});
  CHECK(read(masked(opcode::text, text(11)), 10) == strings{"failed 1009"});
  // Its head is enough.
  CHECK(read(client_frame{.claims = 11}.bytes(), 10) == strings{"failed 1009"});
  auto far = std::int64_t{1} << 62;
  CHECK(read(client_frame{.claims = far}.bytes(), 10) == strings{"failed 1009"});
  CHECK(read(client_frame{.claims = far}.bytes(), 0) == strings{"failed 1009"});
  CHECK(read(from_hex("82 ff ffffffffffffffff 00000000"), 0) == strings{"failed 1009"});
  CHECK(read(from_hex("82 ff ffffffffffffffff 00000000"), 10) == strings{"failed 1009"});

  // Fragments count together, each message anew, and control frames not at all.
  auto halves = masked(opcode::text, text(5), false) + masked(opcode::continuation, text(5));
  CHECK(read(halves + halves, 10) == strings{"text tttttttttt", "text tttttttttt"});
  CHECK(read(halves, 9) == strings{"failed 1009"});
  CHECK(read(masked(opcode::text, text(10), false) + masked(opcode::ping, x125)
                 + masked(opcode::continuation),
             10)
        == strings{"ping " + x125, "text tttttttttt"});
  CHECK(read(masked(opcode::text, text(10), false)
                 + client_frame{.type = opcode::continuation, .claims = 1}.bytes(),
             10)
        == strings{"failed 1009"});
}

TEST_CASE("what is kept goes on where it was") {
  auto bytes = masked(opcode::text, "a") + masked(opcode::text, "b", false)
               + masked(opcode::ping, "p") + masked(opcode::continuation, "c");
  bytes += masked(opcode::text, "d").substr(0, 3);
  frame_reader reader{0};
  reader.feed(bytes.data(), bytes.size());
  CHECK(to_text(reader.next()) == "text a");
  reader.keep();
  bytes.assign(bytes.size(), '\xEE');
  strings items;
  feed(reader, "", items); // the same as with nothing at all
  CHECK(items == strings{"ping p", "text bc"});
  reader.keep();
  reader.keep();
  feed(reader, masked(opcode::text, "d").substr(3) + masked(opcode::pong), items);
  CHECK(items == strings{"ping p", "text bc", "text d", "pong"});
  reader.feed(nullptr, 0);
  CHECK(reader.next().what == frame_reader::event::none);
}
