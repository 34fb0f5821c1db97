// Engine.IO packets: an input is the text of one.

#include "protocol/engine_io.hpp"
#include "protocol/json.hpp"
#include "tests/fuzz/target.hpp"

namespace carillon::fuzz {

void check(std::string_view input) {
  if (auto packet = engine_io::decode(input)) {
    FUZZ_REQUIRE(is_inside(packet->data, input));
    FUZZ_REQUIRE(input.front() >= '0' && input.front() <= '6');
    FUZZ_REQUIRE(static_cast<char>(packet->type) + std::string{packet->data} == input);
  } else {
    FUZZ_REQUIRE(packet.error().code == error_code::invalid_field);
  }
  // Whatever the id is, what the server announces is JSON.
  auto open = engine_io::encode_open({.sid = std::string{input}});
  auto announced = engine_io::decode(open);
  FUZZ_REQUIRE(announced && announced->type == engine_io::packet_type::open);
  FUZZ_REQUIRE(json::object::parse(announced->data));
}

} // namespace carillon::fuzz
