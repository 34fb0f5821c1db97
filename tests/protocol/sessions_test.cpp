#include "protocol/dialects/sessions.hpp"

#include "protocol/json.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/json_maker.hpp"

#include <array>

using namespace carillon;

namespace {

const origin alice{user_id{"alice"}, device_id{"d1"}};

result<client_command> decoded(std::string_view name, std::string_view data,
                               decode_limits limits = {}) {
  return sessions::decode_event(name, data, alice, limits);
}

template <class Command>
Command accepted(std::string_view name, std::string_view data,
                 call_kind family = call_kind::session) {
  auto out = decoded(name, data);
  INFO(name << ' ' << data);
  REQUIRE(out);
  REQUIRE(std::holds_alternative<Command>(*out));
  auto command = std::get<Command>(*out);
  CHECK(command.from.user == alice.user);
  CHECK(command.from.device == alice.device);
  CHECK(command.from.family == family);
  return command;
}

failure refused(std::string_view name, std::string_view data, decode_limits limits = {}) {
  auto out = decoded(name, data, limits);
  INFO(name << ' ' << data);
  REQUIRE_FALSE(out);
  return out.error();
}

/// Refused for one field, which the refusal names, about the session `s1`.
void refuses_field(std::string_view name, std::string_view data, std::string_view field) {
  auto why = refused(name, data);
  INFO(name << ' ' << data);
  CHECK(why.code == error_code::invalid_field);
  CHECK(why.detail == field);
  CHECK(why.call == call_id{"s1"});
}

constexpr std::array<std::string_view, 7> names{
    "join_call_session",    "leave_call_session",  "webrtc_offer",  "webrtc_answer",
    "webrtc_ice_candidate", "media_state_changed", "quality_report"};

} // namespace

TEST_CASE("the sessions dialect knows its events", "[sessions]") {
  for (auto name : names)
    CHECK(sessions::knows(name));
  for (auto name : {"", "Join_call_session", "endCall", "call_invitation", "authenticate"})
    CHECK_FALSE(sessions::knows(name));
  CHECK(refused("user_joined_call", "{}").code == error_code::unknown_event);
  CHECK(sessions::events().family() == call_kind::session);
  for (auto name : names) {
    CHECK(sessions::events().find(name)->exempt_from_rate == (name == "leave_call_session"));
    CHECK_FALSE(sessions::events().find(name)->costly);
  }
}

TEST_CASE("every event of a session names it", "[sessions]") {
  for (auto name : names) {
    for (auto data : {"", "{}", "[]", "7", R"({"sessionId":null})", R"({"sessionId":""})",
                      R"({"sessionId":"  "})", R"({"sessionId":7})", R"({"sessionid":"s1"})"})
      CHECK(refused(name, data).code == error_code::session_required);
    CHECK(refused(name, R"({"sessionId":"s 1"})").code == error_code::session_not_found);
    for (auto data : {"{", R"({"sessionId":"s1"}})", "{\"sessionId\":\"\xff\"}"})
      CHECK(refused(name, data).code == error_code::invalid_json);
  }
}

TEST_CASE("joining and leaving are decoded", "[sessions]") {
  auto join = accepted<command::join>("join_call_session", R"({"sessionId":"s1","peerId":"p-1"})");
  CHECK(join.call == call_id{"s1"});
  CHECK(join.peer_id == "p-1");
  for (auto data : {R"({"sessionId":"s1"})", R"({"sessionId":"s1","peerId":null})",
                    R"({"sessionId":"s1","peerId":""})"})
    CHECK(accepted<command::join>("join_call_session", data).peer_id.empty());
  auto leave = accepted<command::leave>("leave_call_session", R"({"sessionId":"s1","x":1})");
  CHECK(leave.call == call_id{"s1"});
}

TEST_CASE("a peer id is a short text", "[sessions]") {
  auto with = [](const std::string& peer) { return R"({"sessionId":"s1","peerId":)" + peer + "}"; };
  auto longest = '"' + std::string(128, 'p') + '"';
  CHECK(accepted<command::join>("join_call_session", with(longest)).peer_id.size() == 128);
  for (const auto& peer :
       {'"' + std::string(129, 'p') + '"', std::string{"7"}, std::string{"{}"}, std::string{"true"},
        std::string{R"("a\u0000")"}, std::string{R"("\n")"}})
    refuses_field("join_call_session", with(peer), "peerId");
}

TEST_CASE("signals of sessions are decoded byte for byte", "[sessions]") {
  auto offer = accepted<command::relay>(
      "webrtc_offer", R"({"targetSocketId":"d2","sessionId":"s1","offer": {"a" : [1, 2.50]} })");
  CHECK(offer.call == call_id{"s1"});
  CHECK(offer.to_device == device_id{"d2"});
  CHECK(offer.to.empty());
  CHECK(offer.kind == relay_kind::offer);
  CHECK(offer.payload == R"({"a" : [1, 2.50]})");
  auto answer = accepted<command::relay>(
      "webrtc_answer", R"({"targetUserId":"bob","sessionId":"s1","answer":"text"})");
  CHECK(answer.to_device.empty());
  CHECK(answer.to == user_id{"bob"});
  CHECK(answer.kind == relay_kind::answer);
  CHECK(answer.payload == "\"text\"");
  for (auto candidate : {"null", "[1,null]", R"({"candidate":""})"}) {
    auto got = accepted<command::relay>("webrtc_ice_candidate",
                                        R"({"sessionId":"s1","targetSocketId":"d2","candidate":)"
                                            + std::string{candidate} + "}");
    CHECK(got.kind == relay_kind::candidate);
    CHECK(got.payload == candidate);
  }
}

