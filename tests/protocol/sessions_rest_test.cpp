#include "protocol/dialects/sessions.hpp"

#include "protocol/json.hpp"
#include "tests/catch.hpp"

using namespace carillon;

namespace {

const user_id alice{"alice"};

command::gather gathered(std::string_view body) {
  auto out = sessions::decode_initiate(body, alice);
  INFO(body);
  REQUIRE(out);
  REQUIRE(std::holds_alternative<command::gather>(*out));
  auto gather = std::get<command::gather>(*out);
  CHECK(gather.from == origin{alice, {}, call_kind::session});
  return gather;
}

failure not_gathered(std::string_view body) {
  auto out = sessions::decode_initiate(body, alice);
  INFO(body);
  REQUIRE_FALSE(out);
  return out.error();
}

void refuses(std::string_view body, std::string_view field) {
  auto why = not_gathered(body);
  INFO(body);
  CHECK(why.code == error_code::invalid_field);
  CHECK(why.detail == field);
}

/// A body for bob and carol with one more member.
std::string group_with(std::string_view name, std::string_view value) {
  return R"({"sessionType":"group","participants":["bob","carol"],")" + std::string{name}
         + "\":" + std::string{value} + "}";
}

constexpr std::string_view settings_of_nobody =
    R"({"isVideoEnabled":true,"isAudioEnabled":true,"isRecordingEnabled":false,)"
    R"("allowScreenShare":true})";

} // namespace

TEST_CASE("a session is asked for", "[sessions]") {
  auto group = gathered(R"({"sessionType":"group","participants":["bob","carol"]})");
  CHECK(group.named == std::vector<user_id>{user_id{"bob"}, user_id{"carol"}});
  CHECK(group.facts.type == session_type::group);
  CHECK(group.facts.seats == 0);
  CHECK(group.facts.settings == settings_of_nobody);
  CHECK(group.facts.metadata == "{}");
  CHECK(group.facts.therapy_session.empty());
  CHECK(group.facts.video);
  CHECK(group.facts.audio);
  CHECK(group.facts.may_share);
  auto two = gathered(R"({"sessionType":"one-to-one","participants":["bob"]})");
  CHECK(two.facts.type == session_type::one_to_one);
  auto therapy =
      gathered(R"({"sessionType":"therapy","participants":["bob"],"therapySessionId":"t-1"})");
  CHECK(therapy.facts.type == session_type::therapy);
  CHECK(therapy.facts.therapy_session == "t-1");
}

TEST_CASE("a session has a type", "[sessions]") {
  for (auto body : {"", "{}", "[]", R"({"sessionType":null})", R"({"sessionType":7})",
                    R"({"sessionType":"Group","participants":["bob"]})",
                    R"({"sessionType":"video","participants":["bob"]})"})
    refuses(body, "sessionType");
  CHECK(not_gathered("{").code == error_code::invalid_json);
}

TEST_CASE("a session names its participants, each once and not its initiator", "[sessions]") {
  auto named =
      gathered(R"({"sessionType":"group","participants":["bob","alice","carol","bob","carol"]})");
  CHECK(named.named == std::vector<user_id>{user_id{"bob"}, user_id{"carol"}});
  for (auto list : {"null", "\"bob\"", "{}", "[]", "[\"alice\"]", "[7]", "[\"bob\",null]", "[\"\"]",
                    "[[\"bob\"]]"})
    refuses(R"({"sessionType":"group","participants":)" + std::string{list} + "}", "participants");
  refuses(R"({"sessionType":"group"})", "participants");
  auto unknown = not_gathered(R"({"sessionType":"group","participants":["bob","bob smith"]})");
  CHECK(unknown.code == error_code::unknown_participant);
  CHECK(unknown.message() == "Unknown participant: bob smith");
}

TEST_CASE("a one-to-one session takes exactly one other user", "[sessions]") {
  CHECK(
      gathered(R"({"sessionType":"one-to-one","participants":["bob","bob","alice"]})").named.size()
      == 1);
  refuses(R"({"sessionType":"one-to-one","participants":["bob","carol"]})", "participants");
}

