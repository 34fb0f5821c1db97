#include "protocol/dialects/video.hpp"
#include "protocol/json.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

const user_id alice{"alice"};
const origin asking{alice, {}, call_kind::video};

command::create created(std::string_view body) {
  auto decoded = video::decode_create(body, alice);
  INFO((decoded ? std::string{} : decoded.error().message()));
  REQUIRE(decoded);
  return std::get<command::create>(*decoded);
}

video_facts facts_of(std::string_view body) { return *created(body).facts; }

/// A body with the id and this.
std::string with(std::string_view more) { return R"({"call_id":"c-1",)" + std::string{more} + "}"; }

template <class Decoded>
std::string refusal(const Decoded& decoded) {
  return decoded ? std::string{"none"} : decoded.error().message();
}

std::string refusal_of(std::string_view body) { return refusal(video::decode_create(body, alice)); }

std::string quoted(std::string_view text) { return '"' + std::string{text} + '"'; }

constexpr std::string_view all_settings =
    R"({"audio":{"access_request_enabled":false,"default_device":"speaker"},)"
    R"("video":{"access_request_enabled":false,"enabled":true},)"
    R"("screensharing":{"access_request_enabled":false,"enabled":true},)"
    R"("recording":{"mode":"disabled"},"transcription":{"mode":"disabled"}})";

} // namespace

TEST_CASE("a call is created with no more than its id", "[video_dialect]") {
  auto made = created(R"({"call_id":"c-1"})");
  CHECK(made.from == asking);
  CHECK(made.call == video_call_id("c-1"));
  CHECK(made.people.empty());
  video_facts expected;
  expected.call_id = "c-1";
  expected.settings = all_settings;
  CHECK(*made.facts == expected);
  CHECK(made.facts->open());
  // What is null was not said.
  CHECK(*created(with(R"("call_type":null,"members":null,"settings":null,"call_name":null,)"
                      R"("max_participants":null,"event_id":null)"))
             .facts
        == expected);
}

TEST_CASE("a call is created with all that can be said", "[video_dialect]") {
  auto facts = facts_of(with(R"("call_type":"livestream","call_name":"Team","event_id":"e 7",)"
                             R"("max_participants":1000,"members":[{"user_id":"bob"},)"
                             R"({"user_id":"carol","role":"moderator"}])"));
  CHECK(facts.type == video_call_type::livestream);
  CHECK(facts.name == "Team");
  CHECK(facts.event_id == "e 7");
  CHECK(facts.seats == 1000);
  CHECK(facts.members
        == std::vector<video_member>{{user_id{"bob"}, "user"}, {user_id{"carol"}, "moderator"}});
}

TEST_CASE("a call's id is as long as ids may be", "[video_dialect]") {
  CHECK(created(R"({"call_id":")" + std::string(128, 'x') + "\"}").facts->call_id.size() == 128);
  for (auto body : {std::string{"{}"}, std::string{R"({"call_id":null})"},
                    std::string{R"({"call_id":7})"}, std::string{R"({"call_id":""})"},
                    std::string{R"({"call_id":"a b"})"}, std::string{R"({"call_id":"a\u0000"})"},
                    R"({"call_id":")" + std::string(129, 'x') + "\"}"}) {
    INFO(body);
    CHECK(refusal_of(body) == "Invalid field: call_id");
  }
  CHECK(refusal_of("{") == "Invalid JSON");
  CHECK(refusal_of("") == "Invalid field: call_id");
}

TEST_CASE("a call has no name that is a word of a path", "[video_dialect]") {
  for (auto word : {"active", "history", "stats"})
    CHECK(refusal_of(R"({"call_id":)" + quoted(word) + "}") == "Invalid field: call_id");
  CHECK(created(R"({"call_id":"History"})").facts->call_id == "History");
}

TEST_CASE("what is no object creates no call, and is told so", "[video_dialect]") {
  for (auto body : {"[]", "7", R"("c-1")", "null", R"([{"call_id":"c-1"}])"})
    CHECK(refusal_of(body) == "Invalid field: the body is no JSON object");
  CHECK(refusal_of(" {} ") == "Invalid field: call_id");
}

TEST_CASE("members are named once, and the creator is none", "[video_dialect]") {
  auto facts = facts_of(with(R"("members":[{"user_id":"bob","role":"admin"},{"user_id":"alice"},)"
                             R"({"user_id":"bob","role":"user"},{"user_id":"carol"}])"));
  CHECK(facts.members
        == std::vector<video_member>{{user_id{"bob"}, "admin"}, {user_id{"carol"}, "user"}});
  CHECK(facts_of(with(R"("members":[{"user_id":"alice"}])")).open());
}

TEST_CASE("a member's role comes back as it was sent", "[video_dialect]") {
  for (auto role : {"admin", "moderator", "participant", "user", "call_member"}) {
    auto facts = facts_of(with(R"("members":[{"user_id":"bob","role":)" + quoted(role) + "}]"));
    CHECK(facts.members[0].role == role);
  }
}

