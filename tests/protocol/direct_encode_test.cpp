#include "protocol/dialects/direct.hpp"

#include "protocol/dialects/families.hpp"
#include "protocol/json.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/direct_samples.hpp"

using namespace carillon;
using namespace carillon::samples;
using samples::direct_calls::bob_view;

namespace {

const call_id c1{"c1"};

constexpr std::string_view alice_json =
    R"({"_id":"alice","username":"Alice","email":"alice@x.org",)"
    R"("images":["https://x.org/a.png"],"isOnline":true})";
constexpr std::string_view bob_json =
    R"({"_id":"bob","username":"bob","email":null,)"
    R"("images":["https://getstream.io/random_svg/?id=bob&name=bob"],"isOnline":false})";

call_view ringing() { return direct_calls::ringing("c1"); }
call_view completed() { return direct_calls::completed("c1"); }

/// `name data` of an event, whose data must be JSON.
std::string shown(const wire_event_ptr& event) {
  CHECK(json::valid(event->data));
  return std::string{event->name} + " " + event->data;
}

} // namespace

TEST_CASE("each event has its name and fields", "[direct]") {
  using direct::encode;
  CHECK(shown(encode(event::initiated{c1, bob, media_type::audio, false}))
        == R"(callInitiated {"callId":"c1","receiverId":"bob","callType":"audio"})");
  CHECK(shown(encode(event::initiated{c1, bob, media_type::video, true}))
        == R"(callInitiated {"callId":"c1","receiverId":"bob","callType":"video","glare":true})");
  CHECK(shown(encode(event::incoming{c1, alice_view, media_type::video}))
        == R"(incomingCall {"callId":"c1","callerId":"alice","callType":"video","caller":)"
               + std::string{alice_json} + "}");
  CHECK(shown(encode(event::incoming{c1, bob_view, media_type::audio}))
        == R"(incomingCall {"callId":"c1","callerId":"bob","callType":"audio","caller":)"
               + std::string{bob_json} + "}");
  CHECK(shown(encode(event::accepted{c1, bob}))
        == R"(callAccepted {"callId":"c1","receiverId":"bob"})");
  CHECK(shown(encode(event::accepted_confirm{c1})) == R"(callAcceptedConfirm {"callId":"c1"})");
  CHECK(shown(encode(event::rejected{c1, bob, false}))
        == R"(callRejected {"callId":"c1","receiverId":"bob"})");
  CHECK(shown(encode(event::rejected{c1, bob, true}))
        == R"(callRejected {"callId":"c1","receiverId":"bob","reason":"busy"})");
  CHECK(shown(encode(event::rejected_confirm{c1})) == R"(callRejectedConfirm {"callId":"c1"})");
  CHECK(shown(encode(event::answered_elsewhere{c1})) == R"(callAnsweredElsewhere {"callId":"c1"})");
  CHECK(shown(encode(event::ended{c1, bob, end_reason::hung_up, 125}))
        == R"(callEnded {"callId":"c1","endedBy":"bob","reason":"hangup","duration":125})");
  CHECK(shown(encode(event::ended{c1, {}, end_reason::no_answer, 0}))
        == R"(callEnded {"callId":"c1","endedBy":null,"reason":"no-answer","duration":0})");
  CHECK(shown(encode(event::ended{c1, bob, end_reason::connection_lost, 3}))
        == R"(callEnded {"callId":"c1","endedBy":"bob","reason":"connection-lost","duration":3})");
  CHECK(shown(encode(event::ended_confirm{c1, call_status::completed, 125}))
        == R"(callEndedConfirm {"callId":"c1","status":"completed","duration":125})");
  CHECK(shown(encode(event::not_available{c1, bob}))
        == R"(userNotAvailable {"message":"User is not available",)"
           R"("receiverId":"bob","callId":"c1"})");
  CHECK(shown(encode(event::peer_reconnecting{c1, bob}))
        == R"(peerReconnecting {"callId":"c1","userId":"bob"})");
  CHECK(shown(encode(event::peer_reconnected{c1, bob}))
        == R"(peerReconnected {"callId":"c1","userId":"bob"})");
}

TEST_CASE("relayed values are spliced in as they are", "[direct]") {
  auto relayed = [](relay_kind kind, std::string payload) {
    return shown(direct::encode(event::relayed{c1, alice, kind, std::move(payload)}));
  };
  CHECK(relayed(relay_kind::offer, R"({ "sdp" : "v=0\r\n" })")
        == R"(receiveOffer {"offer":{ "sdp" : "v=0\r\n" },"from":"alice","callId":"c1"})");
  CHECK(relayed(relay_kind::answer, "1")
        == R"(receiveAnswer {"answer":1,"from":"alice","callId":"c1"})");
  CHECK(relayed(relay_kind::candidate, "null")
        == R"(receiveIceCandidate {"candidate":null,"from":"alice","callId":"c1"})");
}

