// The exact bytes of what the server sends of video calls. A change here is a change for clients:
// it belongs into docs/protocol.md and the changelog too.

#include "protocol/dialects/families.hpp"
#include "protocol/dialects/token.hpp"
#include "protocol/dialects/video.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/video_samples.hpp"

#include <set>
#include <vector>

using namespace carillon;
using namespace carillon::video_samples;

namespace {

// Spelled out here so that the tables can be read.
#define UUID "4d3e3a58-4bd4-5a0c-a54c-7a5a3c1f4e0a"
#define NAMES R"("call_id":"stand-up","call_cid":"default:stand-up")"
#define MEMBERS                                                                                    \
  R"("members":[{"user_id":"alice","role":"admin"},{"user_id":"bob","role":"moderator"},)"         \
  R"({"user_id":"carol","role":"user"}])"
#define INVITED(BOB, CAROL)                                                                        \
  R"("members":[{"user_id":"alice","role":"admin","invitation":null},)"                            \
  R"({"user_id":"bob","role":"moderator","invitation":")" BOB                                      \
  R"("},{"user_id":"carol","role":"user","invitation":")" CAROL R"("}])"
#define SETTINGS                                                                                   \
  R"("settings":{"audio":{"default_device":"earpiece"},"recording":{"mode":"available"}})"
#define ABOUT                                                                                      \
  R"("id":")" UUID                                                                                 \
  R"(","call_name":"Daily \"stand-up\"","status":"created","max_participants":12,)"                \
  R"("event_id":"event-7","created_at":"2025-11-11T09:30:00.000Z")"
#define HEAD                                                                                       \
  R"("id":")" UUID R"(","call_id":"stand-up","call_type":"default",)"                              \
  R"("call_name":"Daily \"stand-up\"",)"

event::video_left left(event::video_left::why reason, user_id by = {}) {
  return {shared(active()), bob_left(), reason, std::move(by)};
}

event::video_ended ended(end_reason reason, user_id by, bool was_active = true) {
  auto call = over();
  call.reason = reason;
  call.ended_by = std::move(by);
  if (!was_active) {
    call.status = call_status::cancelled;
    call.started_at.reset();
    call.duration_s = 0;
  }
  return {shared(std::move(call))};
}

call_event states() {
  call_summary in{call_id{UUID}, call_state::active, true, {}, {}, device_id{"dev-a"}};
  in.kind = call_kind::video;
  in.shown_as = "stand-up";
  in.role = participant_role::admin;
  in.joined = true;
  auto invited = in;
  invited.state = call_state::ringing;
  invited.is_caller = false;
  invited.role = participant_role::moderator;
  invited.ring_deadline = at(7200);
  invited.joined = false;
  return event::call_states{{in, invited}};
}

struct golden_event {
  call_event what;
  std::string_view name;
  std::string_view data;
};