TEST_CASE("a bad member is named by its place", "[video_dialect]") {
  auto third = [](std::string_view one) {
    return refusal_of(
        with(R"("members":[{"user_id":"bob"},{"user_id":"carol"},)" + std::string{one} + "]"));
  };
  CHECK(third("7") == "Invalid field: members[2]");
  CHECK(third("\"dave\"") == "Invalid field: members[2]");
  CHECK(third("{}") == "Invalid field: members[2].user_id");
  CHECK(third(R"({"user_id":7})") == "Invalid field: members[2].user_id");
  CHECK(third(R"({"user_id":")" + std::string(2000, 'x') + "\"}")
        == "Invalid field: members[2].user_id");
  CHECK(third(R"({"user_id":"a b"})") == "Unknown participant: a b");
  CHECK(third(R"({"user_id":"dave","role":"king"})") == "Invalid field: members[2].role");
  CHECK(third(R"({"user_id":"dave","role":7})") == "Invalid field: members[2].role");
  CHECK(third(R"({"user_id":"dave","role":""})") == "Invalid field: members[2].role");
  CHECK(third(R"({"user_id":"alice","role":"king"})") == "Invalid field: members[2].role");
  CHECK(refusal_of(with(R"("members":{})")) == "Invalid field: members");
  CHECK(refusal_of(with(R"("members":"bob")")) == "Invalid field: members");
}

TEST_CASE("two hundred members may be named", "[video_dialect]") {
  auto body = [](int count) {
    std::string list;
    for (int i = 0; i < count; ++i)
      list += (i ? "," : "") + (R"({"user_id":"u)" + std::to_string(i) + "\"}");
    return with(R"("members":[)" + list + "]");
  };
  CHECK(facts_of(body(200)).members.size() == 200);
  CHECK(refusal_of(body(201)) == "Invalid field: members");
}

TEST_CASE("settings stay as they were sent and get what they lack", "[video_dialect]") {
  CHECK(facts_of(with(R"("settings":{})")).settings == all_settings);
  CHECK(facts_of(with(R"("settings":{ "mine":[1, 2], "audio" : {} })")).settings
        == R"({ "mine":[1, 2], "audio" : {} ,)"
           R"("video":{"access_request_enabled":false,"enabled":true},)"
           R"("screensharing":{"access_request_enabled":false,"enabled":true},)"
           R"("recording":{"mode":"disabled"},"transcription":{"mode":"disabled"}})");
  auto whole = with(R"("settings":)" + std::string{all_settings});
  CHECK(facts_of(whole).settings == all_settings);
  CHECK(refusal_of(with(R"("settings":[])")) == "Invalid field: settings");
  CHECK(refusal_of(with(R"("settings":"{}")")) == "Invalid field: settings");
}

TEST_CASE("settings have a size", "[video_dialect]") {
  auto sized = [](std::size_t bytes) {
    return with(R"("settings":{"a":")" + std::string(bytes - 8, 'x') + "\"}");
  };
  CHECK(json::valid(facts_of(sized(16384)).settings));
  CHECK(refusal_of(sized(16385)) == "Invalid field: settings");
}

TEST_CASE("what the settings say of recording and sharing is known", "[video_dialect]") {
  auto flags = [](std::string_view settings) {
    auto facts = facts_of(with(R"("settings":)" + std::string{settings}));
    return std::pair{facts.recording, facts.sharing};
  };
  CHECK(flags("{}") == std::pair{false, true});
  CHECK(flags(R"({"recording":{"mode":"available"}})") == std::pair{true, true});
  CHECK(flags(R"({"recording":{"mode":"auto-on"},"screensharing":{"enabled":false}})")
        == std::pair{true, false});
  CHECK(flags(R"({"recording":{"mode":"disabled"},"screensharing":{"enabled":true}})")
        == std::pair{false, true});
  CHECK(flags(R"({"recording":{},"screensharing":{}})") == std::pair{false, true});
  CHECK(flags(R"({"recording":null,"screensharing":null})") == std::pair{false, true});
  CHECK(flags(R"({"recording":{"mode":null},"screensharing":{"enabled":null}})")
        == std::pair{false, true});
  // The last one counts, as for whoever reads them after us.
  CHECK(flags(R"({"recording":{"mode":"available"},"recording":{"mode":"disabled"}})").first
        == false);
  CHECK(refusal_of(with(R"("settings":{"recording":true})"))
        == "Invalid field: settings.recording");
  CHECK(refusal_of(with(R"("settings":{"recording":{"mode":true}})"))
        == "Invalid field: settings.recording.mode");
  CHECK(refusal_of(with(R"("settings":{"screensharing":[]})"))
        == "Invalid field: settings.screensharing");
  CHECK(refusal_of(with(R"("settings":{"screensharing":{"enabled":1}})"))
        == "Invalid field: settings.screensharing.enabled");
}

