// Socket events of channels: an input is the JSON that comes with one. It is tried with every
// event, and what was decoded is told to others.

#include "protocol/dialects/families.hpp"
#include "protocol/dialects/stream.hpp"
#include "protocol/json.hpp"
#include "protocol/stream_requests.hpp"
#include "protocol/utf8.hpp"
#include "tests/fuzz/target.hpp"

#include <array>

namespace carillon::fuzz {

namespace {

constexpr std::array<std::string_view, 3> names{"sendMessage", "message.read", "message.new"};

const origin alice{user_id{"alice"}, device_id{"d1"}};

/// A refusal can be told in each of the ways there are.
void check_refusal(const failure& why) {
  FUZZ_REQUIRE(why.code < error_code::count_ && why.code != error_code::internal);
  FUZZ_REQUIRE(why.call.empty() || is_id(why.call.str()));
  for (const auto& text : {stream::encode_error(why)->data, stream::encode_ack(why),
                           stream::encode_rest_error(why, true)})
    FUZZ_REQUIRE(json::object::parse(text));
}

/// Of the command's own family, and of none else.
template <class Command>
void check_command(const Command&) {
  FUZZ_REQUIRE(!"no command of channels");
}

void check_command(const command::mark_read& what) {
  FUZZ_REQUIRE(is_id(what.call.str()) && is_id(what.id));
  auto told = json::object::parse(stream::encode_read(what.call, what.id, what.from.user)->data);
  FUZZ_REQUIRE(told && told->string("id") == what.id);
  FUZZ_REQUIRE(told->string("channelId") == channel_name(what.call));
}

/// What Stream is told of it is JSON with the same text.
void check_request(const chat_message& what) {
  auto request = stream::send_message(what);
  auto body = json::object::parse(request.body);
  FUZZ_REQUIRE(body && request.path.find_first_of(" ?#\"\\") == std::string::npos);
  auto message = json::object::parse(body->find("message")->raw);
  FUZZ_REQUIRE(message && message->find("text")->text == what.text);
}

void check_command(const command::send_message& what) {
  FUZZ_REQUIRE(is_id(what.call.str()) && (what.id.empty() || is_id(what.id)));
  FUZZ_REQUIRE(!what.text.empty() || !what.attachments.empty());
  FUZZ_REQUIRE(is_utf8(what.text) && what.text.find('\0') == std::string::npos);
  FUZZ_REQUIRE(characters_in(what.text) <= stream::text_characters);
  FUZZ_REQUIRE(what.attachments.size() <= stream::attachment_bytes);
  auto id = what.id.empty() ? "fresh" : what.id;
  chat_message message{what.call, 1, id, what.from.user, what.text, what.attachments, {}};
  auto event = stream::encode_message(message);
  auto told = json::object::parse(event->data);
  // The attachments of a client may nest as deep as its frames: with what goes around them they are
  // still JSON, but may be deeper than is taken from clients.
  if (!told)
    return FUZZ_REQUIRE(!what.attachments.empty());
  auto said = json::object::parse(told->find("message")->raw);
  FUZZ_REQUIRE(said && said->find("text")->text == what.text && said->string("id") == id);
  auto list = said->find("attachments")->raw;
  FUZZ_REQUIRE(list == (what.attachments.empty() ? "[]" : std::string_view{what.attachments}));
  check_request(message);
}

} // namespace

void check(std::string_view input) {
  for (auto name : names) {
    auto decoded = families::decode_event(name, input, alice, {});
    if (!decoded) {
      check_refusal(decoded.error());
      continue;
    }
    FUZZ_REQUIRE(stream::knows(name));
    std::visit(
        [&](const auto& what) {
          FUZZ_REQUIRE(what.from == (origin{alice.user, alice.device, call_kind::stream}));
          check_command(what);
        },
        *decoded);
  }
}

} // namespace carillon::fuzz
