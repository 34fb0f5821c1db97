// Socket.IO packets: an input is the text of one, without Engine.IO's type.

#include "protocol/json.hpp"
#include "protocol/socket_io.hpp"
#include "tests/fuzz/target.hpp"

namespace carillon::fuzz {

namespace {

using namespace carillon::socket_io;

/// The packet's text as the server would write it.
std::string canonical(const packet& what) {
  std::string text{static_cast<char>('0' + static_cast<int>(what.type))};
  if (what.type == packet_type::binary_event || what.type == packet_type::binary_ack)
    text += std::to_string(what.attachments) + "-";
  text += what.nsp;
  text += ',';
  if (what.id)
    text += std::to_string(*what.id);
  return text += what.payload;
}

void check_event(std::string_view payload) {
  auto event = split_event(payload);
  if (!event)
    return FUZZ_REQUIRE(event.error().code == error_code::invalid_json
                        || event.error().code == error_code::invalid_field);
  FUZZ_REQUIRE(is_inside(event->first, payload));
  FUZZ_REQUIRE(event->first.empty() == (event->count == 0));
  FUZZ_REQUIRE(event->count <= payload.size());
  FUZZ_REQUIRE(event->first.empty() || json::valid(event->first));
  auto again = encode_event(event->name, event->first, "17");
  auto packet = decode(std::string_view{again}.substr(1));
  FUZZ_REQUIRE(packet && packet->type == packet_type::event && !packet->id);
  auto back = split_event(packet->payload);
  FUZZ_REQUIRE(back && back->name == event->name);
  FUZZ_REQUIRE(back->first == (event->count > 0 ? event->first : "\"17\""));
  FUZZ_REQUIRE(back->count == (event->count > 0 ? 2 : 1));
  auto answered = encode_ack(packet->id.value_or(0), event->first);
  auto ack = decode(std::string_view{answered}.substr(1));
  FUZZ_REQUIRE(ack && ack->type == packet_type::ack && json::parse_array(ack->payload));
}

} // namespace

void check(std::string_view input) {
  auto packet = decode(input);
  if (!packet)
    return FUZZ_REQUIRE(packet.error().code == error_code::invalid_field);
  FUZZ_REQUIRE(packet->nsp == "/" || is_inside(packet->nsp, input));
  FUZZ_REQUIRE(packet->nsp.starts_with('/'));
  FUZZ_REQUIRE(packet->nsp.find(',') == std::string_view::npos);
  FUZZ_REQUIRE(is_inside(packet->payload, input));
  FUZZ_REQUIRE(!packet->id || *packet->id < (std::uint64_t{1} << 53));
  auto text = canonical(*packet);
  auto back = decode(text);
  FUZZ_REQUIRE(back && canonical(*back) == text);
  FUZZ_REQUIRE(back->type == packet->type && back->nsp == packet->nsp && back->id == packet->id);
  FUZZ_REQUIRE(back->attachments == packet->attachments && back->payload == packet->payload);
  check_event(packet->payload);
  // A client's namespace stands in the answer; it must not become another packet.
  auto refusal = encode_connect_error(packet->nsp, input);
  auto refused = decode(std::string_view{refusal}.substr(1));
  FUZZ_REQUIRE(refused && refused->type == packet_type::connect_error);
  FUZZ_REQUIRE(refused->nsp == packet->nsp && json::object::parse(refused->payload));
}

} // namespace carillon::fuzz