TEST_CASE("names and events are texts of up to 255 characters", "[video_dialect]") {
  for (std::string field : {"call_name", "event_id"}) {
    INFO(field);
    auto body = [&](std::string_view value) {
      return with(quoted(field) + ":" + std::string{value});
    };
    std::string umlauts;
    for (int i = 0; i < 255; ++i)
      umlauts += "\xC3\xA4";
    CHECK(refusal_of(body(quoted(umlauts))) == "none");
    CHECK(refusal_of(body(quoted(umlauts + "x"))) == "Invalid field: " + field);
    CHECK(refusal_of(body("7")) == "Invalid field: " + field);
    CHECK(refusal_of(body(R"("a\u0000b")")) == "Invalid field: " + field);
    CHECK(refusal_of(body(R"("a\nb")")) == "Invalid field: " + field);
    CHECK(refusal_of(body(R"("")")) == "none");
  }
}

TEST_CASE("as many may be in as is said, from 1 to 1000", "[video_dialect]") {
  CHECK(facts_of(with(R"("max_participants":1)")).seats == 1);
  for (auto bad : {"0", "-1", "1001", "1.5", "\"5\"", "true", "1e2", "99999999999"})
    CHECK(refusal_of(with(R"("max_participants":)" + std::string{bad}))
          == "Invalid field: max_participants");
}

TEST_CASE("a type is one of three", "[video_dialect]") {
  CHECK(facts_of(with(R"("call_type":"default")")).type == video_call_type::standard);
  CHECK(facts_of(with(R"("call_type":"audio_room")")).type == video_call_type::audio_room);
  for (auto bad : {"\"Default\"", "\"\"", "7", "\"standard\""})
    CHECK(refusal_of(with(R"("call_type":)" + std::string{bad})) == "Invalid field: call_type");
}

TEST_CASE("a status is one of four words", "[video_dialect]") {
  for (auto status :
       {call_status::created, call_status::active, call_status::ended, call_status::cancelled}) {
    auto body = R"({"status":)" + quoted(to_string(status)) + "}";
    auto decoded = video::decode_status(body, alice, status == call_status::ended, "c-1");
    REQUIRE(decoded);
    const auto& change = std::get<command::set_status>(*decoded);
    CHECK(change.from == asking);
    CHECK(change.call == video_call_id("c-1"));
    CHECK(change.status == status);
    CHECK(change.as_admin == (status == call_status::ended));
  }
  for (auto bad : {"{}", R"({"status":"waiting"})", R"({"status":"completed"})", R"({"status":7})",
                   R"({"status":null})", "[]", ""})
    CHECK(refusal(video::decode_status(bad, alice, false, "c-1")) == "Invalid field: status");
  CHECK(refusal(video::decode_status("{", alice, false, "c-1")) == "Invalid JSON");
}

TEST_CASE("whoever is to be taken out is named", "[video_dialect]") {
  auto decoded = video::decode_kick(R"({"user_id":"bob"})", alice, true, "c-1");
  REQUIRE(decoded);
  const auto& kick = std::get<command::kick>(*decoded);
  CHECK(kick.from == asking);
  CHECK(kick.call == video_call_id("c-1"));
  CHECK(kick.whom == user_id{"bob"});
  CHECK(kick.as_admin);
  for (auto bad : {"{}", R"({"user_id":"a b"})", R"({"user_id":7})", ""})
    CHECK(refusal(video::decode_kick(bad, alice, false, "c-1")) == "Invalid field: user_id");
}

TEST_CASE("a page of the history has bounds", "[video_dialect]") {
  auto usual = video::decode_history("", alice);
  REQUIRE(usual);
  CHECK(usual->user == alice);
  CHECK(usual->limit == 25);
  CHECK(usual->offset == 0);
  auto far = video::decode_history("offset=1000000&limit=100&other=x", alice);
  REQUIRE(far);
  CHECK(far->limit == 100);
  CHECK(far->offset == 1000000);
  for (auto [query, name] : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"limit=0", "limit"},
           {"limit=101", "limit"},
           {"limit=", "limit"},
           {"limit=x", "limit"},
           {"offset=-1", "offset"},
           {"offset=1000001", "offset"},
           {"limit=5&offset=1.5", "offset"}}) {
    auto bad = video::decode_history(query, alice);
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code == error_code::invalid_query);
    CHECK(bad.error().detail == name);
  }
}

TEST_CASE("invitations are asked for by their status", "[video_dialect]") {
  auto status_of = [](std::string_view query) {
    auto decoded = video::decode_invitations(query, alice);
    REQUIRE(decoded);
    CHECK(decoded->user == alice);
    return decoded->status;
  };
  CHECK(status_of("") == "pending");
  CHECK(status_of("status=pending") == "pending");
  CHECK(status_of("status=accepted") == "accepted");
  CHECK(status_of("status=declined") == "declined");
  CHECK(status_of("status=expired&x=1") == "expired");
  CHECK_FALSE(status_of("status=all"));
  for (auto bad : {"status=none", "status=", "status=All", "status=%"}) {
    auto decoded = video::decode_invitations(bad, alice);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().message() == "Invalid query parameter: status");
  }
}
