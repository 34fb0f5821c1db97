#include "tests/net/fixture.hpp"
#include "tests/protocol/sessions_samples.hpp"

#include <utility>

using namespace carillon;
using namespace carillon::net::test;

namespace {

constexpr auto initiate = "/api/video-call/initiate";
constexpr auto a_group = R"({"sessionType":"group","participants":["bob","carol"]})";

struct asking {
  fixture& f;
  http_client client;
  std::string bearer;

  explicit asking(fixture& all)
    : f(all)
    , client(all.start())
    , bearer(all.bearer("alice")) {}

  http_client::response operator()(const char* method, const char* path, const char* body = "") {
    return client.request(method, path, body, {{"Authorization", bearer}});
  }
};

bool has(const http_client::response& answer, std::string_view part) {
  return answer.body().find(part) != std::string::npos;
}

/// A sink that keeps what it got and answers with `view`.
void answers(fixture& f, client_command& got, call_view view = samples::active()) {
  f.sink.on_submit = [&got, view](client_command what, reply_to reply) {
    got = std::move(what);
    reply(reply_value{view});
  };
}

template <class Command>
const Command& mine(const client_command& got) {
  REQUIRE(std::holds_alternative<Command>(got));
  const auto& command = std::get<Command>(got);
  CHECK(command.from == origin{user_id{"alice"}, {}, call_kind::session});
  return command;
}

} // namespace

TEST_CASE("a session is begun over REST") {
  fixture f;
  f.settings.webrtc.stun_servers = {"stun:stun.example"};
  client_command got;
  answers(f, got);
  asking ask{f};
  auto answer = ask("POST", initiate, a_group);
  CHECK(answer.result_int() == 200);
  CHECK(has(answer, R"("message":"Call session initiated successfully")"));
  CHECK(has(answer, R"("sessionId":"call_1762853400000_abc123xyz")"));
  CHECK(has(answer, R"("iceServers":[{"urls":"stun:stun.example"}])"));
  const auto& gather = mine<command::gather>(got);
  CHECK(gather.named == std::vector<user_id>{user_id{"bob"}, user_id{"carol"}});
  CHECK(gather.facts.type == session_type::group);
}

