#include "tests/net/fixture.hpp"

#include <utility>

using namespace carillon;
using namespace carillon::net::test;

namespace {

struct asking {
  http_client client;
  std::string bearer;

  explicit asking(fixture& f)
    : client(f.start())
    , bearer(f.bearer("alice")) {}

  http_client::response operator()(const char* method, const char* path,
                                   std::string_view body = "") {
    return client.request(method, path, body, {{"Authorization", bearer}});
  }
};

/// A sink that keeps what it got and answers with `next`.
struct scripted {
  fixture f;
  client_command got;
  client_query asked;
  result<reply_value> next = reply_value{};
  result<reply_value> found = reply_value{};
  int commands = 0;

  scripted() {
    f.settings.stream.api_key = "key";
    f.settings.stream.api_secret = "north";
    f.sink.on_submit = [this](client_command what, reply_to reply) {
      got = std::move(what);
      ++commands;
      reply(next);
    };
    f.sink.on_ask = [this](client_query what, reply_to reply) {
      asked = std::move(what);
      reply(found);
    };
  }

  template <class Command>
  const Command& mine() const {
    REQUIRE(std::holds_alternative<Command>(got));
    const auto& command = std::get<Command>(got);
    CHECK(command.from == origin{user_id{"alice"}, {}, call_kind::stream});
    return command;
  }
};

constexpr auto at = from_epoch_ms(1762853400000); // 2025-11-11T09:30:00.000Z

chat_message said() { return {call_id{"c1"}, 7, "m7", user_id{"alice"}, "hello", "", at}; }

constexpr auto said_json =
    R"({"id":"m7","channelId":"messaging:call-c1","callId":"c1","userId":"alice","text":"hello",)"
    R"("attachments":[],"createdAt":"2025-11-11T09:30:00.000Z"})";

user_ptr alice() {
  auto made = std::make_shared<user_record>();
  made->id = user_id{"alice"};
  made->profile = {"Alice", "alice@x.org", "https://x.org/a.png", ""};
  return made;
}

std::string refusal(std::string_view message, std::string_view code) {
  return R"({"success":false,"data":null,"message":")" + std::string{message} + R"(","code":")"
         + std::string{code} + "\"}";
}

} // namespace

TEST_CASE("a Stream token of a day is given over REST, at the top as well") {
  scripted s;
  s.found = reply_value{stream_token{"a.b.c", at}};
  asking ask{s.f};
  auto answer = ask("POST", "/api/stream/token", R"({"userData":{},"userId":"alice"})");
  CHECK(answer.result_int() == 200);
  CHECK(
      answer.body()
      == R"({"success":true,"token":"a.b.c","data":{"token":"a.b.c","userId":"alice",)"
         R"("apiKey":"key","expiresAt":"2025-11-11T09:30:00.000Z"},"message":"Token generated"})");
  CHECK(s.commands == 0); // no profile came with it
  REQUIRE(std::holds_alternative<query::stream_token>(s.asked));
  CHECK(std::get<query::stream_token>(s.asked).user == user_id{"alice"});
  CHECK(std::get<query::stream_token>(s.asked).ttl == seconds{86400});
}

TEST_CASE("a profile that comes with the wish for a token is taken first") {
  scripted s;
  s.next = reply_value{alice()};
  s.found = reply_value{stream_token{"a.b.c", at}};
  asking ask{s.f};
  CHECK(ask("POST", "/api/stream/token", R"({"userData":{"name":"Alice"}})").result_int() == 200);
  CHECK(s.mine<command::upsert_user>().profile.name == "Alice");
  s.next = error_code::store_unavailable;
  s.asked = query::profile{};
  auto away = ask("POST", "/api/stream/token", R"({"userData":{"name":"Bob"}})");
  CHECK(away.result_int() == 503);
  CHECK(away["Retry-After"] == "1");
  CHECK(std::holds_alternative<query::profile>(s.asked)); // it was not asked for a token
}

