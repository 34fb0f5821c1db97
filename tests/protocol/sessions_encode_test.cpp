#include "protocol/dialects/sessions.hpp"

#include "protocol/dialects/relays.hpp"
#include "protocol/json.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/sessions_samples.hpp"

using namespace carillon;
using namespace carillon::samples;

TEST_CASE("words of direct calls are none of sessions", "[sessions]") {
  CHECK_FALSE(sessions::encode(event::accepted_confirm{session}, {}));
  CHECK_FALSE(sessions::encode(event::call_states{}, {}));
  CHECK_FALSE(sessions::encode(event::relayed{session, alice, relay_kind::offer, "1"}, {}));
}

TEST_CASE("an event of a session has its offset", "[sessions]") {
  CHECK(sessions::encode(event::taken_elsewhere{session, device_id{"d"}}, {}, 17)->offset == 17);
}

TEST_CASE("values of clients are spliced into a session's events as they are", "[sessions]") {
  for (auto [kind, name, field] :
       std::initializer_list<std::tuple<relay_kind, const char*, const char*>>{
           {relay_kind::offer, "webrtc_offer", "offer"},
           {relay_kind::answer, "webrtc_answer", "answer"},
           {relay_kind::candidate, "webrtc_ice_candidate", "candidate"}}) {
    event::relayed what{
        session,           alice, kind, R"({ "a":"\u00e9" , "b":[1,2.50]})", device_id{"dev-a"},
        call_kind::session};
    auto event = sessions::encode(what, {});
    CHECK(event->name == name);
    auto bytes = R"({"sessionId":")" + session.str()
                 + R"(","fromSocketId":"dev-a","fromUserId":"alice",")" + field
                 + "\":" + what.payload + "}";
    CHECK(event->data == bytes);
    // The straight way says the same.
    auto words = sessions::words_of_relays(session, {alice, device_id{"dev-a"}});
    const auto& frame = words.by_kind[static_cast<std::size_t>(kind)];
    CHECK(words.family == call_kind::session);
    CHECK(frame.name == name);
    CHECK(frame.before + what.payload + frame.after == bytes);
  }
}

TEST_CASE("odd ids do not move the place of a relayed value", "[sessions]") {
  for (std::string odd : {R"("offer":0)", R"(\"offer\":0,)", "0", R"(","offer":0,"x":")"}) {
    event::relayed what{call_id{odd}, user_id{odd},          relay_kind::offer,
                        "[7]",        device_id{"offer\":"}, call_kind::session};
    auto words = sessions::words_of_relays(what.call, {what.from, what.from_device});
    const auto& frame = words.by_kind[static_cast<std::size_t>(relay_kind::offer)];
    CHECK(frame.before + "[7]" + frame.after == sessions::encode(what, {})->data);
  }
}

TEST_CASE("call_error has its text in message", "[sessions]") {
  auto event = sessions::encode_error({error_code::call_not_found, session});
  CHECK(event->name == "call_error");
  CHECK(event->data
        == R"({"message":"Session not found","code":"session_not_found","sessionId":")"
               + session.str() + "\"}");
  CHECK(sessions::encode_error({error_code::invalid_field, "offer"})->data
        == R"({"message":"Invalid field: offer","code":"invalid_field"})");
  // These have events of their own only in direct calls.
  CHECK(sessions::encode_error(error_code::user_busy));
}

TEST_CASE("acknowledgements of sessions say how it stands, or why not", "[sessions]") {
  CHECK(sessions::encode_ack(reply_value{}) == R"({"ok":true})");
  CHECK(sessions::encode_ack(reply_value{active()})
        == R"({"ok":true,"sessionId":")" + session.str() + R"(","status":"active","version":3})");
  CHECK(sessions::encode_ack(failure{error_code::call_not_found, session})
        == R"({"ok":false,"error":"Session not found","code":"session_not_found","sessionId":")"
               + session.str() + "\"}");
  CHECK(sessions::encode_ack(failure{error_code::session_full})
        == R"({"ok":false,"error":"Session full","code":"session_full"})");
}

TEST_CASE("text of users cannot break out of a session's JSON", "[sessions]") {
  auto odd = seen("x\"}\\", {"\"name\n", "", "", ""}, true);
  auto who = alice_in();
  who.user = odd.user->id;
  who.peer_id = "\"},{\"";
  auto event =
      sessions::encode(event::user_joined{session, who, odd.user->display_name(), {}, 1}, "[]");
  auto fields = json::object::parse(event->data);
  REQUIRE(fields);
  CHECK(fields->string("userId") == who.user.str());
  CHECK(fields->string("username") == odd.user->display_name());
  CHECK(fields->string("peerId") == who.peer_id);
}
