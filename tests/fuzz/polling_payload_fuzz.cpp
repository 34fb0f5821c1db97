// Bodies of long-polling: an input is the body of one POST.

#include "net/outbox.hpp"
#include "net/polling_payload.hpp"
#include "protocol/base64.hpp"
#include "tests/fuzz/target.hpp"

#include <vector>

namespace carillon::fuzz {

namespace {

void queue(net::outbox& to, std::string packet) {
  FUZZ_REQUIRE(to.push(std::make_shared<const std::string>(std::move(packet))));
}

} // namespace

void check(std::string_view input) {
  using namespace carillon::net;
  payload_reader reader{input};
  std::vector<std::string_view> packets;
  while (auto packet = reader.next()) {
    FUZZ_REQUIRE(is_inside(*packet, input) && packet->find('\x1e') == std::string_view::npos);
    packets.push_back(*packet);
  }
  FUZZ_REQUIRE(!reader.next() && !packets.empty());
  std::string again;
  for (std::size_t i = 0; i < packets.size(); ++i)
    again.append(i == 0 ? "" : "\x1e").append(packets[i]);
  FUZZ_REQUIRE(again == input);

  // What is understood goes out as it came in, but for the padding of base64.
  outbox out{0, 0};
  std::string expected;
  for (auto packet : packets) {
    std::string frame{packet};
    if (packet.starts_with('b')) {
      auto bytes = decode_binary(packet);
      if (!bytes)
        continue;
      FUZZ_REQUIRE(bytes->size() <= packet.size());
      frame = "b" + *bytes;
      again = "b" + encode_base64(*bytes);
      FUZZ_REQUIRE(decode_binary(again) == bytes);
    } else {
      again = packet;
    }
    if (packet.empty())
      continue;
    expected += (expected.empty() ? "" : "\x1e") + again;
    queue(out, std::move(frame));
  }
  FUZZ_REQUIRE(take_payload(out) == expected);
  FUZZ_REQUIRE(out.empty());
}

} // namespace carillon::fuzz
