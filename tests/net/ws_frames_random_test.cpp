#include "net/ws_frames.hpp"
#include "tests/catch.hpp"
#include "tests/net/frames.hpp"

#include <algorithm>
#include <random>

using namespace carillon::net;
using namespace carillon::net::test;
using ws::frame_reader;
using ws::opcode;
using strings = std::vector<std::string>;

namespace {

/// A stream of random valid frames, and what is to come of it.
struct random_stream {
  std::string bytes;
  strings items;
  std::mt19937& random;

  std::size_t below(std::size_t end) { return random() % end; }

  std::string payload(std::size_t most) {
    std::string text(below(most + 1), ' ');
    for (auto& byte : text)
      byte = static_cast<char>(random());
    return text;
  }

  void add(opcode type, const std::string& content, bool final = true) {
    client_frame frame{type, content, final};
    for (auto& byte : frame.mask)
      byte = static_cast<unsigned char>(random());
    bytes += frame.bytes();
  }

  void note(std::string kind, const std::string& content) {
    items.push_back(content.empty() ? std::move(kind) : std::move(kind) + " " + content);
  }

  void add_control() {
    auto ping = below(2) == 0;
    auto content = payload(125);
    add(ping ? opcode::ping : opcode::pong, content);
    note(ping ? "ping" : "pong", content);
  }

  void add_message() {
    static constexpr std::size_t sizes[] = {3, 125, 300, 3000, 70'000};
    auto text = below(2) == 0;
    auto left = below(4) == 0 ? below(4) : 0;
    std::string all;
    for (auto type = text ? opcode::text : opcode::binary;; type = opcode::continuation) {
      // A long one is rare.
      auto part = payload(sizes[std::min(below(5), below(5))]);
      all += part;
      add(type, part, left == 0);
      if (left-- == 0)
        break;
      if (below(2) == 0)
        add_control();
    }
    note(text ? "text" : "binary", all);
  }
};

} // namespace

TEST_CASE("random streams in random pieces give what they give in one") {
  std::mt19937 random{6455};
  for (int round = 0; round < 150; ++round) {
    INFO("round " << round);
    random_stream stream{{}, {}, random};
    for (int i = 0; i < 12; ++i)
      stream.below(3) == 0 ? stream.add_control() : stream.add_message();
    if (stream.below(2) == 0) {
      stream.add(opcode::close, closing(1000));
      stream.items.push_back("close 1000");
    } else {
      stream.bytes += client_frame{.reserved = 1 + static_cast<unsigned>(stream.below(7))}.bytes();
      stream.items.push_back("failed 1002");
    }
    strings whole;
    frame_reader once{0};
    feed(once, stream.bytes, whole);
    REQUIRE(whole == stream.items);
    auto step = std::size_t{1} << stream.below(18);
    strings items;
    frame_reader reader{0};
    for (std::size_t at = 0; at < stream.bytes.size();) {
      auto size = std::min(1 + stream.below(step), stream.bytes.size() - at);
      feed(reader, stream.bytes.substr(at, size), items, &random);
      at += size;
    }
    REQUIRE(items == stream.items);
  }
}
