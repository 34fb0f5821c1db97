// The exact bytes of all that the server sends. Clients of every version out there read them, so a
// change here is a change for them: it belongs into docs/protocol.md and the changelog too.

#include "protocol/client_link.hpp"
#include "protocol/dialects/direct.hpp"
#include "protocol/dialects/families.hpp"
#include "protocol/engine_io.hpp"
#include "protocol/ice_servers.hpp"
#include "protocol/socket_io.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/direct_samples.hpp"

#include <array>
#include <set>
#include <vector>

using namespace carillon;
using namespace carillon::samples;
using samples::direct_calls::bob_view;

namespace {

const call_id call{"65f1c0ffee65f1c0ffee65f1"};

call_view ringing() { return direct_calls::ringing(call.str()); }
call_view completed() { return direct_calls::completed(call.str()); }
call_view missed() { return direct_calls::missed(call.str()); }

call_event two_states() {
  return event::call_states{
      {{call, call_state::ringing, true, bob, from_epoch_ms(1762853445000), {}},
       {call_id{"65f1c0ffee65f1c0ffee65f2"}, call_state::active, false, alice, {}, {}}}};
}

// Spelled out here so that the tables can be read; `CALL` is the call's id.
#define CALL "65f1c0ffee65f1c0ffee65f1"
#define ALICE                                                                                      \
  R"({"_id":"alice","username":"Alice","email":"alice@x.org",)"                                    \
  R"("images":["https://x.org/a.png"],"isOnline":true})"
#define BOB                                                                                        \
  R"({"_id":"bob","username":"bob","email":null,)"                                                 \
  R"("images":["https://getstream.io/random_svg/?id=bob&name=bob"],"isOnline":false})"
#define CHANNEL R"("streamChannelId":"messaging:call-)" CALL "\""
#define PARTIES R"("_id":")" CALL R"(","callerId":)" ALICE R"(,"receiverId":)" BOB

struct golden_event {
  call_event what;
  std::string_view bytes;
};

// clang-format off
const std::vector<golden_event> events{
  {event::initiated{call, bob, media_type::audio, false},
   R"(42["callInitiated",{"callId":")" CALL R"(","receiverId":"bob","callType":"audio"}])"},
  {event::initiated{call, bob, media_type::video, true},
   R"(42["callInitiated",{"callId":")" CALL R"(","receiverId":"bob","callType":"video","glare":true}])"},
  {event::incoming{call, alice_view, media_type::video},
   R"(42["incomingCall",{"callId":")" CALL R"(","callerId":"alice","callType":"video","caller":)" ALICE R"(}])"},
  {event::incoming{call, bob_view, media_type::audio},
   R"(42["incomingCall",{"callId":")" CALL R"(","callerId":"bob","callType":"audio","caller":)" BOB R"(}])"},
  {event::accepted{call, bob},
   R"(42["callAccepted",{"callId":")" CALL R"(","receiverId":"bob"}])"},
  {event::accepted_confirm{call},
   R"(42["callAcceptedConfirm",{"callId":")" CALL R"("}])"},
  {event::rejected{call, bob, false},
   R"(42["callRejected",{"callId":")" CALL R"(","receiverId":"bob"}])"},
  {event::rejected{call, bob, true},
   R"(42["callRejected",{"callId":")" CALL R"(","receiverId":"bob","reason":"busy"}])"},
  {event::rejected_confirm{call},
   R"(42["callRejectedConfirm",{"callId":")" CALL R"("}])"},
  {event::answered_elsewhere{call},
   R"(42["callAnsweredElsewhere",{"callId":")" CALL R"("}])"},
  {event::ended{call, bob, end_reason::hung_up, 125},
   R"(42["callEnded",{"callId":")" CALL R"(","endedBy":"bob","reason":"hangup","duration":125}])"},
  {event::ended{call, {}, end_reason::no_answer, 0},
   R"(42["callEnded",{"callId":")" CALL R"(","endedBy":null,"reason":"no-answer","duration":0}])"},
  {event::ended{call, bob, end_reason::rejected, 0},
   R"(42["callEnded",{"callId":")" CALL R"(","endedBy":"bob","reason":"rejected","duration":0}])"},
  {event::ended{call, alice, end_reason::cancelled, 0},
   R"(42["callEnded",{"callId":")" CALL R"(","endedBy":"alice","reason":"cancelled","duration":0}])"},
  {event::ended{call, bob, end_reason::connection_lost, 7},
   R"(42["callEnded",{"callId":")" CALL R"(","endedBy":"bob","reason":"connection-lost","duration":7}])"},
  {event::ended{call, {}, end_reason::timeout, 3600},
   R"(42["callEnded",{"callId":")" CALL R"(","endedBy":null,"reason":"timeout","duration":3600}])"},
  {event::ended_confirm{call, call_status::completed, 125},
   R"(42["callEndedConfirm",{"callId":")" CALL R"(","status":"completed","duration":125}])"},
  {event::not_available{call, bob},
   R"(42["userNotAvailable",{"message":"User is not available","receiverId":"bob","callId":")" CALL R"("}])"},
  {event::peer_reconnecting{call, bob},
   R"(42["peerReconnecting",{"callId":")" CALL R"(","userId":"bob"}])"},
  {event::peer_reconnected{call, bob},
   R"(42["peerReconnected",{"callId":")" CALL R"(","userId":"bob"}])"},
  {event::relayed{call, alice, relay_kind::offer, R"({ "type":"offer", "sdp":"v=0\r\n" })"},
   R"(42["receiveOffer",{"offer":{ "type":"offer", "sdp":"v=0\r\n" },"from":"alice","callId":")" CALL R"("}])"},
  {event::relayed{call, bob, relay_kind::answer, R"({"type":"answer","sdp":"v=0\r\n"})"},
   R"(42["receiveAnswer",{"answer":{"type":"answer","sdp":"v=0\r\n"},"from":"bob","callId":")" CALL R"("}])"},
  {event::relayed{call, bob, relay_kind::candidate, "null"},
   R"(42["receiveIceCandidate",{"candidate":null,"from":"bob","callId":")" CALL R"("}])"},
  {event::call_states{},
   R"(42["callState",{"calls":[]}])"},
  {two_states(),
   R"(42["callState",{"calls":[{"callId":")" CALL R"(","kind":"direct","state":"ringing","role":"caller",)"
   R"("peer":"bob","ringDeadline":"2025-11-11T09:30:45.000Z"},{"callId":"65f1c0ffee65f1c0ffee65f2","kind":"direct",)"
   R"("state":"active","role":"receiver","peer":"alice","ringDeadline":null}]}])"},
};

// Of each refusal: the status of a REST answer and its code and text. With a detail and a call all that
// carry them look like the last rows of `packets`.
struct golden_error {
  error_code code;
  int status;
  std::string_view bytes;
};
constexpr std::array errors{
  golden_error{error_code::receiver_required, 400, R"("error":"receiverId required","code":"receiver_required")"},
  golden_error{error_code::receiver_not_found, 404, R"("error":"Receiver not found","code":"receiver_not_found")"},
  golden_error{error_code::call_id_required, 400, R"("error":"callId required","code":"call_id_required")"},
  golden_error{error_code::call_not_found, 404, R"("error":"Call not found","code":"call_not_found")"},
  golden_error{error_code::not_authorized, 403, R"("error":"Not authorized","code":"not_authorized")"},
  golden_error{error_code::already_processed, 409, R"("error":"Call already processed","code":"already_processed")"},
  golden_error{error_code::invalid_call_type, 400, R"("error":"Invalid callType","code":"invalid_call_type")"},
  golden_error{error_code::self_call, 400, R"("error":"Cannot call yourself","code":"self_call")"},
  golden_error{error_code::caller_busy, 409, R"("error":"Already in a call","code":"caller_busy")"},
  golden_error{error_code::user_busy, 409, R"("error":"User is busy","code":"user_busy")"},
  golden_error{error_code::user_offline, 409, R"("error":"User is not available","code":"user_offline")"},
  golden_error{error_code::session_required, 400, R"("error":"sessionId required","code":"session_id_required")"},
  golden_error{error_code::session_not_found, 404, R"("error":"Session not found","code":"session_not_found")"},
  golden_error{error_code::session_full, 409, R"("error":"Session full","code":"session_full")"},
  golden_error{error_code::not_invited, 403, R"("error":"Not invited to this session","code":"not_invited")"},
  golden_error{error_code::target_not_in_session, 404, R"("error":"Target is not in this session","code":"target_not_in_session")"},
  golden_error{error_code::screen_share_refused, 403, R"("error":"Screen sharing is not allowed","code":"screen_share_refused")"},
  golden_error{error_code::unknown_participant, 400, R"("error":"Unknown participant","code":"unknown_participant")"},
  golden_error{error_code::too_many_participants, 400, R"("error":"Too many participants","code":"too_many_participants")"},
  golden_error{error_code::therapy_session_live, 409, R"("error":"Therapy session is already in progress","code":"therapy_session_live")"},
  golden_error{error_code::video_call_exists, 409, R"("error":"Call already exists","code":"call_exists")"},
  golden_error{error_code::invalid_status_change, 409, R"("error":"Status cannot change so","code":"invalid_status_change")"},
  golden_error{error_code::call_over, 409, R"("error":"Call has ended","code":"call_over")"},
  golden_error{error_code::call_full, 409, R"("error":"Call is full","code":"call_full")"},
  golden_error{error_code::not_in_call, 409, R"("error":"Not in this call","code":"not_in_call")"},
  golden_error{error_code::invitation_expired, 409, R"("error":"Invitation has expired","code":"invitation_expired")"},
  golden_error{error_code::not_invited_to_call, 403, R"("error":"Not invited to this call","code":"not_invited_to_call")"},
  golden_error{error_code::stream_not_configured, 503, R"("error":"Stream is not configured","code":"stream_not_configured")"},
  golden_error{error_code::bad_signature, 401, R"("error":"Invalid signature","code":"bad_signature")"},
  golden_error{error_code::invalid_field, 400, R"("error":"Invalid field","code":"invalid_field")"},
  golden_error{error_code::invalid_json, 400, R"("error":"Invalid JSON","code":"invalid_json")"},
  golden_error{error_code::invalid_query, 400, R"("error":"Invalid query parameter","code":"invalid_query")"},
  golden_error{error_code::binary_refused, 400, R"("error":"Binary data is not accepted here","code":"binary_refused")"},
  golden_error{error_code::early_relay_limit, 429, R"("error":"Too many messages before the call was accepted","code":"early_relay_limit")"},
  golden_error{error_code::sdp_too_large, 413, R"("error":"SDP too large","code":"sdp_too_large")"},
  golden_error{error_code::frame_too_large, 413, R"("error":"Message too large","code":"frame_too_large")"},
  golden_error{error_code::body_too_large, 413, R"("error":"Request body too large","code":"body_too_large")"},
  golden_error{error_code::rate_limited, 429, R"("error":"Too many requests","code":"rate_limited")"},
  golden_error{error_code::auth_rate_limited, 429, R"("error":"Too many failed authentications","code":"auth_rate_limited")"},
  golden_error{error_code::too_many_devices, 429, R"("error":"Too many devices","code":"too_many_devices")"},
  golden_error{error_code::unauthorized, 401, R"("error":"Authentication error","code":"unauthorized")"},
  golden_error{error_code::not_authenticated, 401, R"("error":"Not authenticated","code":"not_authenticated")"},
  golden_error{error_code::wrong_user, 403, R"("error":"Token belongs to another user","code":"wrong_user")"},
  golden_error{error_code::unknown_event, 400, R"("error":"Unknown event","code":"unknown_event")"},
  golden_error{error_code::route_not_found, 404, R"("error":"Not found","code":"route_not_found")"},
  golden_error{error_code::method_not_allowed, 405, R"("error":"Method not allowed","code":"method_not_allowed")"},
  golden_error{error_code::store_unavailable, 503, R"("error":"Storage is not available","code":"store_unavailable")"},
  golden_error{error_code::shutting_down, 503, R"("error":"Server is shutting down","code":"shutting_down")"},
  golden_error{error_code::internal, 500, R"("error":"Internal error","code":"internal_error")"},
  golden_error{error_code::channel_required, 400, R"("error":"channelId required","code":"channel_id_required")"},
  golden_error{error_code::channel_not_found, 404, R"("error":"Channel not found","code":"channel_not_found")"},
  golden_error{error_code::channel_closed, 409, R"("error":"Channel is closed","code":"channel_closed")"},
  golden_error{error_code::text_required, 400, R"("error":"text required","code":"text_required")"},
  golden_error{error_code::text_too_long, 400, R"("error":"Text too long","code":"text_too_long")"},
  golden_error{error_code::message_required, 400, R"("error":"id required","code":"message_id_required")"},
  golden_error{error_code::message_not_found, 404, R"("error":"Message not found","code":"message_not_found")"},
  golden_error{error_code::message_id_taken, 409, R"("error":"Message id is taken","code":"message_id_taken")"},
};

struct golden_text {
  std::string made;
  std::string_view bytes;
};
const std::vector<golden_text> packets{
  // Engine.IO
  {engine_io::encode_open({"lv_VI97HAXpY6yYWAAAC", milliseconds{25000}, milliseconds{20000}, 131072, false}),
   R"(0{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":131072})"},
  {engine_io::encode_open({"lv_VI97HAXpY6yYWAAAC", milliseconds{300}, milliseconds{200}, 1000000, true}),
   R"(0{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":["websocket"],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000})"},
  // Socket.IO
  {socket_io::encode_connect("/", "d1"), R"(40{"sid":"d1"})"},
  {socket_io::encode_connect("/", "d1", "p1"), R"(40{"sid":"d1","pid":"p1"})"},
  {socket_io::encode_connect("/custom", "d1"), R"(40/custom,{"sid":"d1"})"},
  {socket_io::encode_connect_error("/", "Authentication error"), R"(44{"message":"Authentication error"})"},
  {socket_io::encode_connect_error("/x", "Invalid namespace"), R"(44/x,{"message":"Invalid namespace"})"},
  {socket_io::encode_disconnect("/"), "41"},
  {socket_io::encode_disconnect("/custom"), "41/custom,"},
  {socket_io::encode_event("a", ""), R"(42["a"])"},
  {socket_io::encode_event("a", "{}"), R"(42["a",{}])"},
  {socket_io::encode_event("a", "{}", "17"), R"(42["a",{},"17"])"},
  {socket_io::encode_ack(0, "{}"), "430[{}]"},
  // Acknowledgements
  {direct::encode_ack(reply_value{}), R"({"ok":true})"},
  {direct::encode_ack(reply_value{alice_view.user}), R"({"ok":true,"userId":"alice"})"},
  {direct::encode_ack(reply_value{ringing()}),
   R"({"ok":true,"callId":")" CALL R"(","callerId":"alice","receiverId":"bob","callType":"video","status":"no-answer","duration":0})"},
  {direct::encode_ack(reply_value{completed()}),
   R"({"ok":true,"callId":")" CALL R"(","callerId":"alice","receiverId":"bob","callType":"video","status":"completed","duration":125})"},
  // REST
  {direct::encode_call("Call initiated", ringing()),
   R"({"success":true,"message":"Call initiated","data":{)" PARTIES R"(,"callType":"video",)" CHANNEL R"(,"status":"no-answer","duration":0,)"
   R"("createdAt":"2025-11-11T09:30:00.000Z","startedAt":null,"endedAt":null,"endedBy":null,"endReason":null}})"},
  {direct::encode_call("Call ended", completed()),
   R"({"success":true,"message":"Call ended","data":{)" PARTIES R"(,"callType":"video",)" CHANNEL R"(,"status":"completed","duration":125,)"
   R"("createdAt":"2025-11-11T09:30:00.000Z","startedAt":"2025-11-11T09:30:10.000Z","endedAt":"2025-11-11T09:32:15.500Z",)"
   R"("endedBy":"bob","endReason":"hangup"}})"},
  {direct::encode_page({{missed()}, true}, bob),
   R"({"success":true,"data":[{)" PARTIES R"(,"callType":"video",)" CHANNEL R"(,"status":"missed","duration":0,)"
   R"("createdAt":"2025-11-11T09:30:00.000Z","startedAt":null,"endedAt":"2025-11-11T09:30:45.000Z",)"
   R"("endedBy":null,"endReason":"no-answer","direction":"incoming","isMissed":true}],"hasMore":true})"},
  {direct::encode_page({{missed()}, false}, alice),
   R"({"success":true,"data":[{)" PARTIES R"(,"callType":"video",)" CHANNEL R"(,"status":"missed","duration":0,)"
   R"("createdAt":"2025-11-11T09:30:00.000Z","startedAt":null,"endedAt":"2025-11-11T09:30:45.000Z",)"
   R"("endedBy":null,"endReason":"no-answer","direction":"outgoing","isMissed":false}],"hasMore":false})"},
  {direct::encode_page({}, bob), R"({"success":true,"data":[],"hasMore":false})"},
  {direct::encode_done("Call deleted"), R"({"success":true,"message":"Call deleted"})"},
  {direct::encode_rest_error({error_code::invalid_query, "limit"}),
   R"({"success":false,"message":"Invalid query parameter: limit","code":"invalid_query"})"},
  {encode_ice_servers({{"stun:s.org"}, "turn:t.org", "u", "p", {}}, alice, from_epoch_ms(1762853400000)),
   R"([{"urls":"stun:s.org"},{"urls":"turn:t.org","username":"u","credential":"p"}])"},
  {encode_ice_servers({{}, "turn:t.org", {}, {}, "north"}, alice, from_epoch_ms(1762853400000)),
   R"([{"urls":"turn:t.org","username":"1762867800:alice","credential":"WWPnSWydD9g6SD+kxdFKaiBRa0g="}])"},
  // Refusals with a call and with a detail
  {std::string{*direct::encode_error({error_code::already_processed, call})->socket_io()},
   R"(42["callError",{"error":"Call already processed","code":"already_processed","callId":")" CALL R"("}])"},
  {std::string{*direct::encode_error({error_code::invalid_field, "offer"})->socket_io()},
   R"(42["callError",{"error":"Invalid field: offer","code":"invalid_field"}])"},
  {direct::encode_ack(failure{error_code::already_processed, call}),
   R"({"ok":false,"error":"Call already processed","code":"already_processed","callId":")" CALL R"("})"},
};

