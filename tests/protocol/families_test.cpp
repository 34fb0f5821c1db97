#include "protocol/dialects/families.hpp"

#include "protocol/dialects/direct.hpp"
#include "protocol/dialects/sessions.hpp"
#include "protocol/dialects/stream.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

const origin alice{user_id{"alice"}, device_id{"d1"}};

} // namespace

TEST_CASE("each event belongs to one family", "[families]") {
  struct row {
    std::string_view name;
    call_kind family;
    bool exempt;
    bool costly;
  };
  for (auto [name, family, exempt, costly] :
       std::initializer_list<row>{{"initiateCall", call_kind::direct, false, true},
                                  {"acceptCall", call_kind::direct, false, false},
                                  {"rejectCall", call_kind::direct, true, false},
                                  {"endCall", call_kind::direct, true, false},
                                  {"sendOffer", call_kind::direct, false, false},
                                  {"join_call_session", call_kind::session, false, false},
                                  {"leave_call_session", call_kind::session, true, false},
                                  {"webrtc_offer", call_kind::session, false, false},
                                  {"media_state_changed", call_kind::session, false, false},
                                  {"quality_report", call_kind::session, false, false},
                                  {"sendMessage", call_kind::stream, false, false},
                                  {"message.read", call_kind::stream, false, false}}) {
    INFO(name);
    auto found = families::find(name);
    REQUIRE(found);
    CHECK(found->family == family);
    CHECK(found->exempt_from_rate == exempt);
    CHECK(found->costly == costly);
    CHECK(direct::knows(name) + sessions::knows(name) + stream::knows(name) == 1);
  }
  CHECK_FALSE(families::find("authenticate"));
  CHECK_FALSE(families::find(""));
}

TEST_CASE("a decoded command knows in whose words it is answered", "[families]") {
  auto end = families::decode_event("endCall", R"({"callId":"c1"})", alice, {});
  REQUIRE(end);
  CHECK(families::family_of(*end) == call_kind::direct);
  auto leave = families::decode_event("leave_call_session", R"({"sessionId":"s1"})", alice, {});
  REQUIRE(leave);
  CHECK(families::family_of(*leave) == call_kind::session);
  CHECK(std::get<command::leave>(*leave).from
        == origin{alice.user, alice.device, call_kind::session});
  auto direct = families::decode_event("quality_report", R"({"callId":"c1","rttMs":1})", alice, {});
  REQUIRE(direct);
  CHECK(families::family_of(*direct) == call_kind::direct);
  auto read = families::decode_event("message.read",
                                     R"({"channelId":"messaging:call-c1","id":"m1"})", alice, {});
  REQUIRE(read);
  CHECK(families::family_of(*read) == call_kind::stream);
  CHECK(families::decode_event("nothing", "{}", alice, {}).error().code
        == error_code::unknown_event);
}

TEST_CASE("every event is refused in somebody's words", "[families]") {
  CHECK(families::family_of("endCall", R"({"sessionId":"s1"})") == call_kind::direct);
  CHECK(families::family_of("webrtc_offer", R"({"callId":"c1"})") == call_kind::session);
  CHECK(families::family_of("quality_report", R"({"callId":"c1"})") == call_kind::direct);
  CHECK(families::family_of("quality_report", R"({"sessionId":"s1"})") == call_kind::session);
  CHECK(families::family_of("nothing", R"({"sessionId":"s1"})") == call_kind::direct);
}

TEST_CASE("refusals and answers are in the family's words", "[families]") {
  failure why{error_code::call_not_found, call_id{"x"}};
  auto direct = families::encode_error(call_kind::direct, why);
  CHECK(direct->name == "callError");
  CHECK(direct->data == R"({"error":"Call not found","code":"call_not_found","callId":"x"})");
  auto session = families::encode_error(call_kind::session, why);
  CHECK(session->name == "call_error");
  CHECK(session->data
        == R"({"message":"Session not found","code":"session_not_found","sessionId":"x"})");
  auto stream = families::encode_error(call_kind::stream, why);
  CHECK(stream->name == "message.error");
  CHECK(stream->data
        == R"({"error":"Call not found","code":"call_not_found","channelId":"messaging:call-x"})");
  CHECK_FALSE(families::encode_error(call_kind::direct, error_code::user_busy));
  CHECK(families::encode_error(call_kind::session, error_code::user_busy));
  CHECK(families::encode_ack(call_kind::direct, why).find(R"("callId":"x")") != std::string::npos);
  CHECK(families::encode_ack(call_kind::stream, why).find(R"("channelId":"messaging:call-x")")
        != std::string::npos);
  CHECK(families::encode_ack(call_kind::session, why).find(R"("sessionId":"x")")
        != std::string::npos);
}

TEST_CASE("every event is encoded by its family", "[families]") {
  const ice_settings ice{{"stun:s.org"}, "turn:t.org", {}, {}, "north"};
  const user_id bob{"bob"};
  families::audience to{bob, ice, from_epoch_ms(1762853400000)};
  CHECK(families::encode(event::accepted_confirm{call_id{"c1"}}, to)->name
        == "callAcceptedConfirm");
  CHECK(families::encode(event::taken_elsewhere{call_id{"s1"}, device_id{"d"}}, to)->name
        == "call_answered_elsewhere");
  CHECK(families::encode(event::call_states{}, to, 3)->offset == 3);
  auto now = std::make_shared<session_now>();
  now->call = call_id{"s1"};
  session_facts facts;
  facts.settings = facts.metadata = "{}";
  now->facts = std::make_shared<const session_facts>(facts);
  auto joined = families::encode(event::session_joined{now}, to, 9);
  CHECK(joined->offset == 9);
  // The credentials are made for who gets them.
  CHECK(joined->data.find(R"("username":"1762867800:bob")") != std::string::npos);
}

TEST_CASE("relays of each family have its words", "[families]") {
  auto direct = families::words_of_relays(call_kind::direct, call_id{"c1"}, alice);
  CHECK(direct.family == call_kind::direct);
  CHECK(direct.by_kind[0].name == "receiveOffer");
  CHECK(direct.by_kind[0].before + "1" + direct.by_kind[0].after
        == R"({"offer":1,"from":"alice","callId":"c1"})");
  auto session = families::words_of_relays(call_kind::session, call_id{"s1"}, alice);
  CHECK(session.family == call_kind::session);
  CHECK(session.by_kind[2].name == "webrtc_ice_candidate");
  CHECK(session.by_kind[2].before + "1" + session.by_kind[2].after
        == R"({"sessionId":"s1","fromSocketId":"d1","fromUserId":"alice","candidate":1})");
}