TEST_CASE("callState lists the live calls of a user", "[direct]") {
  ice_settings ice;
  families::audience to{alice, ice, {}};
  CHECK(shown(families::encode(event::call_states{}, to)) == R"(callState {"calls":[]})");
  event::call_states states;
  states.calls.resize(2);
  states.calls[0].call = c1;
  states.calls[0].peer = bob;
  states.calls[0].is_caller = true;
  states.calls[0].ring_deadline = from_epoch_ms(1762853400000);
  states.calls[1].call = call_id{"c2"};
  states.calls[1].peer = user_id{"carol"};
  states.calls[1].state = call_state::active;
  CHECK(shown(families::encode(states, to))
        == R"(callState {"calls":[{"callId":"c1","kind":"direct","state":"ringing",)"
           R"("role":"caller","peer":"bob","ringDeadline":"2025-11-11T09:30:00.000Z"},)"
           R"({"callId":"c2","kind":"direct","state":"active","role":"receiver",)"
           R"("peer":"carol","ringDeadline":null}]})");
}

TEST_CASE("callError has the strings that clients compare", "[direct]") {
  auto error = [](failure why) { return shown(direct::encode_error(why)); };
  CHECK(error({error_code::receiver_required})
        == R"(callError {"error":"receiverId required","code":"receiver_required"})");
  CHECK(error({error_code::receiver_not_found})
        == R"(callError {"error":"Receiver not found","code":"receiver_not_found"})");
  CHECK(error({error_code::call_id_required})
        == R"(callError {"error":"callId required","code":"call_id_required"})");
  CHECK(error({error_code::call_not_found, c1})
        == R"(callError {"error":"Call not found","code":"call_not_found","callId":"c1"})");
  CHECK(error({error_code::not_authorized, c1})
        == R"(callError {"error":"Not authorized","code":"not_authorized","callId":"c1"})");
  CHECK(error({error_code::already_processed, c1})
        == R"(callError {"error":"Call already processed","code":"already_processed",)"
           R"("callId":"c1"})");
  CHECK(error({error_code::invalid_call_type})
        == R"(callError {"error":"Invalid callType","code":"invalid_call_type"})");
  CHECK(error({error_code::self_call})
        == R"(callError {"error":"Cannot call yourself","code":"self_call"})");
  CHECK(error({error_code::caller_busy})
        == R"(callError {"error":"Already in a call","code":"caller_busy"})");
  CHECK(error({error_code::invalid_field, "offer"})
        == R"(callError {"error":"Invalid field: offer","code":"invalid_field"})");
}

TEST_CASE("some failures have an event of their own", "[direct]") {
  for (int i = 0; i < static_cast<int>(error_code::count_); ++i) {
    auto code = error_code(i);
    bool own = code == error_code::user_offline || code == error_code::user_busy;
    CHECK(direct::has_own_event(code) == own);
  }
}

TEST_CASE("acknowledgements say ok or why not", "[direct]") {
  using value = result<reply_value>;
  CHECK(direct::encode_ack(value{reply_value{ringing()}})
        == R"({"ok":true,"callId":"c1","callerId":"alice","receiverId":"bob","callType":"video",)"
           R"("status":"no-answer","duration":0})");
  CHECK(direct::encode_ack(value{reply_value{}}) == R"({"ok":true})");
  CHECK(direct::encode_ack(value{reply_value{alice_view.user}})
        == R"({"ok":true,"userId":"alice"})");
  CHECK(direct::encode_ack(value{reply_value{user_ptr{}}}) == R"({"ok":true})");
  CHECK(direct::encode_ack(value{failure{error_code::receiver_required}})
        == R"({"ok":false,"error":"receiverId required","code":"receiver_required"})");
  CHECK(direct::encode_ack(value{failure{error_code::already_processed, c1}})
        == R"({"ok":false,"error":"Call already processed","code":"already_processed",)"
           R"("callId":"c1"})");
}

TEST_CASE("a REST answer shows the call", "[direct]") {
  CHECK(direct::encode_call("Call initiated", ringing())
        == R"({"success":true,"message":"Call initiated","data":{"_id":"c1","callerId":)"
               + std::string{alice_json} + R"(,"receiverId":)" + std::string{bob_json}
               + R"(,"callType":"video","streamChannelId":"messaging:call-c1",)"
                 R"("status":"no-answer","duration":0,"createdAt":"2025-11-11T09:30:00.000Z",)"
                 R"("startedAt":null,"endedAt":null,"endedBy":null,"endReason":null}})");
  CHECK(direct::encode_call("Call ended", completed())
        == R"({"success":true,"message":"Call ended","data":{"_id":"c1","callerId":)"
               + std::string{alice_json} + R"(,"receiverId":)" + std::string{bob_json}
               + R"(,"callType":"video","streamChannelId":"messaging:call-c1",)"
                 R"("status":"completed","duration":125,)"
                 R"("createdAt":"2025-11-11T09:30:00.000Z","startedAt":"2025-11-11T09:30:10.000Z",)"
                 R"("endedAt":"2025-11-11T09:32:15.500Z","endedBy":"bob","endReason":"hangup"}})");
}

