// The exact bytes of what the server sends of sessions. A change here is a change for clients: it
// belongs into docs/protocol.md and the changelog too.

#include "protocol/dialects/families.hpp"
#include "protocol/dialects/sessions.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/sessions_samples.hpp"

#include <set>
#include <vector>

using namespace carillon;
using namespace carillon::samples;

namespace {

// Spelled out here so that the tables can be read; `S` is the session's id.
#define S "call_1762853400000_abc123xyz"
#define CHANNEL R"("streamChannelId":"messaging:call-)" S "\""
#define ALICE                                                                                      \
  R"({"userId":"alice","_id":"alice","username":"Alice","email":"alice@x.org",)"                   \
  R"("images":["https://x.org/a.png"],"isOnline":true})"
#define FACTS                                                                                      \
  R"("callSettings":{"isVideoEnabled":false,"isAudioEnabled":true,"isRecordingEnabled":false,)"    \
  R"("allowScreenShare":true},"metadata":{"title":"Stand-up","tags":["a","b"]})"
#define ALICE_IN                                                                                   \
  R"({"userId":"alice","username":"Alice","socketId":"dev-a","peerId":"peer-a",)"                  \
  R"("joinedAt":"2025-11-11T09:30:05.000Z","isActive":true,"hasVideo":false,"hasAudio":true,)"     \
  R"("isScreenSharing":false})"
#define BOB_IN                                                                                     \
  R"({"userId":"bob","username":"Bob","socketId":"dev-b","peerId":null,)"                          \
  R"("joinedAt":"2025-11-11T09:30:10.000Z","isActive":true,"hasVideo":true,"hasAudio":true,)"      \
  R"("isScreenSharing":true})"
#define ICE R"("iceServers":[{"urls":"stun:s.org"}])"
#define CONSTRAINTS                                                                                \
  R"("mediaConstraints":{"video":{"width":{"min":320,"ideal":640,"max":1280},)"                    \
  R"("height":{"min":240,"ideal":480,"max":720},"frameRate":{"min":15,"ideal":24,"max":30}},)"     \
  R"("audio":{"echoCancellation":true,"noiseSuppression":true,"autoGainControl":true},)"           \
  R"("screen":{"video":{"mediaSource":"screen","width":{"max":1920},"height":{"max":1080},)"       \
  R"("frameRate":{"max":15}},"audio":false}})"

event::session_joined joined() {
  auto now = std::make_shared<session_now>();
  now->call = session;
  now->facts = facts();
  now->in = {alice_in(), bob_in()};
  now->names = {"Alice", "Bob"};
  now->version = 3;
  return {std::move(now)};
}

event::relayed relayed(relay_kind kind, std::string payload) {
  return {session, alice, kind, std::move(payload), device_id{"dev-a"}, call_kind::session};
}

call_event states() {
  call_summary began{session, call_state::active, true, {}, {}, device_id{"dev-a"}};
  began.kind = call_kind::session;
  began.type = session_type::group;
  began.joined = true;
  auto invited = began;
  invited.state = call_state::ringing;
  invited.is_caller = false;
  invited.ring_deadline = at(45);
  invited.device = {};
  invited.joined = false;
  invited.type = session_type::one_to_one;
  return event::call_states{{began, invited}};
}

struct golden_event {
  call_event what;
  std::string_view name;
  std::string_view data;
};

// clang-format off
const std::vector<golden_event> events{
  {event::invited{session, alice_view, facts(), at(45)}, "call_invitation",
   R"({"sessionId":")" S R"(","sessionType":"group","initiator":)" ALICE "," FACTS
   R"(,"expiresAt":"2025-11-11T09:30:45.000Z"})"},
  {joined(), "call_session_joined",
   R"({"sessionId":")" S R"(","sessionType":"group","participants":[)" ALICE_IN "," BOB_IN "]," FACTS
   "," ICE "," CONSTRAINTS R"(,"version":3})"},
  {event::user_joined{session, bob_in(), "Bob", {}, 3}, "user_joined_call",
   R"({"sessionId":")" S R"(","userId":"bob","username":"Bob","socketId":"dev-b","peerId":null,)"
   R"("joinedAt":"2025-11-11T09:30:10.000Z","hasVideo":true,"hasAudio":true,"isScreenSharing":true,"version":3})"},
  {event::user_joined{session, alice_in(), "Alice", device_id{"dev-0"}, 4}, "user_joined_call",
   R"({"sessionId":")" S R"(","userId":"alice","username":"Alice","socketId":"dev-a","peerId":"peer-a",)"
   R"("joinedAt":"2025-11-11T09:30:05.000Z","hasVideo":false,"hasAudio":true,"isScreenSharing":false,"version":4,)"
   R"("previousSocketId":"dev-0"})"},
  {event::user_left{session, bob, device_id{"dev-b"}, false, 4}, "user_left_call",
   R"({"sessionId":")" S R"(","userId":"bob","socketId":"dev-b","reason":"left","version":4})"},
  {event::user_left{session, bob, device_id{"dev-b"}, true, 5}, "user_left_call",
   R"({"sessionId":")" S R"(","userId":"bob","socketId":"dev-b","reason":"connection-lost","version":5})"},
  {event::taken_elsewhere{session, device_id{"dev-b"}}, "call_answered_elsewhere",
   R"({"sessionId":")" S R"(","socketId":"dev-b"})"},
  {event::media_changed{session, bob, device_id{"dev-b"}, {true, false, true}}, "media_state_changed",
   R"({"sessionId":")" S R"(","userId":"bob","socketId":"dev-b","hasVideo":true,"hasAudio":false,"isScreenSharing":true})"},
  {event::session_ended{session, alice, end_reason::hung_up, 120}, "call_session_ended",
   R"({"sessionId":")" S R"(","endedBy":"alice","reason":"hangup","duration":120})"},
  {event::session_ended{session, bob, end_reason::last_left, 7}, "call_session_ended",
   R"({"sessionId":")" S R"(","endedBy":"bob","reason":"last-left","duration":7})"},
  {event::session_ended{session, bob, end_reason::connection_lost, 7}, "call_session_ended",
   R"({"sessionId":")" S R"(","endedBy":"bob","reason":"connection-lost","duration":7})"},
  {event::session_ended{session, {}, end_reason::no_answer, 0}, "call_session_ended",
   R"({"sessionId":")" S R"(","endedBy":null,"reason":"no-answer","duration":0})"},
  {event::session_ended{session, {}, end_reason::timeout, 3600}, "call_session_ended",
   R"({"sessionId":")" S R"(","endedBy":null,"reason":"timeout","duration":3600})"},
  {relayed(relay_kind::offer, R"({ "type":"offer" })"), "webrtc_offer",
   R"({"sessionId":")" S R"(","fromSocketId":"dev-a","fromUserId":"alice","offer":{ "type":"offer" }})"},
  {relayed(relay_kind::answer, R"({"type":"answer"})"), "webrtc_answer",
   R"({"sessionId":")" S R"(","fromSocketId":"dev-a","fromUserId":"alice","answer":{"type":"answer"}})"},
  {relayed(relay_kind::candidate, "null"), "webrtc_ice_candidate",
   R"({"sessionId":")" S R"(","fromSocketId":"dev-a","fromUserId":"alice","candidate":null})"},
  {states(), "callState",
   R"({"calls":[{"callId":")" S R"(","kind":"session","state":"active","role":"initiator","peer":null,)"
   R"("ringDeadline":null,"sessionType":"group","joined":true},{"callId":")" S R"(","kind":"session","state":"waiting",)"
   R"("role":"participant","peer":null,"ringDeadline":"2025-11-11T09:30:45.000Z","sessionType":"one-to-one","joined":false}]})"},
};
// clang-format on

// The seven that are a session's only, the relay, and callState.
constexpr std::size_t kinds_of_events = 9;

} // namespace