TEST_CASE("bad sessions are refused before the sink, in the family's words") {
  fixture f;
  f.settings.calls.max_participants = 4;
  asking ask{f};
  auto expect = [&](const char* body, const char* message) {
    auto answer = ask("POST", initiate, body);
    CHECK(answer.result_int() == 400);
    CHECK(answer.body().starts_with(R"({"success":false,"message":")" + std::string{message}));
    CHECK_FALSE(has(answer, "\"error\""));
  };
  expect("", "Invalid field: sessionType");
  expect("{", "Invalid JSON");
  expect(R"({"sessionType":"group"})", "Invalid field: participants");
  expect(R"({"sessionType":"group","participants":["a b"]})", "Unknown participant: a b");
  expect(R"({"sessionType":"group","participants":["bob"],"maxParticipants":5})",
         "Invalid field: maxParticipants");
}

TEST_CASE("as many seats as the server has may be asked for") {
  fixture f;
  f.settings.calls.max_participants = 4;
  client_command got;
  answers(f, got);
  asking ask{f};
  auto body = R"({"sessionType":"group","participants":["bob"],"maxParticipants":4})";
  CHECK(ask("POST", initiate, body).result_int() == 200);
  CHECK(mine<command::gather>(got).facts.seats == 4);
}

TEST_CASE("the id of a session is the segment in the middle or at the end") {
  fixture f;
  client_command got;
  answers(f, got);
  asking ask{f};
  auto join = ask("POST", "/api/video-call/join/s%311");
  CHECK(join.result_int() == 200);
  CHECK(has(join, R"("message":"Ready to join call session")"));
  CHECK(has(join, R"("mediaConstraints":{"video")"));
  CHECK(mine<command::ask_to_join>(got).call == call_id{"s11"});

  auto media = ask("PUT", "/api/video-call/session/s2/media", R"({"hasAudio":false})");
  CHECK(media.result_int() == 200);
  CHECK(has(media, R"("message":"Media settings updated")"));
  CHECK(mine<command::set_media>(got).call == call_id{"s2"});
  CHECK(mine<command::set_media>(got).audio == false);

  auto end = ask("POST", "/api/video-call/session/s3/end");
  CHECK(end.result_int() == 200);
  CHECK(has(end, R"("message":"Call session ended")"));
  CHECK(mine<command::end>(got).call == call_id{"s3"});
  CHECK_FALSE(mine<command::end>(got).as_admin);
}

TEST_CASE("what can be no id of a session names none") {
  fixture f;
  asking ask{f};
  for (auto [method, path] : std::initializer_list<std::pair<const char*, const char*>>{
           {"POST", "/api/video-call/join/a%20b"},
           {"GET", "/api/video-call/session/%zz"},
           {"PUT", "/api/video-call/session/a%00b/media"},
           {"POST", "/api/video-call/session/%0a/end"}}) {
    auto answer = ask(method, path, R"({"hasVideo":true})");
    CHECK(answer.result_int() == 404);
    CHECK(answer.body()
          == R"({"success":false,"message":"Session not found","code":"session_not_found"})");
  }
}

TEST_CASE("refusals of the sink about sessions have the table's status and the family's words") {
  fixture f;
  error_code next{};
  f.sink.on_submit = [&](client_command, reply_to reply) { reply(next); };
  asking ask{f};
  for (auto code :
       {error_code::unknown_participant, error_code::too_many_participants,
        error_code::therapy_session_live, error_code::not_invited, error_code::session_full,
        error_code::not_authorized, error_code::screen_share_refused}) {
    next = code;
    auto answer = ask("POST", initiate, a_group);
    CHECK(answer.result_int() == static_cast<unsigned>(describe(code).http_status));
    CHECK(has(answer, describe(code).code));
    CHECK(f.refused(code) == 1);
  }
  next = error_code::call_not_found;
  auto answer = ask("POST", "/api/video-call/session/s1/end");
  CHECK(answer.result_int() == 404);
  CHECK(has(answer, R"("code":"session_not_found")"));
}

TEST_CASE("in development errors of sessions tell what is known") {
  fixture f;
  f.settings.server.development = true;
  f.sink.on_submit = [&](client_command, reply_to reply) {
    reply(failure{error_code::store_unavailable, "no route to host"});
  };
  asking ask{f};
  auto answer = ask("POST", initiate, a_group);
  CHECK(answer.result_int() == 503);
  CHECK(has(answer, R"("message":"Storage is not available")"));
  CHECK(has(answer, R"("error":"Storage is not available: no route to host")"));
  CHECK(ask("GET", "/api/video-call/nothing").body()
        == R"({"success":false,"message":"Not found","code":"route_not_found",)"
           R"("error":"Not found"})");
  auto method = ask("DELETE", initiate);
  CHECK(method.result_int() == 405);
  CHECK(has(method, R"("error":"Method not allowed")"));
}

TEST_CASE("reads of sessions pass their query on") {
  fixture f;
  client_query got;
  f.sink.on_ask = [&](client_query what, reply_to reply) {
    got = what;
    if (std::holds_alternative<query::sessions>(what))
      reply(reply_value{call_page{{samples::ended()}, false, 41}});
    else if (std::holds_alternative<query::details>(what))
      reply(reply_value{session_details{samples::ended(), {}}});
    else
      reply(reply_value{usage_report{}});
  };
  asking ask{f};
  auto history = ask("GET", "/api/video-call/history?page=3&limit=20&status=ended");
  CHECK(history.result_int() == 200);
  CHECK(has(history, R"("pagination":{"page":3,"limit":20,"total":41,"pages":3})"));
  const auto& page = std::get<query::sessions>(got);
  CHECK(page.user == user_id{"alice"});
  CHECK(page.page == 3);
  CHECK(page.status == call_status::ended);

  auto details = ask("GET", "/api/video-call/session/s1");
  CHECK(details.result_int() == 200);
  CHECK(has(details, R"("message":"Session details")"));
  CHECK(has(details, R"("quality":{"samples":0)"));
  CHECK(std::get<query::details>(got).call == call_id{"s1"});
  CHECK_FALSE(std::get<query::details>(got).as_admin);

  auto usage = ask("GET", "/api/video-call/analytics?days=7");
  CHECK(usage.result_int() == 200);
  CHECK(has(usage, R"("message":"Usage analytics")"));
  CHECK(std::get<query::usage>(got).user == user_id{"alice"});
  CHECK(std::get<query::usage>(got).days == 7);

  for (auto path : {"/api/video-call/history?limit=0", "/api/video-call/history?status=missed",
                    "/api/video-call/history?page=x", "/api/video-call/analytics?days=367"}) {
    auto bad = ask("GET", path);
    CHECK(bad.result_int() == 400);
    CHECK(has(bad, R"("code":"invalid_query")"));
  }
}

TEST_CASE("admins are those of the settings and those whose token says so") {
  fixture f;
  f.settings.auth.admin_users = {"root"};
  client_query read;
  client_command got;
  answers(f, got, samples::ended());
  f.sink.on_ask = [&](client_query what, reply_to reply) {
    read = std::move(what);
    reply(reply_value{session_details{samples::ended(), {}}});
  };
  asking ask{f};
  identity claimed{user_id{"carol"}, {}};
  claimed.claims.role = "admin";
  identity other{user_id{"dan"}, {}};
  other.claims.role = "administrator";
  auto now = f.time.now();
  // The same connection, each token twice: a known one is as good as a fresh one.
  for (auto [token, admin] : std::initializer_list<std::pair<std::string, bool>>{
           {f.token("root"), true},
           {f.token("alice"), false},
           {make_token(fixture::secret, claimed, now, seconds{3600}), true},
           {make_token(fixture::secret, other, now, seconds{3600}), false}}) {
    ask.bearer = "Bearer " + token;
    for (int i = 0; i < 2; ++i) {
      CHECK(ask("POST", "/api/video-call/session/s1/end").result_int() == 200);
      CHECK(std::get<command::end>(got).as_admin == admin);
      CHECK(ask("GET", "/api/video-call/session/s1").result_int() == 200);
      CHECK(std::get<query::details>(read).as_admin == admin);
    }
  }
}

TEST_CASE("beginning a session is costly, and ending one is never refused for rate") {
  fixture f;
  f.settings.limits.costly_per_minute = 2;
  f.settings.limits.rest_per_second = 1;
  f.settings.limits.rest_burst = 6;
  client_command got;
  answers(f, got);
  asking ask{f};
  CHECK(ask("POST", initiate, "{}").result_int() == 400);
  for (int i = 0; i < 2; ++i)
    CHECK(ask("POST", initiate, a_group).result_int() == 200);
  auto third = ask("POST", initiate, a_group);
  CHECK(third.result_int() == 429);
  CHECK(std::stoi(std::string{third["Retry-After"]}) > 1);
  for (int i = 0; i < 12; ++i)
    CHECK(ask("POST", "/api/video-call/session/s1/end").result_int() == 200);
}

TEST_CASE("an answer of another kind is an internal error") {
  fixture f;
  f.sink.on_submit = [](client_command, reply_to reply) { reply(reply_value{}); };
  asking ask{f};
  CHECK(ask("POST", initiate, a_group).result_int() == 500);
  CHECK(f.refused(error_code::internal) == 1);
}
