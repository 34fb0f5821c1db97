#include "protocol/dialects/sessions.hpp"

#include "protocol/json.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/sessions_samples.hpp"

using namespace carillon;
using namespace carillon::samples;

namespace {

/// The `data` of an answer that says `message`; it points into the answer.
json::object data_of(const std::string& answer, std::string_view message) {
  auto whole = json::object::parse(answer);
  REQUIRE(whole);
  CHECK(whole->boolean("success") == true);
  CHECK(whole->string("message") == message);
  auto data = json::object::parse(whole->find("data")->raw);
  REQUIRE(data);
  return *data;
}

std::string raw(const json::object& from, std::string_view name) {
  const auto* found = from.find(name);
  INFO(name);
  REQUIRE(found);
  return std::string{found->raw};
}

std::vector<json::object> objects(const json::object& from, std::string_view name) {
  std::vector<json::object> out;
  const auto* found = from.find(name);
  REQUIRE(found);
  auto elements = json::parse_array(found->raw);
  REQUIRE(elements);
  for (const auto& one : *elements) {
    auto object = json::object::parse(one.raw);
    REQUIRE(object);
    out.push_back(*object);
  }
  return out;
}

} // namespace

TEST_CASE("a new session lists everybody and what is needed to join", "[sessions]") {
  auto view = active();
  view.call.status = call_status::waiting;
  auto answer = sessions::encode_initiated(view, R"([{"urls":"stun:s"}])");
  auto data = data_of(answer, "Call session initiated successfully");
  CHECK(data.string("sessionId") == session.str());
  CHECK(data.string("sessionType") == "group");
  CHECK(data.string("streamChannelId") == "messaging:call-" + session.str());
  CHECK(data.string("status") == "waiting");
  CHECK(objects(data, "participants").size() == 3);
  CHECK(raw(data, "callSettings") == facts()->settings);
  CHECK(raw(data, "metadata") == facts()->metadata);
  CHECK(raw(data, "iceServers") == R"([{"urls":"stun:s"}])");
  CHECK(data.string("expiresAt") == "2025-11-11T09:30:45.000Z");
  CHECK(data.number("maxParticipants") == 8);
}

TEST_CASE("who may join is told who is in", "[sessions]") {
  auto answer = sessions::encode_may_join(active(), "[]");
  auto data = data_of(answer, "Ready to join call session");
  CHECK(data.string("status") == "active");
  CHECK(data.number("version") == 3);
  auto in = objects(data, "participants");
  REQUIRE(in.size() == 2);
  CHECK(in[0].string("userId") == "alice");
  CHECK(in[1].string("userId") == "bob");
  CHECK(raw(in[0], "isActive") == "true");
  CHECK(json::object::parse(raw(data, "mediaConstraints"))->members().size() == 3);
}

TEST_CASE("details show the session with everybody's part in it", "[sessions]") {
  call_quality quality;
  quality.whole.samples = 3;
  quality.whole.rtt_ms = 80.126;
  quality.whole.mos = 4.4;
  quality.of_users.push_back({bob, quality.whole});
  auto answer = sessions::encode_details({ended(), quality}, at(1000));
  auto data = data_of(answer, "Session details");
  CHECK(data.string("initiatorId") == "alice");
  CHECK(raw(data, "initiator").starts_with(R"({"userId":"alice","_id":"alice",)"));
  CHECK(data.string("startTime") == "2025-11-11T09:30:10.000Z");
  CHECK(data.string("endTime") == "2025-11-11T09:32:10.000Z");
  CHECK(data.string("createdAt") == "2025-11-11T09:30:00.000Z");
  CHECK(data.number("duration") == 120);
  CHECK(data.string("endedBy") == "bob");
  CHECK(data.string("endReason") == "last-left");
  CHECK(raw(data, "therapySessionId") == "null");
  CHECK(raw(data, "quality")
        == R"({"samples":3,"connectionTimeMs":null,"rttMs":80.13,"jitterMs":null,)"
           R"("packetLoss":null,"bitrateKbps":null,"mos":4.4})");
  auto people = objects(data, "participants");
  REQUIRE(people.size() == 3);
  CHECK(people[0].string("role") == "initiator");
  CHECK(raw(people[0], "invitation") == "null");
  CHECK(people[0].number("duration") == 60);
  CHECK(people[0].string("leftAt") == "2025-11-11T09:31:05.000Z");
  CHECK(raw(people[0], "quality").starts_with(R"({"samples":0,"connectionTimeMs":null)"));
  CHECK(people[1].string("role") == "participant");
  CHECK(raw(people[1], "isActive") == "false");
  CHECK(raw(people[1], "invitation")
        == R"({"status":"accepted","expiresAt":"2025-11-11T09:30:45.000Z",)"
           R"("respondedAt":"2025-11-11T09:30:10.000Z"})");
  CHECK(raw(people[1], "quality").starts_with(R"({"samples":3,)"));
  CHECK(raw(people[2], "invitation").starts_with(R"({"status":"expired",)"));
  CHECK(raw(people[2], "socketId") == "null");
  CHECK(raw(people[2], "joinedAt") == "null");
}

