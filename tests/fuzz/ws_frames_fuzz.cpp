// A client's side of a WebSocket: an input is one byte that says how it is cut, one for the limit
// of a message, and then the stream.

#include "net/ws_frames.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace carillon::fuzz {

namespace {

using namespace carillon::net::ws;
using event = frame_reader::event;

struct seen {
  event what;
  std::string payload;
  std::uint16_t code;
  friend bool operator==(const seen&, const seen&) = default;
};

/// Takes all items of one piece, which lies in memory of exactly its size and is spoiled then. With
/// `stops` the reader keeps the rest after each item, as when a connection pauses.
void take(frame_reader& from, std::string_view piece, bool stops, std::vector<seen>& items) {
  std::vector<char> bytes{piece.begin(), piece.end()};
  from.feed(bytes.data(), bytes.size());
  while (items.empty() || items.back().what != event::failed) {
    auto got = from.next();
    if (got.what == event::none)
      break;
    items.push_back({got.what, std::string{got.payload}, got.code});
    if (stops) {
      from.keep();
      bytes.assign(bytes.size(), '\0');
      from.feed(nullptr, 0);
    }
  }
}

std::vector<seen> read(std::string_view stream, std::size_t most, std::size_t step, bool stops) {
  frame_reader reader{most};
  std::vector<seen> items;
  do {
    auto piece = stream.substr(0, step);
    take(reader, piece, stops, items);
    stream.remove_prefix(piece.size());
    step = step * 5 % 31 + 1;
  } while (!stream.empty());
  return items;
}

void check_item(const seen& item, std::size_t most) {
  switch (item.what) {
  case event::text:
  case event::binary:
    FUZZ_REQUIRE(most == 0 || item.payload.size() <= most);
    FUZZ_REQUIRE(item.code == 0);
    return;
  case event::ping:
  case event::pong:
    FUZZ_REQUIRE(item.payload.size() <= 125 && item.code == 0);
    return;
  case event::close:
    FUZZ_REQUIRE(item.payload.size() <= 123 && item.code >= 1000 && item.code < 5000);
    FUZZ_REQUIRE(item.code != code_none || item.payload.empty());
    return;
  case event::failed:
    FUZZ_REQUIRE(item.payload.empty());
    FUZZ_REQUIRE(item.code == code_protocol_error || item.code == code_too_big
                 || item.code == code_bad_payload);
    return;
  case event::none:
    FUZZ_REQUIRE(false);
  }
}

/// The item as one frame of a client.
std::string encode(const seen& item) {
  static constexpr opcode types[] = {opcode::continuation, opcode::text, opcode::binary,
                                     opcode::ping,         opcode::pong, opcode::close};
  auto payload = item.what == event::close ? close_payload(item.code, item.payload) : item.payload;
  std::string text{frame_head{types[static_cast<int>(item.what)], payload.size()}.bytes()};
  text[1] = static_cast<char>(text[1] | '\x80');
  constexpr std::string_view mask = "mask";
  text += mask;
  for (std::size_t i = 0; i < payload.size(); ++i)
    text += static_cast<char>(payload[i] ^ mask[i % mask.size()]);
  return text;
}

} // namespace

void check(std::string_view input) {
  if (input.size() < 2)
    return;
  auto step = static_cast<unsigned char>(input[0]) % 31u + 1;
  auto most = static_cast<std::size_t>(static_cast<unsigned char>(input[1])) * 8;
  auto stream = input.substr(2);
  auto whole = read(stream, most, std::max<std::size_t>(stream.size(), 1), false);
  std::size_t bytes = 0;
  for (auto& item : whole) {
    check_item(item, most);
    FUZZ_REQUIRE(item.what != event::failed || &item == &whole.back());
    bytes += 2 + item.payload.size();
  }
  FUZZ_REQUIRE(bytes <= stream.size() + 2);

  // The same comes of it in pieces, and with interruptions.
  FUZZ_REQUIRE(read(stream, most, step, false) == whole);
  FUZZ_REQUIRE(read(stream, most, step, true) == whole);
  FUZZ_REQUIRE(read(stream, most, std::max<std::size_t>(stream.size(), 1), true) == whole);

  // And again of what was understood.
  if (!whole.empty() && whole.back().what == event::failed)
    whole.pop_back();
  std::string again;
  for (auto& item : whole)
    again += encode(item);
  FUZZ_REQUIRE(read(again, most, std::max<std::size_t>(again.size(), 1), false) == whole);
}

} // namespace carillon::fuzz
