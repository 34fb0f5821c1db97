#include "net/send_buffer.hpp"

#include "net/outbox.hpp"
#include "tests/catch.hpp"
#include "tests/net/frames.hpp"

#include <random>

using namespace carillon::net;
using namespace carillon::net::test;
using ws::opcode;

namespace {

/// How many frames of this payload are taken before there is no room.
int fill(send_buffer& buffer, std::string_view payload) {
  int count = 0;
  for (; count < 10'000 && buffer.fits({payload}); ++count)
    buffer.add(opcode::text, {payload});
  return count;
}

} // namespace

TEST_CASE("frames stand back to back behind what is no frame") {
  send_buffer buffer{0, 0};
  CHECK(buffer.empty());
  CHECK(buffer.rest().empty());
  buffer.add_raw("greeting");
  buffer.add(opcode::text, {"42[\"", "name", "\",", "{}", "]"});
  buffer.add(opcode::ping, {});
  buffer.add(opcode::binary, {"", "b"});
  CHECK_FALSE(buffer.empty());
  CHECK(buffer.rest()
        == "greeting\x81\x0D"
           "42[\"name\",{}]"
           "\x89"
               + std::string(1, '\0')
               + "\x82\x01"
                 "b");
}

TEST_CASE("what was written is gone, however it falls") {
  std::string all;
  for (int i = 0; i < 20; ++i)
    all += "\x81\x03"
           "abc";
  for (std::size_t step = 1; step < all.size(); ++step) {
    send_buffer buffer{0, 0};
    for (int i = 0; i < 20; ++i)
      buffer.add(opcode::text, {"abc"});
    std::string written;
    while (!buffer.empty()) {
      auto part = buffer.rest().substr(0, step);
      written += part;
      buffer.wrote(part.size());
    }
    REQUIRE(written == all);
    REQUIRE(buffer.rest().empty());
  }
}

TEST_CASE("taking takes all that is left") {
  send_buffer buffer{1, 0};
  buffer.add(opcode::text, {"abc"});
  buffer.add(opcode::text, {"def"});
  CHECK(buffer.over());
  CHECK(buffer.take()
        == "\x81\x03"
           "abc"
           "\x81\x03"
           "def");
  CHECK(buffer.empty());
  CHECK_FALSE(buffer.over());
  CHECK(buffer.take().empty());
  buffer.add(opcode::text, {"ghi"});
  buffer.wrote(3);
  CHECK(buffer.take() == "hi");
  CHECK(buffer.empty());
}

TEST_CASE("frames are limited by their number") {
  send_buffer buffer{3, 0};
  buffer.add_raw("greeting"); // is none
  for (int i = 0; i < 3; ++i)
    buffer.add(opcode::text, {"a"});
  CHECK_FALSE(buffer.over());
  buffer.add(opcode::text, {"a"});
  CHECK(buffer.over());
  CHECK(fill(buffer, "a") == 3 * burst_factor - 4);
  // A frame counts until its last byte is written.
  buffer.wrote(8 + 2);
  CHECK_FALSE(buffer.fits({"a"}));
  buffer.wrote(1);
  CHECK(fill(buffer, "a") == 1);
  buffer.wrote(buffer.rest().size());
  CHECK_FALSE(buffer.over());
  CHECK(fill(buffer, "a") == 3 * burst_factor);
}

TEST_CASE("frames are limited by their bytes") {
  send_buffer buffer{0, 100};
  buffer.add(opcode::text, {std::string(98, 'x')});
  CHECK_FALSE(buffer.over());
  CHECK(buffer.fits({std::string(300, 'x')}));
  CHECK_FALSE(buffer.fits({std::string(300, 'x'), "y"}));
  buffer.add(opcode::ping, {});
  CHECK(buffer.over());
  buffer.wrote(2);
  CHECK_FALSE(buffer.over());
  CHECK(buffer.fits({std::string(300, 'x')}));
}

TEST_CASE("without limits nothing is too much") {
  send_buffer buffer{0, 0};
  CHECK(fill(buffer, std::string(1000, 'x')) == 10'000);
  CHECK_FALSE(buffer.over());
  buffer.clear();
  CHECK(buffer.empty());
}

TEST_CASE("a peer that never quite catches up loses nothing") {
  // The buffer is never empty, and drops what is written now and then.
  std::mt19937 random{8};
  send_buffer buffer{50, 0};
  std::string written;
  std::string content;
  int added = 0;
  int read = 0;
  while (read < 20'000) {
    while (buffer.fits({}) && random() % 8 != 0) {
      content.assign(random() % 300, 'x');
      content += std::to_string(added++);
      buffer.add(opcode::text, {content});
    }
    auto part = buffer.rest();
    part = part.substr(0, part.empty() ? 0 : random() % part.size());
    written += part;
    buffer.wrote(part.size());
    std::string_view left{written};
    for (server_frame frame; take_frame(left, frame); ++read) {
      auto digits = frame.payload.substr(frame.payload.find_last_of('x') + 1);
      REQUIRE(frame.type == opcode::text);
      REQUIRE(digits == std::to_string(read));
    }
    written.erase(0, written.size() - left.size());
    REQUIRE(static_cast<std::size_t>(added - read) <= 50 * burst_factor);
  }
}
