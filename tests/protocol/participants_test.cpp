#include "protocol/participants.hpp"

#include "tests/catch.hpp"

using namespace carillon;

TEST_CASE("words of sessions are the ones of the API and round-trip", "[participants]") {
  CHECK(to_string(session_type::one_to_one) == "one-to-one");
  CHECK(to_string(session_type::group) == "group");
  CHECK(to_string(session_type::therapy) == "therapy");
  CHECK(to_string(participant_role::initiator) == "initiator");
  CHECK(to_string(participant_role::participant) == "participant");
  CHECK(to_string(invitation::none) == "none");
  CHECK(to_string(invitation::pending) == "pending");
  CHECK(to_string(invitation::accepted) == "accepted");
  CHECK(to_string(invitation::expired) == "expired");
  for (auto type : {session_type::one_to_one, session_type::group, session_type::therapy})
    CHECK(parse_session_type(to_string(type)) == type);
  for (auto role : {participant_role::initiator, participant_role::participant,
                    participant_role::admin, participant_role::moderator})
    CHECK(parse_participant_role(to_string(role)) == role);
  for (auto how : {invitation::none, invitation::pending, invitation::accepted,
                   invitation::expired, invitation::declined})
    CHECK(parse_invitation(to_string(how)) == how);
  CHECK_FALSE(parse_session_type("one_to_one"));
  CHECK_FALSE(parse_session_type(""));
  CHECK_FALSE(parse_participant_role("owner"));
  CHECK_FALSE(parse_invitation("rejected"));
}

TEST_CASE("the flags of a session are read from its settings", "[participants]") {
  session_facts facts;
  auto read = [&](std::string settings) {
    facts.settings = std::move(settings);
    read_flags(facts);
    return std::vector<bool>{facts.video, facts.audio, facts.may_share};
  };
  CHECK(read(R"({"isVideoEnabled":false,"other":1})") == std::vector<bool>{false, true, true});
  CHECK(read(R"({"isAudioEnabled": false, "allowScreenShare" :false})")
        == std::vector<bool>{false, false, false});
  CHECK(read(R"({"isVideoEnabled":true,"isAudioEnabled":"yes","allowScreenShare":null})")
        == std::vector<bool>{true, false, false});
  CHECK(read("no object") == std::vector<bool>{true, false, false});
}

TEST_CASE("time inside adds up over stays", "[participants]") {
  auto at = [](int s) { return time_point{seconds{s}}; };
  participant who;
  CHECK_FALSE(who.in());
  CHECK(who.time_in(at(50)) == seconds{0});
  who.entered_at = at(10);
  CHECK(who.in());
  CHECK(who.time_in(at(15)) == seconds{5});
  CHECK(who.time_in(at(9)) == seconds{0}); // clocks are set back
  who.leave(at(20));
  CHECK_FALSE(who.in());
  CHECK(who.left_at == at(20));
  CHECK(who.time_in(at(100)) == seconds{10});
  who.entered_at = at(100);
  CHECK(who.time_in(at(101)) == seconds{11});
}

TEST_CASE("what was on is noted", "[participants]") {
  participant who;
  who.media = {true, false, false};
  who.note_media();
  who.media = {false, false, true};
  who.note_media();
  CHECK(who.ever == media_state{true, false, true});
}