TEST_CASE("the time of a stay that goes on is counted up to now", "[sessions]") {
  auto view = active();
  view.call.people[0].present = seconds{30};
  auto answer = sessions::encode_details({view, {}}, at(25));
  auto people = objects(data_of(answer, "Session details"), "participants");
  CHECK(people[0].number("duration") == 50);
  CHECK(people[1].number("duration") == 15);
  CHECK(people[2].number("duration") == 0);
}

TEST_CASE("a session that nobody ended says so", "[sessions]") {
  auto answer = sessions::encode_details({active(), {}}, at(25));
  auto data = data_of(answer, "Session details");
  for (auto name : {"endTime", "endedBy", "endReason"})
    CHECK(raw(data, name) == "null");
  CHECK(data.number("duration") == 0);
}

TEST_CASE("the asker's media and the end are answered", "[sessions]") {
  CHECK(sessions::encode_media(active(), bob)
        == R"({"success":true,"message":"Media settings updated","data":{"sessionId":")"
               + session.str()
               + R"(","userId":"bob","socketId":"dev-b","hasVideo":true,"hasAudio":true,)"
                 R"("isScreenSharing":true}})");
  CHECK(sessions::encode_ended(ended())
        == R"({"success":true,"message":"Call session ended","data":{"sessionId":")" + session.str()
               + R"(","streamChannelId":"messaging:call-)" + session.str()
               + R"(","status":"ended","endedBy":"bob","reason":"last-left","duration":120}})");
}

TEST_CASE("a page of history tells where it stands", "[sessions]") {
  query::sessions asked;
  asked.page = 2;
  asked.limit = 2;
  auto answer = sessions::encode_page({{ended()}, false, 3}, asked, at(1000));
  auto data = data_of(answer, "Call history");
  auto list = objects(data, "sessions");
  REQUIRE(list.size() == 1);
  CHECK(list[0].string("sessionId") == session.str());
  CHECK_FALSE(list[0].find("quality"));
  CHECK_FALSE(objects(list[0], "participants")[0].find("quality"));
  CHECK(raw(data, "pagination") == R"({"page":2,"limit":2,"total":3,"pages":2})");
  asked.page = 1;
  auto none = sessions::encode_page({}, asked, at(0));
  CHECK(raw(data_of(none, "Call history"), "pagination")
        == R"({"page":1,"limit":2,"total":0,"pages":0})");
}

TEST_CASE("analytics are summed up", "[sessions]") {
  usage_report report;
  report.from = at(0);
  report.to = at(60);
  report.sessions = 8;
  report.joined = 3;
  report.by_type = {1, 6, 1};
  report.by_status = {1, 2, 5};
  report.total_s = 100;
  report.longest_s = 70;
  report.by_hour[9] = 2;
  report.by_hour[23] = 4;
  report.by_hour[0] = 2;
  report.with_video = 3;
  report.with_audio = 2;
  report.with_sharing = 1;
  report.dropped = 2;
  report.never_joined = 1;
  report.mos = 4.256;
  CHECK(sessions::encode_usage(report)
        == R"({"success":true,"message":"Usage analytics","data":{)"
           R"("period":{"from":"2025-11-11T09:30:00.000Z","to":"2025-11-11T09:31:00.000Z"},)"
           R"("sessions":{"total":8,"joined":3,"byType":{"one-to-one":1,"group":6,"therapy":1},)"
           R"("byStatus":{"waiting":1,"active":2,"ended":5}},)"
           R"("duration":{"totalSeconds":100,"averageSeconds":33.3,"longestSeconds":70},)"
           R"("peakHours":[{"hour":23,"sessions":4},{"hour":0,"sessions":2},)"
           R"({"hour":9,"sessions":2}],)"
           R"("features":{"video":3,"audio":2,"screenShare":1},"quality":{"mos":4.26},)"
           R"("errors":{"connectionLost":2,"neverJoined":1,"rate":0.375}}})");
  auto nothing = sessions::encode_usage({});
  CHECK(nothing.find(R"("averageSeconds":0,)") != std::string::npos);
  CHECK(nothing.find(R"("peakHours":[],)") != std::string::npos);
  CHECK(nothing.find(R"("mos":null)") != std::string::npos);
  CHECK(nothing.find(R"("rate":0}})") != std::string::npos);
}

TEST_CASE("errors over REST say more in development", "[sessions]") {
  CHECK(sessions::encode_rest_error({error_code::call_not_found, call_id{"s1"}}, false)
        == R"({"success":false,"message":"Session not found","code":"session_not_found"})");
  failure why{error_code::store_unavailable, "connection refused"};
  CHECK(sessions::encode_rest_error(why, false)
        == R"({"success":false,"message":"Storage is not available","code":"store_unavailable"})");
  CHECK(sessions::encode_rest_error(why, true)
        == R"({"success":false,"message":"Storage is not available","code":"store_unavailable",)"
           R"("error":"Storage is not available: connection refused"})");
}