TEST_CASE("a therapy session says which one, others do not", "[sessions]") {
  for (auto id : {"null", "\"\"", "7", "\"t 1\""})
    refuses(R"({"sessionType":"therapy","participants":["bob"],"therapySessionId":)"
                + std::string{id} + "}",
            "therapySessionId");
  refuses(R"({"sessionType":"therapy","participants":["bob"]})", "therapySessionId");
  CHECK(gathered(group_with("therapySessionId", "\"t-1\"")).facts.therapy_session.empty());
}

TEST_CASE("call settings are kept as sent, with what they lack", "[sessions]") {
  auto settings = [](std::string_view sent) {
    return gathered(group_with("callSettings", sent)).facts;
  };
  CHECK(settings("null").settings == settings_of_nobody);
  CHECK(settings("{}").settings == settings_of_nobody);
  CHECK(settings("{ }").settings.starts_with(R"({ "isVideoEnabled":true,)"));
  auto some = settings(R"({ "layout" : [1, 2.0], "isVideoEnabled":false })");
  CHECK(some.settings
        == R"({ "layout" : [1, 2.0], "isVideoEnabled":false ,"isAudioEnabled":true,)"
           R"("isRecordingEnabled":false,"allowScreenShare":true})");
  CHECK_FALSE(some.video);
  CHECK(some.audio);
  auto all =
      settings(R"({"allowScreenShare":false,"isAudioEnabled":false,"isRecordingEnabled":true,)"
               R"("isVideoEnabled":true})");
  CHECK(all.settings
        == R"({"allowScreenShare":false,"isAudioEnabled":false,"isRecordingEnabled":true,)"
           R"("isVideoEnabled":true})");
  CHECK_FALSE(all.may_share);
  CHECK_FALSE(all.audio);
  CHECK(all.video);
  // Braces in texts are not the end of it.
  auto brace = settings(R"({"note":"}}{"})");
  CHECK(json::object::parse(brace.settings)->string("note") == "}}{");
}

TEST_CASE("a call setting that is null is one that was not sent", "[sessions]") {
  auto settings = [](std::string_view sent) {
    return gathered(group_with("callSettings", sent)).facts.settings;
  };
  CHECK(settings(R"({"isVideoEnabled":null,"isRecordingEnabled":null,"isAudioEnabled":null,)"
                 R"("allowScreenShare":null})")
        == settings_of_nobody);
  CHECK(settings(R"({ "a\"b" : [1, 2.0], "isVideoEnabled":null ,"isAudioEnabled":false,"c":null})")
        == R"({"a\"b":[1, 2.0],"isAudioEnabled":false,"c":null,"isVideoEnabled":true,)"
           R"("isRecordingEnabled":false,"allowScreenShare":true})");
  // Of a setting that stands twice the last one counts.
  auto last = settings(R"({"isVideoEnabled":false,"isVideoEnabled":null})");
  CHECK(last == settings_of_nobody);
  last = settings(R"({"isVideoEnabled":null,"isVideoEnabled":false})");
  CHECK(json::object::parse(last)->boolean("isVideoEnabled") == false);
}

TEST_CASE("call settings are an object of flags", "[sessions]") {
  for (auto sent : {"7", "[]", "\"\"", "true"})
    refuses(group_with("callSettings", sent), "callSettings");
  for (std::string flag :
       {"isVideoEnabled", "isAudioEnabled", "isRecordingEnabled", "allowScreenShare"})
    for (std::string value : {"0", "1", "\"true\"", "{}"})
      refuses(group_with("callSettings", "{\"" + flag + "\":" + value + "}"),
              "callSettings." + flag);
  auto sized = [](std::size_t bytes) { return R"({"x":")" + std::string(bytes - 8, 'x') + "\"}"; };
  CHECK(gathered(group_with("callSettings", sized(8192))).facts.settings.size() > 8192);
  refuses(group_with("callSettings", sized(8193)), "callSettings");
}