TEST_CASE("tokens are for oneself, costly, and need a secret") {
  scripted s;
  s.f.settings.limits.costly_per_minute = 2;
  s.f.settings.stream.api_secret = "";
  asking ask{s.f};
  auto other = ask("POST", "/api/stream/token", R"({"userId":"bob"})");
  CHECK(other.result_int() == 403);
  CHECK(other.body() == refusal("Not authorized", "not_authorized"));
  auto missing = ask("POST", "/api/stream/token", "{}");
  CHECK(missing.result_int() == 503);
  CHECK(missing.body()
        == refusal("Stream is not configured: stream.api_secret is not set",
                   "stream_not_configured"));
  CHECK(ask("POST", "/api/stream/token").result_int() == 503); // no body is an empty one
  auto limited = ask("POST", "/api/stream/token", "{}");
  CHECK(limited.result_int() == 429);
  CHECK_FALSE(limited["Retry-After"].empty());
  CHECK(ask("POST", "/api/stream/token", "[").result_int() == 400);
}

TEST_CASE("a user's profile is changed over REST, its role by admins only") {
  scripted s;
  s.next = reply_value{alice()};
  asking ask{s.f};
  auto answer = ask("POST", "/api/stream/user/upsert", R"({"userData":{"name":"Alice"}})");
  CHECK(answer.result_int() == 200);
  CHECK(
      answer.body()
      == R"({"success":true,"data":{"id":"alice","_id":"alice","name":"Alice","username":"Alice",)"
         R"("email":"alice@x.org","image":"https://x.org/a.png","images":["https://x.org/a.png"],)"
         R"("role":null},"message":"User updated"})");
  CHECK(s.mine<command::upsert_user>().profile.name == "Alice");
  auto role = ask("POST", "/api/stream/user/upsert", R"({"userData":{"role":"admin"}})");
  CHECK(role.result_int() == 403);
  auto nothing = ask("POST", "/api/stream/user/upsert", "{}");
  CHECK(nothing.result_int() == 400);
  CHECK(nothing.body() == refusal("Invalid field: userData", "invalid_field"));
  CHECK(s.commands == 1);
}

TEST_CASE("an admin changes its role") {
  scripted s;
  s.f.settings.auth.admin_users = {"alice"};
  s.next = reply_value{alice()};
  asking ask{s.f};
  CHECK(ask("POST", "/api/stream/user/upsert", R"({"userData":{"role":"user"}})").result_int()
        == 200);
  CHECK(s.mine<command::upsert_user>().profile.role == "user");
}

TEST_CASE("a call's channel is made over REST") {
  scripted s;
  channel_record channel;
  channel.call = call_id{"c1"};
  channel.members = {user_id{"alice"}, user_id{"bob"}};
  s.next = reply_value{channel};
  asking ask{s.f};
  auto answer = ask("POST", "/api/stream/call/create",
                    R"({"callId":"c1","callType":"video","members":["bob"]})");
  CHECK(answer.result_int() == 200);
  CHECK(answer.body()
        == R"({"success":true,"data":{"callId":"c1","channelId":"messaging:call-c1",)"
           R"("members":["alice","bob"]},"message":"Channel ready"})");
  const auto& open = s.mine<command::open_channel>();
  CHECK(open.call == call_id{"c1"});
  CHECK(open.call_type == "video");
  CHECK(open.members == std::vector<user_id>{user_id{"bob"}});
  CHECK(ask("POST", "/api/stream/call/create", "{}").body()
        == refusal("callId required", "call_id_required"));
  s.next = failure{error_code::unknown_participant, "bob"};
  auto unknown = ask("POST", "/api/stream/call/create", R"({"callId":"c1","members":["bob"]})");
  CHECK(unknown.result_int() == 400);
  CHECK(unknown.body() == refusal("Unknown participant: bob", "unknown_participant"));
}

