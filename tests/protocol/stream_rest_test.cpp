#include "protocol/dialects/stream.hpp"

#include "tests/catch.hpp"

using namespace carillon;

namespace {

const user_id alice{"alice"};
const call_id c1{"c1"};

template <class Command>
Command taken(const result<client_command>& out) {
  REQUIRE(out);
  REQUIRE(std::holds_alternative<Command>(*out));
  auto cmd = std::get<Command>(*out);
  CHECK(cmd.from == origin{alice, {}, call_kind::stream});
  return cmd;
}

template <class Result>
void refuses(const Result& out, error_code code, std::string_view detail = {}) {
  REQUIRE_FALSE(out);
  CHECK(describe(out.error().code).code == describe(code).code);
  CHECK(out.error().detail == detail);
}

std::string user_data(const std::string& members) { return R"({"userData":{)" + members + "}}"; }

const std::string longest(512, 'x');

} // namespace

TEST_CASE("a token is asked for, with a profile or without", "[stream]") {
  for (auto body : {"", "{}", R"({"userData":null})", R"({"userData":{}})", R"({"userId":null})",
                    R"({"userId":"alice","userData":{"email":"a@x.org","role":"admin","id":7}})"}) {
    INFO(body);
    auto out = stream::decode_token(body, alice);
    REQUIRE(out);
    CHECK(out->user == alice);
    CHECK(out->profile.empty());
  }
  auto out = stream::decode_token(user_data(R"("name":"Alice","image":"http://x/a.png")"), alice);
  REQUIRE(out);
  CHECK(out->profile.name == "Alice");
  CHECK(out->profile.image == "http://x/a.png");
  CHECK_FALSE(out->profile.email);
}

TEST_CASE("a token is not given to others, nor for bad fields", "[stream]") {
  for (auto id : {"\"bob\"", "\"\"", "\"Alice\""})
    refuses(stream::decode_token(std::string{R"({"userId":)"} + id + "}", alice),
            error_code::not_authorized);
  refuses(stream::decode_token(R"({"userId":7})", alice), error_code::invalid_field, "userId");
  for (auto data : {"7", "[]", "\"\""})
    refuses(stream::decode_token(std::string{R"({"userData":)"} + data + "}", alice),
            error_code::invalid_field, "userData");
  refuses(stream::decode_token(user_data(R"("name":7)"), alice), error_code::invalid_field,
          "userData.name");
  refuses(stream::decode_token("{", alice), error_code::invalid_json);
}

TEST_CASE("a profile is changed where it says something", "[stream]") {
  auto all = taken<command::upsert_user>(stream::decode_upsert(
      user_data(R"("name":"A","email":"a@x.org","image":"http://x/a.png","role":"admin")"), alice,
      true));
  CHECK(all.profile.name == "A");
  CHECK(all.profile.email == "a@x.org");
  CHECK(all.profile.image == "http://x/a.png");
  CHECK(all.profile.role == "admin");
  auto one = taken<command::upsert_user>(
      stream::decode_upsert(user_data(R"("name":null,"email":"","role":null)"), alice, false));
  CHECK_FALSE(one.profile.name);
  CHECK(one.profile.email == "");
  CHECK_FALSE(one.profile.role);
  auto text = taken<command::upsert_user>(
      stream::decode_upsert(user_data(R"("name":")" + longest + '"'), alice, false));
  CHECK(text.profile.name == longest);
}

TEST_CASE("a profile is texts, and a role is given by admins", "[stream]") {
  for (auto body : {"", "{}", R"({"userData":null})", R"({"userData":{}})",
                    R"({"userData":{"name":null,"x":"y"}})", R"({"userData":7})"})
    refuses(stream::decode_upsert(body, alice, true), error_code::invalid_field, "userData");
  for (std::string name : {"name", "email", "image", "role"})
    for (const auto& value :
         {std::string{"7"}, std::string{"{}"}, std::string{"true"}, std::string{R"("a\u0000b")"},
          std::string{R"("a\nb")"}, '"' + longest + "x\""})
      refuses(stream::decode_upsert(user_data('"' + name + "\":" + value), alice, true),
              error_code::invalid_field, "userData." + name);
  for (auto role : {R"("role":"admin")", R"("role":"")", R"("name":"A","role":"user")"})
    refuses(stream::decode_upsert(user_data(role), alice, false), error_code::not_authorized);
}

TEST_CASE("a channel is asked for", "[stream]") {
  auto small = taken<command::open_channel>(stream::decode_create(R"({"callId":"c1"})", alice));
  CHECK(small.call == c1);
  CHECK(small.call_type.empty());
  CHECK(small.members.empty());
  auto all = taken<command::open_channel>(stream::decode_create(
      R"({"callId":"c1","callType":"standup","members":["bob","alice","carol","bob"]})", alice));
  CHECK(all.call_type == "standup");
  CHECK(all.members == std::vector<user_id>{user_id{"bob"}, user_id{"carol"}});
  CHECK(taken<command::open_channel>(
            stream::decode_create(R"({"callId":"c1","callType":null,"members":null})", alice))
            .members.empty());
}

TEST_CASE("a channel has an id, a short type and members that can be", "[stream]") {
  for (auto body :
       {"", "{}", R"({"callId":null})", R"({"callId":""})", R"({"callId":7})", R"({"callId":" "})"})
    refuses(stream::decode_create(body, alice), error_code::call_id_required);
  refuses(stream::decode_create(R"({"callId":"c 1"})", alice), error_code::invalid_field, "callId");
  auto with = [](const std::string& members) {
    return stream::decode_create(R"({"callId":"c1",)" + members + "}", alice);
  };
  CHECK(with(R"("callType":")" + std::string(32, 't') + '"'));
  for (const auto& type : {'"' + std::string(33, 't') + '"', std::string{"7"}, std::string{"{}"}})
    refuses(with(R"("callType":)" + type), error_code::invalid_field, "callType");
  for (auto list : {"7", "{}", "\"bob\"", "[7]", "[null]", "[\"\"]", "[[\"bob\"]]"})
    refuses(with(std::string{R"("members":)"} + list), error_code::invalid_field, "members");
  refuses(with(R"("members":["bob","bob smith"])"), error_code::unknown_participant, "bob smith");
  auto many = [&](int count) {
    std::string list = "\"alice\"";
    for (int i = 0; i < count; ++i)
      list += ",\"u" + std::to_string(i) + '"';
    return with(R"("members":[)" + list + "]");
  };
  CHECK(many(99));
  refuses(many(100), error_code::too_many_participants);
}

TEST_CASE("the end of a call is asked for", "[stream]") {
  auto end = taken<command::close_channel>(stream::decode_end(R"({"callId":"c1"})", alice, false));
  CHECK(end.call == c1);
  CHECK_FALSE(end.as_admin);
  CHECK(taken<command::close_channel>(stream::decode_end(R"({"callId":"c1"})", alice, true))
            .as_admin);
  refuses(stream::decode_end("{}", alice, true), error_code::call_id_required);
  refuses(stream::decode_end(R"({"callId":"c 1"})", alice, true), error_code::call_not_found);
}

TEST_CASE("quality over REST needs four figures", "[stream]") {
  constexpr std::string_view four = R"("rttMs":40,"jitterMs":2.5,"packetLoss":0,"bitrateKbps":900)";
  auto out = taken<command::report_quality>(
      stream::decode_quality("{" + std::string{four} + "}", alice, c1));
  CHECK(out.call == c1);
  CHECK(out.sample.call == c1);
  CHECK(out.sample.rtt_ms == 40);
  CHECK(out.sample.jitter_ms == 2.5);
  CHECK(out.sample.packet_loss == 0);
  CHECK(out.sample.bitrate_kbps == 900);
  CHECK_FALSE(out.sample.audio_level);
  auto more = taken<command::report_quality>(stream::decode_quality(
      "{" + std::string{four}
          + R"(,"audioLevel":0.5,"videoFps":24,"resolution":"640x480","connectionTimeMs":120})",
      alice, c1));
  CHECK(more.sample.audio_level == 0.5);
  CHECK(more.sample.video_fps == 24);
  CHECK(more.sample.resolution == "640x480");
  CHECK(more.sample.connection_time_ms == 120);
  auto asked = [](const std::string& body) { return stream::decode_quality(body, alice, c1); };
  refuses(asked("{}"), error_code::invalid_field, "rttMs");
  refuses(asked(R"({"rttMs":1,"jitterMs":1,"packetLoss":1})"), error_code::invalid_field,
          "bitrateKbps");
  refuses(asked(R"({"rttMs":1,"jitterMs":null,"packetLoss":1,"bitrateKbps":1})"),
          error_code::invalid_field, "jitterMs");
  refuses(asked(R"({"rttMs":1,"jitterMs":1,"packetLoss":101,"bitrateKbps":1})"),
          error_code::invalid_field, "packetLoss");
}

TEST_CASE("a page of messages is asked for", "[stream]") {
  auto usual = stream::decode_messages("messaging:call-c1", "", alice);
  REQUIRE(usual);
  CHECK(usual->user == alice);
  CHECK(usual->call == c1);
  CHECK(usual->limit == 50);
  CHECK(usual->before.empty());
  CHECK(usual->after.empty());
  auto all =
      stream::decode_messages("messaging:call-c1", "limit=100&before=m%2B2&after=m1&x=y", alice);
  REQUIRE(all);
  CHECK(all->limit == 100);
  CHECK(all->before == "m+2");
  CHECK(all->after == "m1");
  for (auto name : {"", "c1", "messaging:call-", "messaging%3Acall-c1"})
    refuses(stream::decode_messages(name, "", alice), error_code::channel_not_found);
  for (auto [query, name] :
       std::initializer_list<std::pair<const char*, const char*>>{{"limit=0", "limit"},
                                                                  {"limit=101", "limit"},
                                                                  {"limit=", "limit"},
                                                                  {"limit=1.5", "limit"},
                                                                  {"limit=%zz", "limit"},
                                                                  {"before=", "before"},
                                                                  {"before=m+1", "before"},
                                                                  {"after=%00", "after"},
                                                                  {"after", "after"}}) {
    INFO(query);
    refuses(stream::decode_messages("messaging:call-c1", query, alice), error_code::invalid_query,
            name);
  }
}
