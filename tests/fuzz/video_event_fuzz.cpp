// Socket events of video calls. The first line of an input is the event's name, the rest its data.

#include "protocol/dialects/families.hpp"
#include "protocol/dialects/video.hpp"
#include "protocol/json.hpp"
#include "tests/fuzz/target.hpp"

namespace carillon::fuzz {

namespace {

const origin device{user_id{"alice"}, device_id{"d1"}};
const origin sender{user_id{"alice"}, device_id{"d1"}, call_kind::video};

template <class Command>
bool is_for_a_call(const client_command& decoded) {
  const auto* command = std::get_if<Command>(&decoded);
  return command && command->from == sender && command->call.str().size() == 36;
}

} // namespace

void check(std::string_view input) {
  auto name = take_until(input, '\n');
  auto decoded = video::decode_event(name, input, device, {});
  FUZZ_REQUIRE(video::knows(name) || !decoded);
  if (decoded) {
    FUZZ_REQUIRE(is_for_a_call<command::enter_call>(*decoded)
                 || is_for_a_call<command::leave>(*decoded));
    FUZZ_REQUIRE(families::family_of(*decoded) == call_kind::video);
    return;
  }
  const auto& why = decoded.error();
  FUZZ_REQUIRE((why.code == error_code::unknown_event) == !video::knows(name));
  FUZZ_REQUIRE(json::object::parse(video::encode_error(why)->data));
  FUZZ_REQUIRE(json::object::parse(video::encode_ack(why)));
}

} // namespace carillon::fuzz