// clang-format off
const std::vector<golden_event> events{
  {event::video_created{shared(fresh())}, "call.created",
   "{" NAMES R"(,"call_type":"default","created_by":"alice",)" MEMBERS "," SETTINGS R"(,"call":{)" ABOUT
   R"(},"expires_at":"2025-11-11T11:30:00.000Z","version":1})"},
  {event::video_created{shared(bare())}, "call.created",
   R"({"call_id":"hall","call_cid":"livestream:hall","call_type":"livestream","created_by":"alice",)"
   R"("members":[{"user_id":"alice","role":"admin"}],"settings":{},"call":{"id":")" UUID R"(","call_name":null,)"
   R"("status":"created","max_participants":50,"event_id":null,"created_at":"2025-11-11T09:30:00.000Z"},)"
   R"("expires_at":null,"version":1})"},
  {event::video_updated{shared(active())}, "call.updated",
   "{" NAMES R"(,"status":"active","started_at":"2025-11-11T09:30:02.000Z","updated_at":"2025-11-11T09:31:10.000Z",)"
   INVITED("accepted", "pending") R"(,"version":5})"},
  {event::video_joined{shared(active()), alice_in(), "Alice"}, "call.session_participant_joined",
   "{" NAMES R"(,"user_id":"alice","name":"Alice","role":"admin","joined_at":"2025-11-11T09:30:05.000Z",)"
   R"("active_participants_count":1,"version":5})"},
  {left(event::video_left::why::left), "call.session_participant_left",
   "{" NAMES R"(,"user_id":"bob","left_at":"2025-11-11T09:31:10.000Z","duration_seconds":59,"reason":"left",)"
   R"("removed_by":null,"active_participants_count":1,"version":5})"},
  {left(event::video_left::why::kicked, alice), "call.session_participant_left",
   "{" NAMES R"(,"user_id":"bob","left_at":"2025-11-11T09:31:10.000Z","duration_seconds":59,"reason":"kicked",)"
   R"("removed_by":"alice","active_participants_count":1,"version":5})"},
  {left(event::video_left::why::connection_lost), "call.session_participant_left",
   "{" NAMES R"(,"user_id":"bob","left_at":"2025-11-11T09:31:10.000Z","duration_seconds":59,"reason":"connection-lost",)"
   R"("removed_by":null,"active_participants_count":1,"version":5})"},
  {left(event::video_left::why::timeout), "call.session_participant_left",
   "{" NAMES R"(,"user_id":"bob","left_at":"2025-11-11T09:31:10.000Z","duration_seconds":59,"reason":"timeout",)"
   R"("removed_by":null,"active_participants_count":1,"version":5})"},
  {ended(end_reason::last_left, alice), "call.ended",
   "{" NAMES R"(,"status":"ended","ended_by":"alice","reason":"last-left","duration_seconds":123,)"
   R"("ended_at":"2025-11-11T09:32:05.000Z","version":6})"},
  {ended(end_reason::hung_up, alice), "call.ended",
   "{" NAMES R"(,"status":"ended","ended_by":"alice","reason":"hangup","duration_seconds":123,)"
   R"("ended_at":"2025-11-11T09:32:05.000Z","version":6})"},
  {ended(end_reason::cancelled, alice, false), "call.ended",
   "{" NAMES R"(,"status":"cancelled","ended_by":"alice","reason":"cancelled","duration_seconds":null,)"
   R"("ended_at":"2025-11-11T09:32:05.000Z","version":6})"},
  {ended(end_reason::timeout, {}), "call.ended",
   "{" NAMES R"(,"status":"ended","ended_by":null,"reason":"timeout","duration_seconds":123,)"
   R"("ended_at":"2025-11-11T09:32:05.000Z","version":6})"},
  {states(), "callState",
   R"({"calls":[{"callId":"stand-up","kind":"video","state":"active","role":"admin","peer":null,"ringDeadline":null,)"
   R"("joined":true},{"callId":"stand-up","kind":"video","state":"created","role":"moderator","peer":null,)"
   R"("ringDeadline":"2025-11-11T11:30:00.000Z","joined":false}]})"},
};
// clang-format on

// The five that are a video call's only, and callState.
constexpr std::size_t kinds_of_events = 6;

const stream_token some_token{"head.claims.signature", at(86400)};

} // namespace