TEST_CASE("the bytes of every event of sessions, over both wires", "[golden]") {
  const ice_settings ice{{"stun:s.org"}, {}, {}, {}, {}};
  std::set<std::size_t> kinds;
  for (const auto& [what, name, data] : events) {
    INFO(data);
    kinds.insert(what.index());
    auto event = families::encode(what, {alice, ice, at(0)});
    REQUIRE(event);
    CHECK(event->name == name);
    CHECK(event->data == data);
    auto both = '"' + std::string{name} + "\"," + std::string{data};
    CHECK(*event->socket_io() == "42[" + both + "]");
    CHECK(*event->plain()
          == R"({"event":")" + std::string{name} + R"(","data":)" + std::string{data} + "}");
  }
  CHECK(kinds.size() == kinds_of_events);
}

TEST_CASE("the bytes of REST answers about sessions", "[golden]") {
  constexpr std::string_view head =
      R"({"success":true,"message":"Ready to join call session","data":{"sessionId":")" S
      R"(","sessionType":"group",)" CHANNEL R"(,"status":"active","participants":[)" ALICE_IN "," BOB_IN "]," FACTS
      "," ICE "," CONSTRAINTS R"(,"version":3}})";
  CHECK(sessions::encode_may_join(active(), R"([{"urls":"stun:s.org"}])") == head);