TEST_CASE("a page is seen from the asking user's side", "[direct]") {
  auto missed = ringing();
  missed.call.status = call_status::missed;
  missed.call.direct().missed = true;
  auto field = [](const std::string& page, std::string_view name) {
    auto body = json::object::parse(page);
    REQUIRE(body);
    CHECK(body->find("success")->raw == "true");
    auto data = json::parse_array(body->find("data")->raw);
    REQUIRE(data);
    REQUIRE(data->size() == 1);
    auto call = json::object::parse((*data)[0].raw);
    REQUIRE(call);
    REQUIRE(call->find(name));
    return std::string{call->find(name)->raw};
  };
  auto of_alice = direct::encode_page({{missed}, false}, alice);
  CHECK(field(of_alice, "direction") == "\"outgoing\"");
  CHECK(field(of_alice, "isMissed") == "false");
  CHECK(field(of_alice, "status") == "\"missed\"");
  CHECK(field(of_alice, "callerId") == alice_json);
  auto of_bob = direct::encode_page({{missed}, true}, bob);
  CHECK(field(of_bob, "direction") == "\"incoming\"");
  CHECK(field(of_bob, "isMissed") == "true");
  CHECK(json::object::parse(of_alice)->find("hasMore")->raw == "false");
  CHECK(json::object::parse(of_bob)->find("hasMore")->raw == "true");
  CHECK(direct::encode_page({}, bob) == R"({"success":true,"data":[],"hasMore":false})");
  CHECK(json::valid(direct::encode_page({{missed, completed()}, true}, bob)));
}

TEST_CASE("a call that never rang is shown without a channel", "[direct]") {
  auto refused = ringing();
  refused.call.status = call_status::missed;
  for (auto reason : {end_reason::busy, end_reason::offline}) {
    refused.call.reason = reason;
    CHECK(direct::encode_page({{refused}, false}, alice).find(R"("streamChannelId":null,)")
          != std::string::npos);
  }
}

TEST_CASE("a call is missed by its receiver only", "[direct]") {
  auto call = ringing().call;
  CHECK_FALSE(direct::is_missed_by(call, bob));
  call.direct().missed = true;
  CHECK(direct::is_missed_by(call, bob));
  CHECK_FALSE(direct::is_missed_by(call, alice));
  CHECK_FALSE(direct::is_missed_by(call, user_id{"carol"}));
}

TEST_CASE("REST answers without a call", "[direct]") {
  CHECK(direct::encode_done("Call deleted") == R"({"success":true,"message":"Call deleted"})");
  CHECK(direct::encode_rest_error({error_code::user_offline, c1})
        == R"({"success":false,"message":"User is not available","code":"user_offline"})");
  CHECK(
      direct::encode_rest_error({error_code::invalid_query, "limit"})
      == R"({"success":false,"message":"Invalid query parameter: limit","code":"invalid_query"})");
}

TEST_CASE("what is for the log is not for clients", "[direct]") {
  for (auto code :
       {error_code::unauthorized, error_code::store_unavailable, error_code::internal}) {
    failure why{code, "the log's own"};
    for (const auto& text : {direct::encode_error(why)->data, direct::encode_ack(why),
                             direct::encode_rest_error(why)}) {
      INFO(text);
      CHECK(text.find("the log's own") == std::string::npos);
      CHECK(text.find(describe(code).message) != std::string::npos);
    }
  }
}

TEST_CASE("text of users cannot break out of the JSON", "[direct]") {
  auto odd = seen("o\"d}d", {"\"},{\\\n\xFF", "\x01@x", "", ""}, true);
  auto event = direct::encode(event::incoming{call_id{"c\"1"}, odd, media_type::audio});
  auto fields = json::object::parse(event->data);
  REQUIRE(fields);
  CHECK(fields->string("callId") == "c\"1");
  CHECK(fields->string("callerId") == "o\"d}d");
  auto caller = json::object::parse(fields->find("caller")->raw);
  REQUIRE(caller);
  CHECK(caller->string("username") == "\"},{\\\n\xEF\xBF\xBD");
  CHECK(caller->string("email") == "\x01@x");
}
