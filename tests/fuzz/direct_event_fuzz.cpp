// Socket events and REST bodies of direct calls: an input is the JSON that comes with one. It is
// tried with every event and every route, as a client may send anything with any of them.

#include "protocol/dialects/direct.hpp"
#include "protocol/dialects/relays.hpp"
#include "protocol/json.hpp"
#include "tests/fuzz/target.hpp"

#include <array>

namespace carillon::fuzz {

namespace {

constexpr std::array<std::string_view, 8> names{"initiateCall",     "acceptCall", "rejectCall",
                                                "endCall",          "sendOffer",  "sendAnswer",
                                                "sendIceCandidate", "noSuchEvent"};

const origin alice{user_id{"alice"}, device_id{"d1"}};

/// A refusal can be told in each of the ways there are.
void check_refusal(const failure& why) {
  FUZZ_REQUIRE(why.code < error_code::count_);
  FUZZ_REQUIRE(why.call.empty() || is_id(why.call.str()));
  for (const auto& text :
       {direct::encode_error(why)->data, direct::encode_ack(why), direct::encode_rest_error(why)})
    FUZZ_REQUIRE(json::object::parse(text));
}

void check_command(const command::initiate& what, std::string_view) {
  FUZZ_REQUIRE(is_id(what.receiver.str()) && what.receiver != what.from.user);
}

template <class Command>
void check_command(const Command& what, std::string_view) {
  FUZZ_REQUIRE(is_id(what.call.str()));
}

/// Not commands of direct calls.
void check_command(const command::gather& what, std::string_view) {
  FUZZ_REQUIRE(what.from.family != call_kind::direct);
}
void check_command(const command::upsert_user& what, std::string_view) {
  FUZZ_REQUIRE(what.from.family != call_kind::direct);
}

/// The value that goes to the other side is the client's own, byte for byte.
void check_command(const command::relay& what, std::string_view data) {
  FUZZ_REQUIRE(is_id(what.call.str()) && !what.to.empty());
  FUZZ_REQUIRE(data.find(what.payload) != std::string_view::npos);
  FUZZ_REQUIRE(json::valid(what.payload));
  auto event = direct::encode(event::relayed{what.call, what.from.user, what.kind, what.payload});
  auto fields = json::object::parse(event->data);
  FUZZ_REQUIRE(fields && fields->members().size() == 3);
  FUZZ_REQUIRE(fields->members()[0].raw == what.payload);
  FUZZ_REQUIRE(fields->string("from") == what.from.user.str());
  FUZZ_REQUIRE(fields->string("callId") == what.call.str());
}

/// What is found without a copy is what decoding finds.
void check_view(std::string_view name, std::string_view data,
                const result<client_command>& decoded) {
  if (!json::valid(data))
    return;
  auto view = find_relay(name, data, {256});
  if (!view)
    return;
  const auto* relay = decoded ? std::get_if<command::relay>(&*decoded) : nullptr;
  // Ids that nobody can have are left to whoever compares them.
  FUZZ_REQUIRE(relay || !is_id(view->call)
               || view->to.find_first_not_of(" \t\r\n") == std::string_view::npos);
  if (relay)
    FUZZ_REQUIRE(relay->call.str() == view->call && relay->to.str() == view->to
                 && relay->payload == view->payload && relay->kind == view->kind);
}

void check_decoded(const result<client_command>& decoded, std::string_view data) {
  if (!decoded)
    return check_refusal(decoded.error());
  std::visit(
      [&](const auto& what) {
        FUZZ_REQUIRE(what.from.user == alice.user && what.from.family == call_kind::direct);
        check_command(what, data);
      },
      *decoded);
}

} // namespace

void check(std::string_view input) {
  for (auto name : names) {
    auto decoded = direct::decode_event(name, input, alice, {256});
    check_decoded(decoded, input);
    check_view(name, input, decoded);
    FUZZ_REQUIRE(direct::knows(name) || decoded.error().code == error_code::unknown_event);
    if (decoded.ok() && std::holds_alternative<command::relay>(*decoded)) {
      const auto& relay = std::get<command::relay>(*decoded);
      FUZZ_REQUIRE(relay.kind == relay_kind::candidate || relay.payload.size() <= 256);
    }
  }
  FUZZ_REQUIRE(!direct::knows(input) || input.size() < 20);
  check_decoded(direct::decode_initiate(input, alice.user), input);
  for (auto action :
       {direct::call_action::accept, direct::call_action::reject, direct::call_action::end})
    check_decoded(direct::decode_action(action, input, alice.user), input);
}

} // namespace carillon::fuzz