TEST_CASE("a call is ended over REST, never refused for rate") {
  scripted s;
  s.f.settings.limits.rest_per_second = 1;
  s.f.settings.limits.rest_burst = 1;
  s.next = reply_value{channel_record{}};
  asking ask{s.f};
  for (int i = 0; i < 5; ++i) {
    auto answer = ask("POST", "/api/stream/call/end", R"({"callId":"c1"})");
    CHECK(answer.result_int() == 200);
    CHECK(answer.body()
          == R"({"success":true,"data":{"callId":"c1","channelId":"messaging:call-c1",)"
             R"("status":"ended"},"message":"Call ended"})");
  }
  CHECK(s.mine<command::close_channel>().call == call_id{"c1"});
  CHECK_FALSE(s.mine<command::close_channel>().as_admin);
  s.next = error_code::not_authorized;
  CHECK(ask("POST", "/api/stream/call/end", R"({"callId":"c1"})").result_int() == 403);
}

TEST_CASE("a call's quality is told, and told again with what was reported") {
  scripted s;
  quality_details details;
  details.call = call_id{"c1"};
  details.users = {alice()};
  details.quality.whole.samples = 1;
  details.quality.whole.rtt_ms = 40;
  s.found = reply_value{details};
  asking ask{s.f};
  auto answer = ask("GET", "/api/stream/call/quality/c%2D1");
  CHECK(answer.result_int() == 200);
  CHECK(answer.body()
        == R"({"success":true,"data":{"callId":"c1","summary":{"samples":1,"averages":{"rttMs":40,)"
           R"("jitterMs":null,"packetLoss":null,"bitrateKbps":null,"audioLevel":null,)"
           R"("videoFps":null,"connectionTimeMs":null},"mos":null},"participants":[)"
           R"({"userId":"alice","username":"Alice","samples":0,"averages":{"rttMs":null,)"
           R"("jitterMs":null,"packetLoss":null,"bitrateKbps":null,"audioLevel":null,)"
           R"("videoFps":null,"connectionTimeMs":null},"mos":null}]},"message":"Call quality"})");
  const auto& asked = std::get<query::quality>(s.asked);
  CHECK(asked.call == call_id{"c-1"});
  CHECK_FALSE(asked.as_admin);

  constexpr auto figures = R"({"rttMs":40,"jitterMs":2,"packetLoss":1,"bitrateKbps":900})";
  auto reported = ask("POST", "/api/stream/call/quality/c1", figures);
  CHECK(reported.result_int() == 200);
  CHECK(reported.body() == answer.body());
  CHECK(s.mine<command::report_quality>().call == call_id{"c1"});
  CHECK(s.mine<command::report_quality>().sample.rtt_ms == 40);
  CHECK(std::get<query::quality>(s.asked).call == call_id{"c1"});

  auto part = ask("POST", "/api/stream/call/quality/c1", R"({"rttMs":40})");
  CHECK(part.body() == refusal("Invalid field: jitterMs", "invalid_field"));
  s.next = error_code::rate_limited;
  CHECK(ask("POST", "/api/stream/call/quality/c1", figures).result_int() == 429);
  CHECK(ask("GET", "/api/stream/call/quality/a%20b").body()
        == refusal("Call not found", "call_not_found"));
  CHECK(ask("GET", "/api/stream/call/quality/%zz").result_int() == 404);
}

TEST_CASE("messages are sent and listed over REST") {
  scripted s;
  s.next = reply_value{std::make_shared<const chat_message>(said())};
  asking ask{s.f};
  auto sent = ask("POST", "/api/stream/message/send",
                  R"({"channelId":"messaging:call-c1","text":"hello","id":"m7"})");
  CHECK(sent.result_int() == 200);
  CHECK(sent.body()
        == R"({"success":true,"data":{"message":)" + std::string{said_json}
               + R"(},"message":"Message sent"})");
  const auto& send = s.mine<command::send_message>();
  CHECK(send.call == call_id{"c1"});
  CHECK(send.id == "m7");
  CHECK(send.text == "hello");

  s.found = reply_value{message_page{{said()}, true}};
  auto page = ask("GET", "/api/stream/message/messaging%3Acall-c1?limit=2&after=m6&before=m9");
  CHECK(page.result_int() == 200);
  CHECK(page.body()
        == R"({"success":true,"data":{"messages":[)" + std::string{said_json}
               + R"(],"hasMore":true},"message":"Messages"})");
  const auto& wanted = std::get<query::messages>(s.asked);
  CHECK(wanted.user == user_id{"alice"});
  CHECK(wanted.call == call_id{"c1"});
  CHECK(wanted.limit == 2);
  CHECK(wanted.after == "m6");
  CHECK(wanted.before == "m9");
  CHECK(ask("GET", "/api/stream/message/messaging:call-c1").result_int() == 200);
  CHECK(std::get<query::messages>(s.asked).limit == 50);
}