TEST_CASE("metadata is kept as sent", "[sessions]") {
  for (std::string_view sent : {"{}", R"({"title":"T","description":"D","tags":["a","b"]})",
                                R"({ "more" : {"x":[1]}, "title":null, "tags":[] })"})
    CHECK(gathered(group_with("metadata", sent)).facts.metadata == sent);
  CHECK(gathered(group_with("metadata", "null")).facts.metadata == "{}");
  for (auto sent : {"7", "[]", "\"\""})
    refuses(group_with("metadata", sent), "metadata");
  refuses(group_with("metadata", R"({"title":7})"), "metadata.title");
  refuses(group_with("metadata", R"({"description":[]})"), "metadata.description");
  for (auto tags : {"\"a\"", "{}", "[7]", "[\"a\",null]"})
    refuses(group_with("metadata", R"({"tags":)" + std::string{tags} + "}"), "metadata.tags");
  auto sized = [](std::size_t bytes) {
    return R"({"title":")" + std::string(bytes - 12, 'x') + "\"}";
  };
  CHECK(gathered(group_with("metadata", sized(8192))).facts.metadata.size() == 8192);
  refuses(group_with("metadata", sized(8193)), "metadata");
}

TEST_CASE("seats are a number from two on", "[sessions]") {
  CHECK(gathered(group_with("maxParticipants", "null")).facts.seats == 0);
  CHECK(gathered(group_with("maxParticipants", "2")).facts.seats == 2);
  CHECK(gathered(group_with("maxParticipants", "50")).facts.seats == 50);
  for (auto seats : {"1", "0", "-3", "2.5", "\"4\"", "true", "99999999999"})
    refuses(group_with("maxParticipants", seats), "maxParticipants");
}

TEST_CASE("media over REST are decoded without a device", "[sessions]") {
  auto out =
      sessions::decode_media(R"({"hasVideo":false,"isScreenSharing":true})", alice, call_id{"s1"});
  REQUIRE(out);
  const auto& media = std::get<command::set_media>(*out);
  CHECK(media.from == origin{alice, {}, call_kind::session});
  CHECK(media.call == call_id{"s1"});
  CHECK(media.video == false);
  CHECK_FALSE(media.audio);
  CHECK(media.sharing == true);
  CHECK(sessions::decode_media("", alice, call_id{"s1"}).error().code == error_code::invalid_field);
  CHECK(sessions::decode_media(R"({"hasAudio":0})", alice, call_id{"s1"}).error().detail
        == "hasAudio");
  CHECK(sessions::decode_media("{", alice, call_id{"s1"}).error().code == error_code::invalid_json);
}

TEST_CASE("the query of session history is decoded", "[sessions]") {
  auto usual = sessions::decode_history("", alice);
  REQUIRE(usual);
  CHECK(usual->user == alice);
  CHECK(usual->page == 1);
  CHECK(usual->limit == 20);
  CHECK_FALSE(usual->status);
  auto all = sessions::decode_history("page=3&limit=100&status=ended&x=y", alice);
  REQUIRE(all);
  CHECK(all->page == 3);
  CHECK(all->limit == 100);
  CHECK(all->status == call_status::ended);
  CHECK(all->skip() == 200);
  CHECK(sessions::decode_history("status=waiting", alice)->status == call_status::waiting);
  CHECK(sessions::decode_history("status=active", alice)->status == call_status::active);
  CHECK(sessions::decode_history("page=2147483647&limit=100", alice)->skip() == 214748364600);
  for (auto [query, name] :
       std::initializer_list<std::pair<const char*, const char*>>{{"page=0", "page"},
                                                                  {"page=x", "page"},
                                                                  {"page=2147483648", "page"},
                                                                  {"limit=0", "limit"},
                                                                  {"limit=101", "limit"},
                                                                  {"limit=", "limit"},
                                                                  {"status=missed", "status"},
                                                                  {"status=completed", "status"},
                                                                  {"status=", "status"},
                                                                  {"limit=%zz", "limit"}}) {
    auto bad = sessions::decode_history(query, alice);
    INFO(query);
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code == error_code::invalid_query);
    CHECK(bad.error().detail == name);
  }
}

TEST_CASE("the query of analytics is decoded", "[sessions]") {
  CHECK(sessions::decode_usage("", alice)->days == 30);
  CHECK(sessions::decode_usage("", alice)->user == alice);
  CHECK(sessions::decode_usage("days=1", alice)->days == 1);
  CHECK(sessions::decode_usage("days=366&x=1", alice)->days == 366);
  for (auto query : {"days=0", "days=367", "days=a", "days=", "days=-1"}) {
    auto bad = sessions::decode_usage(query, alice);
    INFO(query);
    REQUIRE_FALSE(bad);
    CHECK(bad.error().code == error_code::invalid_query);
    CHECK(bad.error().detail == "days");
  }
}
