#include "protocol/dialects/relays.hpp"

#include "protocol/dialects/families.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/json_maker.hpp"

#include <array>

using namespace carillon;

namespace {

const origin alice{user_id{"alice"}, device_id{"d1"}};
const decode_limits small{64};

/// What is found straight is what the decoder finds, or nothing: false then.
bool agrees(std::string_view name, std::string_view data) {
  INFO(name << ' ' << data);
  auto found = find_relay(name, data, small);
  auto decoded = families::decode_event(name, data, alice, small);
  if (!found)
    return false;
  REQUIRE(decoded);
  const auto& relay = std::get<command::relay>(*decoded);
  CHECK(found->family == relay.from.family);
  CHECK(found->call == relay.call.str());
  CHECK(found->to == (relay.to_device.empty() ? relay.to.str() : relay.to_device.str()));
  CHECK(found->to_device == !relay.to_device.empty());
  CHECK(found->kind == relay.kind);
  CHECK(found->payload == relay.payload);
  return true;
}

constexpr std::array<std::string_view, 6> names{"sendOffer",        "sendAnswer",
                                                "sendIceCandidate", "webrtc_offer",
                                                "webrtc_answer",    "webrtc_ice_candidate"};

} // namespace

TEST_CASE("a relay is found in the words of each family", "[relays]") {
  auto direct = find_relay("sendOffer", R"({"to":"bob","callId":"c1","offer":{"a":1}})", small);
  REQUIRE(direct);
  CHECK(direct->family == call_kind::direct);
  CHECK(direct->call == "c1");
  CHECK(direct->to == "bob");
  CHECK(direct->kind == relay_kind::offer);
  CHECK(direct->payload == R"({"a":1})");
  auto session = find_relay(
      "webrtc_ice_candidate",
      R"( { "targetSocketId" : "d2" , "sessionId":"s1", "candidate" : null } , more)", small);
  REQUIRE(session);
  CHECK(session->family == call_kind::session);
  CHECK(session->call == "s1");
  CHECK(session->to == "d2");
  CHECK(session->kind == relay_kind::candidate);
  CHECK(session->payload == "null");
  auto user =
      find_relay("webrtc_answer", R"({"targetUserId":"bob","sessionId":"s1","answer":1})", small);
  REQUIRE(user);
  CHECK(user->to == "bob");
  auto both = find_relay(
      "webrtc_answer",
      R"({"targetUserId":"bob","targetSocketId":"d2","sessionId":"s1","answer":1})", small);
  REQUIRE(both);
  CHECK(both->to == "d2");
}

TEST_CASE("what needs a closer look is left to the decoder", "[relays]") {
  for (auto data :
       {"", "[]", "7", "{}", R"({"sessionId":"s1","offer":1})",
        R"({"sessionId":"s1","targetSocketId":"d2"})", R"({"targetSocketId":"d2","offer":1})",
        R"({"sessionId":"s1","targetSocketId":"d2","offer":null})",
        R"({"sessionId":"s1","targetSocketId":"d\u0032","offer":1})",
        R"({"sessionId":"s1","targetSocketId":"d\u0032","targetUserId":"bob","offer":1})",
        R"({"sessionId":"s\u0031","targetSocketId":"d2","offer":1})",
        R"({"session\u0049d":"s1","targetSocketId":"d2","offer":1})",
        R"({"callId":"s1","to":"bob","offer":1})",
        R"({"sessionId":7,"targetSocketId":"d2","offer":1})"}) {
    INFO(data);
    CHECK_FALSE(find_relay("webrtc_offer", data, small));
  }
  auto large =
      R"({"sessionId":"s1","targetSocketId":"d2","offer":")" + std::string(63, 'x') + "\"}";
  CHECK_FALSE(find_relay("webrtc_offer", large, small));
  CHECK(find_relay("webrtc_offer", large, {0}));
  for (auto name : {"join_call_session", "initiateCall", "webrtc_hello", ""})
    CHECK_FALSE(find_relay(name, R"({"sessionId":"s1","targetSocketId":"d2","offer":1})", small));
}

TEST_CASE("what is found straight is what the decoder finds", "[relays]") {
  constexpr std::array<std::string_view, 9> parts{R"("sessionId":"s1")",
                                                  R"("callId":"c1")",
                                                  R"("to":"bob")",
                                                  R"("to":null)",
                                                  R"("targetSocketId":"d2")",
                                                  R"("targetSocketId":7)",
                                                  R"("targetUserId":"bob")",
                                                  R"("targetSocketId":"")",
                                                  R"("sessionId":"s2")"};
  int found = 0;
  for (unsigned seed = 0; seed < 2000; ++seed) {
    json_maker make{seed};
    std::mt19937 random{seed};
    std::vector<std::string> raws;
    auto payload = make.object(raws);
    std::string data = "{";
    for (int i = 0; i < 5; ++i) {
      data += parts[random() % parts.size()];
      data += ',';
    }
    for (auto key : {"offer", "answer", "candidate"})
      data += '"' + std::string{key} + "\":" + payload + ',';
    data.back() = '}';
    for (auto name : names)
      found += agrees(name, data) ? 1 : 0;
  }
  CHECK(found > 1000);
}