TEST_CASE("refusals of messages are in the family's envelope") {
  scripted s;
  asking ask{s.f};
  auto expect = [&](std::string_view body, int status, const std::string& wanted) {
    auto answer = ask("POST", "/api/stream/message/send", body);
    CHECK(answer.result_int() == static_cast<unsigned>(status));
    CHECK(answer.body() == wanted);
  };
  expect("{}", 400, refusal("channelId required", "channel_id_required"));
  expect(R"({"channelId":"x","text":"a"})", 404, refusal("Channel not found", "channel_not_found"));
  expect(R"({"channelId":"messaging:call-c1"})", 400, refusal("text required", "text_required"));
  s.next = error_code::channel_closed;
  expect(R"({"channelId":"messaging:call-c1","text":"a"})", 409,
         refusal("Channel is closed", "channel_closed"));
  CHECK(ask("GET", "/api/stream/message/x").body()
        == refusal("Channel not found", "channel_not_found"));
  CHECK(ask("GET", "/api/stream/message/%zz").result_int() == 404);
  auto bad = ask("GET", "/api/stream/message/messaging:call-c1?limit=0");
  CHECK(bad.result_int() == 400);
  CHECK(bad.body() == refusal("Invalid query parameter: limit", "invalid_query"));
}

TEST_CASE("config tells what is set, and never the secret") {
  scripted s;
  outbox_backlog backlog;
  backlog.queued = 3;
  backlog.failed = 2;
  backlog.last_error = "HTTP 400";
  s.found = reply_value{backlog};
  carillon::mirror_status mirror{true};
  s.f.mirror = &mirror;
  asking ask{s.f};
  CHECK(ask("GET", "/api/stream/config").body()
        == R"({"success":true,"data":{"configured":true,"apiKey":"key","hasSecret":true,)"
           R"("mirror":{"enabled":true,"queued":3,"failed":2,"lastError":"HTTP 400"}},)"
           R"("message":"Stream configuration"})");
  CHECK(std::get<query::backlog>(s.asked).user == user_id{"alice"});
  mirror.set_queued(carillon::mirror_status::most_queued);
  CHECK_FALSE(mirror.admits());
  mirror.set_error("no route");
  auto later = ask("GET", "/api/stream/config");
  CHECK(later.body().find(R"("failed":3,"lastError":"no route")") != std::string::npos);
  CHECK(later.body().find("north") == std::string::npos);
  s.found = error_code::store_unavailable;
  CHECK(ask("GET", "/api/stream/config").result_int() == 503);
}

TEST_CASE("config of a server without Stream") {
  scripted s;
  s.f.settings.stream.api_key = "";
  s.f.settings.stream.api_secret = "";
  s.found = reply_value{outbox_backlog{}};
  asking ask{s.f};
  CHECK(ask("GET", "/api/stream/config").body()
        == R"({"success":true,"data":{"configured":false,"apiKey":null,"hasSecret":false,)"
           R"("mirror":{"enabled":false,"queued":0,"failed":0,"lastError":null}},)"
           R"("message":"Stream configuration"})");
}

TEST_CASE("who is nobody is told so in the family's envelope") {
  scripted s;
  asking ask{s.f};
  ask.bearer = "Bearer no.token.this";
  auto stranger = ask("GET", "/api/stream/config");
  CHECK(stranger.result_int() == 401);
  CHECK(stranger.body() == refusal("Authentication error", "unauthorized"));
  CHECK(ask("GET", "/api/stream/nothing").body() == refusal("Not found", "route_not_found"));
  auto wrong = ask("GET", "/api/stream/token");
  CHECK(wrong.result_int() == 405);
  CHECK(wrong["Allow"] == "POST, OPTIONS");
}