TEST_CASE("the bytes of every event of video calls, over both wires", "[golden]") {
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

TEST_CASE("the bytes of acknowledgements and refusals of video calls", "[golden]") {
  CHECK(video::encode_ack(reply_value{view_of(active())})
        == R"({"ok":true,"call_id":"stand-up","status":"active","version":5})");
  CHECK(video::encode_ack(failure{error_code::call_full, call_id{UUID}})
        == R"({"ok":false,"error":"Call is full","code":"call_full"})");
  auto refused = video::encode_error(failure{error_code::invalid_field, "call_id"});
  CHECK(refused->name == "call.error");
  CHECK(refused->data == R"({"message":"Invalid field: call_id","code":"invalid_field"})");
}

TEST_CASE("the bytes of REST answers about one video call", "[golden]") {
  CHECK(video::encode_created(view_of(fresh()))
        == R"({"call_id":"stand-up","call_type":"default","created_by":"alice",)" MEMBERS
           "," SETTINGS R"(,"message":"Call metadata created. Use Stream Video client on frontend )"
           R"(to create and join call.",)" ABOUT "}");
  CHECK(video::encode_status(view_of(active()))
        == R"({"success":true,"call_id":"stand-up","status":"active",)"
           R"("updated_at":"2025-11-11T09:31:10.000Z"})");
  CHECK(video::encode_joined(view_of(active()), alice)
        == R"({"success":true,"call_id":"stand-up","user_id":"alice",)"
           R"("joined_at":"2025-11-11T09:30:05.000Z"})");
  CHECK(video::encode_left(view_of(active()), bob)
        == R"({"success":true,"call_id":"stand-up","user_id":"bob",)"
           R"("left_at":"2025-11-11T09:31:10.000Z","duration_seconds":59,)"
           R"("call_auto_ended":false})");
  CHECK(video::encode_left(view_of(over()), alice)
        == R"({"success":true,"call_id":"stand-up","user_id":"alice",)"
           R"("left_at":"2025-11-11T09:32:05.000Z","duration_seconds":120,)"
           R"("call_auto_ended":true})");
  CHECK(video::encode_answered(view_of(active()), bob)
        == R"({"success":true,"call_id":"stand-up","user_id":"bob","status":"accepted",)"
           R"("responded_at":"2025-11-11T09:30:10.000Z"})");
}

TEST_CASE("the bytes of a video call's details", "[golden]") {
  CHECK(video::encode_call(view_of(active()), at(100))
        == "{" HEAD R"("status":"active","started_at":"2025-11-11T09:30:02.000Z","ended_at":null,)"
           R"("duration_seconds":null,"created_by":"alice","recording_enabled":true,)"
           R"("screensharing_enabled":true,"max_participants":12,)"
           R"("created_at":"2025-11-11T09:30:00.000Z","updated_at":"2025-11-11T09:31:10.000Z",)"
           R"("video_call_participants":[{"user_id":"alice","left_at":null},)"
           R"({"user_id":"bob","left_at":"2025-11-11T09:31:10.000Z"}],)"
           R"("active_participants_count":1,)" INVITED(
               "accepted", "pending") "," SETTINGS R"(,"event_id":"event-7","version":5})");
}

TEST_CASE("the bytes of lists of video calls", "[golden]") {
  auto mine = over();
  mine.people = {bob_left()};
  CHECK(video::encode_history({{mine}}, {bob, 25, 50})
        == R"({"calls":[{)" HEAD R"("status":"ended","started_at":"2025-11-11T09:30:02.000Z",)"
           R"("ended_at":"2025-11-11T09:32:05.000Z","duration_seconds":123,)"
           R"("user_role":"moderator","joined_at":"2025-11-11T09:30:10.000Z",)"
           R"("left_at":"2025-11-11T09:31:10.000Z","user_duration_seconds":59,)"
           R"("created_by":"alice","created_at":"2025-11-11T09:30:00.000Z"}],)"
           R"("limit":25,"offset":50})");
  CHECK(video::encode_history({}, {bob, 1, 0}) == R"({"calls":[],"limit":1,"offset":0})");
  CHECK(video::encode_active({{active()}})
        == R"({"active_calls":[{)" HEAD
           R"("status":"active","started_at":"2025-11-11T09:30:02.000Z","ended_at":null,)"
           R"("duration_seconds":null,"created_by":"alice","recording_enabled":true,)"
           R"("screensharing_enabled":true,"max_participants":12,)"
           R"("created_at":"2025-11-11T09:30:00.000Z","updated_at":"2025-11-11T09:31:10.000Z",)"
           R"("video_call_participants":[{"user_id":"alice","left_at":null},)"
           R"({"user_id":"bob","left_at":"2025-11-11T09:31:10.000Z"}],)"
           R"("active_participants_count":1}]})");
  CHECK(video::encode_active({}) == R"({"active_calls":[]})");
}