TEST_CASE("a signal's socket wins over its user", "[sessions]") {
  auto both = accepted<command::relay>(
      "webrtc_offer",
      R"({"targetUserId":"bob","targetSocketId":"d2","sessionId":"s1","offer":{}})");
  CHECK(both.to_device == device_id{"d2"});
  CHECK(both.to.empty());
  // What is no text is as good as nothing.
  for (auto socket : {"null", "\"\"", "7"}) {
    auto user = accepted<command::relay>(
        "webrtc_offer", R"({"targetUserId":"bob","sessionId":"s1","offer":{},"targetSocketId":)"
                            + std::string{socket} + "}");
    CHECK(user.to == user_id{"bob"});
    CHECK(user.to_device.empty());
  }
}

TEST_CASE("a signal without target or value is refused by the field's name", "[sessions]") {
  refuses_field("webrtc_offer", R"({"sessionId":"s1","offer":{}})", "targetSocketId");
  refuses_field("webrtc_offer", R"({"sessionId":"s1","offer":{},"targetSocketId":7})",
                "targetSocketId");
  refuses_field("webrtc_offer", R"({"sessionId":"s1","targetSocketId":"d2"})", "offer");
  refuses_field("webrtc_offer", R"({"sessionId":"s1","targetSocketId":"d2","offer":null})",
                "offer");
  refuses_field("webrtc_answer", R"({"sessionId":"s1","targetSocketId":"d2","offer":{}})",
                "answer");
  refuses_field("webrtc_ice_candidate", R"({"sessionId":"s1","targetSocketId":"d2"})", "candidate");
}

TEST_CASE("an offer and an answer of a session have a size", "[sessions]") {
  const decode_limits limits{10};
  for (std::string field : {"offer", "answer"}) {
    auto with = [&](std::string_view value) {
      return R"({"sessionId":"s1","targetSocketId":"d2",")" + field + "\":" + std::string{value}
             + "}";
    };
    CHECK(decoded("webrtc_" + field, with(R"("12345678")"), limits).ok());
    auto why = refused("webrtc_" + field, with(R"("123456789")"), limits);
    CHECK(why.code == error_code::sdp_too_large);
    CHECK(why.call == call_id{"s1"});
    CHECK(decoded("webrtc_" + field, with(R"("123456789")"), {0}).ok());
  }
  CHECK(decoded("webrtc_ice_candidate",
                R"({"sessionId":"s1","targetSocketId":"d2","candidate":"1234567890"})", limits)
            .ok());
}

TEST_CASE("a change of media is decoded", "[sessions]") {
  auto all = accepted<command::set_media>(
      "media_state_changed",
      R"({"sessionId":"s1","hasVideo":true,"hasAudio":false,"isScreenSharing":true})");
  CHECK(all.call == call_id{"s1"});
  CHECK(all.video == true);
  CHECK(all.audio == false);
  CHECK(all.sharing == true);
  auto one = accepted<command::set_media>("media_state_changed",
                                          R"({"sessionId":"s1","hasAudio":true,"hasVideo":null})");
  CHECK(one.audio == true);
  CHECK_FALSE(one.video);
  CHECK_FALSE(one.sharing);
  refuses_field("media_state_changed", R"({"sessionId":"s1"})",
                "hasVideo, hasAudio or isScreenSharing");
  for (std::string name : {"hasVideo", "hasAudio", "isScreenSharing"})
    for (std::string value : {"1", "\"true\"", "{}"})
      refuses_field("media_state_changed", R"({"sessionId":"s1",")" + name + "\":" + value + "}",
                    name);
}

TEST_CASE("a quality report is decoded", "[sessions]") {
  auto got = accepted<command::report_quality>(
      "quality_report",
      R"({"sessionId":"s1","rttMs":80.5,"jitterMs":0,"packetLoss":1e1,"bitrateKbps":900,)"
      R"("connectionTimeMs":1200,"audioLevel":0.25,"videoFps":24,"resolution":"640x480"})");
  CHECK(got.call == call_id{"s1"});
  const auto& sample = got.sample;
  CHECK(sample.call == call_id{"s1"});
  CHECK(sample.rtt_ms == 80.5);
  CHECK(sample.jitter_ms == 0);
  CHECK(sample.packet_loss == 10);
  CHECK(sample.bitrate_kbps == 900);
  CHECK(sample.connection_time_ms == 1200);
  CHECK(sample.audio_level == 0.25);
  CHECK(sample.video_fps == 24);
  CHECK(sample.resolution == "640x480");
  CHECK_FALSE(sample.mos);
  auto few = accepted<command::report_quality>("quality_report",
                                               R"({"sessionId":"s1","rttMs":null,"videoFps":0})");
  CHECK(few.sample.video_fps == 0);
  CHECK_FALSE(few.sample.rtt_ms);
  CHECK(few.sample.resolution.empty());
}