struct golden_close {
  close_reason reason;
  int code;
};
constexpr std::array closes{
  golden_close{close_reason::normal, 1000},         golden_close{close_reason::going_away, 1001},
  golden_close{close_reason::protocol_error, 1002}, golden_close{close_reason::too_big, 1009},
  golden_close{close_reason::too_slow, 4001},       golden_close{close_reason::ping_timeout, 4002},
  golden_close{close_reason::auth_timeout, 4003},   golden_close{close_reason::token_expired, 4004},
  golden_close{close_reason::replaced, 4005},
};
// clang-format on

/// `text` with its last byte, a bracket, behind `more`.
std::string with_more(std::string_view text, std::string_view more) {
  std::string out{text};
  return out.insert(out.size() - 1, more);
}

// Those of sessions, of video and of channels have rows of their own, in the words of their families.
constexpr std::size_t events_of_others = 7 + 5 + 1;

wire_event_ptr encode(const call_event& what, std::uint64_t offset = 0) {
  return families::encode(what, {alice, ice_settings{}, {}}, offset);
}

} // namespace

TEST_CASE("the bytes of every event of direct calls, over both wires", "[golden]") {
  std::set<std::size_t> kinds;
  for (const auto& [what, bytes] : events) {
    INFO(bytes);
    kinds.insert(what.index());
    CHECK(*encode(what)->socket_io() == bytes);
    CHECK(*encode(what, 17)->socket_io() == with_more(bytes, R"(,"17")"));
    // 42["name",data] and {"event":"name","data":data} hold the same name and data.
    auto comma = bytes.find(',');
    auto plain = R"({"event":)" + std::string{bytes.substr(3, comma - 3)} + R"(,"data":)"
                 + std::string{bytes.substr(comma + 1, bytes.size() - comma - 2)} + "}";
    CHECK(*encode(what)->plain() == plain);
    CHECK(*encode(what, 17)->plain() == with_more(plain, R"(,"offset":"17")"));
  }
  CHECK(kinds.size() == std::variant_size_v<call_event> - events_of_others);
}

TEST_CASE("the bytes of every refusal", "[golden]") {
  REQUIRE(errors.size() == static_cast<std::size_t>(error_code::count_));
  for (const auto& [code, status, bytes] : errors) {
    std::string fields{bytes};
    INFO(fields);
    CHECK(describe(code).http_status == status);
    CHECK(direct::encode_ack(failure{code}) == R"({"ok":false,)" + fields + "}");
    auto event = direct::encode_error(code);
    CHECK(*event->socket_io() == R"(42["callError",{)" + fields + "}]");
    CHECK(*event->plain() == R"({"event":"callError","data":{)" + fields + "}}");
    fields.replace(0, std::string_view{R"("error")"}.size(), R"("message")");
    CHECK(direct::encode_rest_error(code) == R"({"success":false,)" + fields + "}");
  }
}

TEST_CASE("the bytes of packets, acknowledgements and REST answers", "[golden]") {
  for (const auto& [made, bytes] : packets)
    CHECK(made == bytes);
}

TEST_CASE("the close codes", "[golden]") {
  for (const auto& [reason, code] : closes)
    CHECK(describe(reason).code == code);
}