TEST_CASE("the bytes of invitations and recordings", "[golden]") {
  video_invitation one{call_id{UUID}, "stand-up", video_call_type::audio_room,
                       "Daily",       "active",   alice,
                       carol,         "declined", at(0),
                       at(60),        at(7200)};
  CHECK(video::encode_invitations({one})
        == R"({"invitations":[{"id":")" + invitation_id(call_id{UUID}, carol)
               + R"(","call_id":"stand-up","call_type":"audio_room","call_name":"Daily",)"
                 R"("call_status":"active","invited_by":"alice","invited_user_id":"carol",)"
                 R"("status":"declined","invited_at":"2025-11-11T09:30:00.000Z",)"
                 R"("responded_at":"2025-11-11T09:31:00.000Z",)"
                 R"("expires_at":"2025-11-11T11:30:00.000Z"}]})");
  recording open{"e-1", call_id{UUID}, recording_status::processing, "", {}, {}, at(0), at(1)};
  recording done{"e-2", call_id{UUID}, recording_status::ready, "https://x.org/a", 7, 60,
                 at(2), at(3)};
  CHECK(video::encode_recordings({"stand-up", {open, done}})
        == R"({"recordings":[{"id":")" + recording_row_id("e-1")
               + R"(","call_id":"stand-up","stream_recording_id":"e-1","recording_url":null,)"
                 R"("file_size_bytes":null,"duration_seconds":null,"status":"processing",)"
                 R"("created_at":"2025-11-11T09:30:00.000Z",)"
                 R"("updated_at":"2025-11-11T09:30:01.000Z"},{"id":")"
               + recording_row_id("e-2")
               + R"(","call_id":"stand-up","stream_recording_id":"e-2",)"
                 R"("recording_url":"https://x.org/a","file_size_bytes":7,"duration_seconds":60,)"
                 R"("status":"ready","created_at":"2025-11-11T09:30:02.000Z",)"
                 R"("updated_at":"2025-11-11T09:30:03.000Z"}]})");
}

TEST_CASE("the bytes of figures, of the user and of health", "[golden]") {
  video_stats stats{12, 1, 90.5, 905, {}};
  stats.by_hour[14] = stats.by_hour[9] = 4;
  stats.by_hour[23] = 5;
  CHECK(video::encode_stats(stats)
        == R"({"total_calls":12,"active_calls":1,"avg_duration":90.5,"total_duration":905,)"
           R"("popular_times":[{"hour_of_day":23,"call_count":5},{"hour_of_day":9,"call_count":4},)"
           R"({"hour_of_day":14,"call_count":4}]})");
  CHECK(video::encode_stats({})
        == R"({"total_calls":0,"active_calls":0,"avg_duration":null,"total_duration":0,)"
           R"("popular_times":[]})");
  CHECK(video::encode_user(*alice_row, "key")
        == R"({"user_id":"alice","api_key":"key","user_data":{"id":"alice","name":"Alice",)"
           R"("image":")"
               + alice_row->display_image() + R"(","email":"alice@x.org"}})");
  CHECK(
      video::encode_user(*person("bob", {}), "")
          .starts_with(R"({"user_id":"bob","api_key":null,"user_data":{"id":"bob","name":"bob",)"));
  CHECK(video::encode_health(at(1), true, false)
        == R"({"status":"ok","service":"video","timestamp":"2025-11-11T09:30:01.000Z",)"
           R"("env":{"streamApiKey":true,"streamApiSecret":false}})");
}

TEST_CASE("the bytes of tokens of both families", "[golden]") {
  CHECK(video::encode_token(some_token, alice, "key")
        == R"({"token":"head.claims.signature","user_id":"alice","api_key":"key",)"
           R"("expires_at":1762939800})");
  CHECK(video::encode_token(some_token, alice, "")
        == R"({"token":"head.claims.signature","user_id":"alice","api_key":null,)"
           R"("expires_at":1762939800})");
  CHECK(token::encode_token(some_token, alice)
        == R"({"success":true,"data":{"token":"head.claims.signature","userId":"alice",)"
           R"("expiresAt":"2025-11-12T09:30:00.000Z"},"message":"Token generated successfully"})");
}