TEST_CASE("a quality report has a figure, and figures have bounds", "[sessions]") {
  auto with = [](std::string_view name, std::string_view value) {
    return R"({"sessionId":"s1",")" + std::string{name} + "\":" + std::string{value} + "}";
  };
  for (auto data : {R"({"sessionId":"s1"})", R"({"sessionId":"s1","resolution":""})",
                    R"({"sessionId":"s1","rttMs":null})"})
    refuses_field("quality_report", data, "rttMs or another figure");
  struct bound {
    std::string_view name;
    std::string_view most;
    std::string_view more;
  };
  for (auto [name, most, more] : std::array<bound, 7>{{{"rttMs", "1e9", "1.1e9"},
                                                       {"jitterMs", "1e9", "1.1e9"},
                                                       {"packetLoss", "100", "100.01"},
                                                       {"bitrateKbps", "1e9", "1e300"},
                                                       {"connectionTimeMs", "1e9", "1e999"},
                                                       {"audioLevel", "1", "1.0001"},
                                                       {"videoFps", "1e9", "1.1e9"}}}) {
    CHECK(decoded("quality_report", with(name, most)).ok());
    CHECK(decoded("quality_report", with(name, "0")).ok());
    refuses_field("quality_report", with(name, more), name);
    for (auto value : {"-0.001", "\"1\"", "true", "[]"})
      refuses_field("quality_report", with(name, value), name);
  }
  refuses_field("quality_report", with("resolution", '"' + std::string(33, 'x') + '"'),
                "resolution");
  refuses_field("quality_report", with("resolution", "640"), "resolution");
}

TEST_CASE("a quality report may be about a direct call, and is then answered as one",
          "[sessions]") {
  auto direct = accepted<command::report_quality>("quality_report", R"({"callId":"c1","rttMs":80})",
                                                  call_kind::direct);
  CHECK(direct.call == call_id{"c1"});
  CHECK(direct.sample.call == call_id{"c1"});
  auto both = accepted<command::report_quality>("quality_report",
                                                R"({"callId":"c1","sessionId":"s1","rttMs":80})");
  CHECK(both.call == call_id{"s1"});
  CHECK(refused("quality_report", R"({"callId":"c 1","rttMs":80})").code
        == error_code::call_not_found);
  auto why = refused("quality_report", R"({"callId":"c1","rttMs":-1})");
  CHECK(why.code == error_code::invalid_field);
  CHECK(why.detail == "rttMs");
  CHECK(why.call == call_id{"c1"});
}

TEST_CASE("events are refused in the words of sessions, but for reports that name a call",
          "[sessions]") {
  for (auto name : names) {
    auto call = R"({"callId":"c1"})";
    CHECK(sessions::family_of(name, call)
          == (name == "quality_report" ? call_kind::direct : call_kind::session));
  }
  for (auto data :
       {"", "{", "{}", "[]", "7", R"({"callId":""})", R"({"callId":7})", R"({"callId":null})",
        R"({"sessionId":"s1"})", R"({"sessionId":"s1","callId":"c1"})"})
    CHECK(sessions::family_of("quality_report", data) == call_kind::session);
  CHECK(sessions::family_of("quality_report", R"({"sessionId":null,"callId":"c 1"})")
        == call_kind::direct);
}

TEST_CASE("a call that is not found is a session that is not found", "[sessions]") {
  auto why = sessions::in_own_words({error_code::call_not_found, call_id{"s1"}});
  CHECK(why.code == error_code::session_not_found);
  CHECK(why.call == call_id{"s1"});
  CHECK(sessions::in_own_words(error_code::not_authorized).code == error_code::not_authorized);
}

TEST_CASE("random input to sessions is decoded or refused, and a relayed value is kept",
          "[sessions]") {
  for (unsigned seed = 0; seed < 500; ++seed) {
    json_maker make{seed};
    std::vector<std::string> raws;
    auto text = make.object(raws);
    for (auto name : names)
      CHECK(refused(name, text).code == error_code::session_required);
    auto first = text.find('{');
    auto value = text.substr(first, text.rfind('}') + 1 - first);
    auto data = R"({"candidate":)" + text + R"(,"targetUserId":"bob","sessionId":"s1"})";
    auto relay = accepted<command::relay>("webrtc_ice_candidate", data);
    REQUIRE(relay.payload == value);
    event::relayed passed{relay.call,    alice.user,   relay.kind,
                          relay.payload, alice.device, call_kind::session};
    REQUIRE(sessions::encode(passed, {})->data
            == R"({"sessionId":"s1","fromSocketId":"d1","fromUserId":"alice","candidate":)" + value
                   + "}");
  }
}
