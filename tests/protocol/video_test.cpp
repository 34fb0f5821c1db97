#include "protocol/records.hpp"
#include "protocol/video.hpp"
#include "tests/catch.hpp"

#include <set>

using namespace carillon;

TEST_CASE("a video call's id is made of what clients call it", "[video]") {
  // What is in stores must be found again: these never change.
  CHECK(video_call_id("standup").str() == "d8add104-9d3c-54a9-a4b7-d4b7da49adfc");
  auto call = video_call_id("standup");
  CHECK(participation_id(call, user_id{"alice"}) == "b5a9832a-68d7-510e-8845-89c1988e2ba7");
  CHECK(invitation_id(call, user_id{"alice"}) == "152f037d-8ae7-557a-8d15-eaa7d0c67c1b");
  CHECK(recording_row_id("egress-1") == "8dab9ff0-663f-54dc-acb6-1c1adc7b5a28");
  CHECK(video_call_id("standup") != video_call_id("Standup"));
}

TEST_CASE("rows of different users, calls and tables have different ids", "[video]") {
  std::set<std::string> all;
  for (auto name : {"a", "b", "a:b"})
    for (auto user : {"a", "b", "a:b"}) {
      all.insert(participation_id(video_call_id(name), user_id{user}));
      all.insert(invitation_id(video_call_id(name), user_id{user}));
    }
  for (auto name : {"a", "b", "a:b"}) {
    all.insert(recording_row_id(name));
    all.insert(video_call_id(name).str());
  }
  CHECK(all.size() == 24);
}

TEST_CASE("words of video calls are read as they are written", "[video]") {
  for (auto type :
       {video_call_type::standard, video_call_type::audio_room, video_call_type::livestream})
    CHECK(parse_video_call_type(to_string(type)) == type);
  CHECK(to_string(video_call_type::standard) == "default");
  CHECK(to_string(video_call_type::audio_room) == "audio_room");
  CHECK(to_string(video_call_type::livestream) == "livestream");
  CHECK_FALSE(parse_video_call_type("standard"));
  for (auto status :
       {recording_status::processing, recording_status::failed, recording_status::ready})
    CHECK(parse_recording_status(to_string(status)) == status);
  CHECK(to_string(recording_status::ready) == "ready");
  CHECK_FALSE(parse_recording_status(""));
  CHECK(parse_call_status("created") == call_status::created);
  CHECK(to_string(call_status::created) == "created");
  CHECK(word_of(call_kind::video, call_state::ringing) == "created");
  CHECK(word_of(call_kind::video, call_state::active) == "active");
  CHECK(to_string(call_kind::video) == "video");
  CHECK(parse_invitation("declined") == invitation::declined);
  CHECK(parse_participant_role("moderator") == participant_role::moderator);
}

TEST_CASE("any user may join a call without members, a room or a stream", "[video]") {
  video_facts facts;
  CHECK(facts.open());
  facts.members.push_back({user_id{"bob"}, "user"});
  CHECK_FALSE(facts.open());
  facts.type = video_call_type::audio_room;
  CHECK(facts.open());
  facts.type = video_call_type::livestream;
  CHECK(facts.open());
}

TEST_CASE("a call is at rest when nothing can happen to it by itself", "[video]") {
  call_record record;
  record.part = video_part{};
  record.people.resize(2);
  CHECK(record.at_rest());
  SECTION("not while it waits for something") {
    SECTION("a first join") { record.ring_deadline = time_point{}; }
    SECTION("answers") { record.call_deadline = time_point{}; }
    CHECK_FALSE(record.at_rest());
  }
  SECTION("nor with somebody in") {
    record.people[1].entered_at = time_point{};
    CHECK_FALSE(record.at_rest());
  }
  SECTION("nor when it is over") {
    record.ended_at = time_point{};
    CHECK_FALSE(record.at_rest());
  }
}