#define NO_QUALITY                                                                                 \
  R"("quality":{"samples":0,"connectionTimeMs":null,"rttMs":null,"jitterMs":null,)"                \
  R"("packetLoss":null,"bitrateKbps":null,"mos":null})"
  constexpr std::string_view details =
      R"({"success":true,"message":"Session details","data":{"sessionId":")" S
      R"(","sessionType":"group",)" CHANNEL R"(,"initiatorId":"alice","initiator":)" ALICE
      R"(,"status":"ended","startTime":"2025-11-11T09:30:10.000Z",)"
      R"("endTime":"2025-11-11T09:32:10.000Z","duration":120,)"
      R"("createdAt":"2025-11-11T09:30:00.000Z","endedBy":"bob","endReason":"last-left",)"
      R"("maxParticipants":8,)" FACTS R"(,"therapySessionId":null,"version":5,"participants":[)"
      R"({"userId":"alice","username":"Alice","role":"initiator","socketId":"dev-a",)"
      R"("peerId":"peer-a","joinedAt":"2025-11-11T09:30:05.000Z",)"
      R"("leftAt":"2025-11-11T09:31:05.000Z","isActive":false,"hasVideo":false,"hasAudio":true,)"
      R"("isScreenSharing":false,"duration":60,"invitation":null,)" NO_QUALITY
      R"(},{"userId":"bob","username":"Bob","role":"participant","socketId":"dev-b",)"
      R"("peerId":null,"joinedAt":"2025-11-11T09:30:10.000Z",)"
      R"("leftAt":"2025-11-11T09:32:10.000Z","isActive":false,"hasVideo":true,"hasAudio":true,)"
      R"("isScreenSharing":true,"duration":120,"invitation":{"status":"accepted",)"
      R"("expiresAt":"2025-11-11T09:30:45.000Z","respondedAt":"2025-11-11T09:30:10.000Z"},)" NO_QUALITY
      R"(},{"userId":"carol","username":"Carol","role":"participant","socketId":null,)"
      R"("peerId":null,"joinedAt":null,"leftAt":null,"isActive":false,"hasVideo":false,)"
      R"("hasAudio":false,"isScreenSharing":false,"duration":0,"invitation":{"status":"expired",)"
      R"("expiresAt":"2025-11-11T09:30:45.000Z","respondedAt":null},)" NO_QUALITY "}]," NO_QUALITY
      "}}";
  CHECK(sessions::encode_details({ended(), {}}, at(1000)) == details);
}
