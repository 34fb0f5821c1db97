#include "tests/net/video_asking.hpp"

#include <utility>

using namespace carillon;
using namespace carillon::net::test;

namespace {

/// A sink that keeps what it got and answers with `view`.
void answers(fixture& f, client_command& got,
             call_view view = video_samples::view_of(video_samples::active())) {
  f.sink.on_submit = [&got, view](client_command what, reply_to reply) {
    got = std::move(what);
    reply(reply_value{view});
  };
}

template <class Command>
const Command& mine(const client_command& got) {
  REQUIRE(std::holds_alternative<Command>(got));
  const auto& command = std::get<Command>(got);
  CHECK(command.from == origin{user_id{"alice"}, {}, call_kind::video});
  return command;
}

} // namespace

TEST_CASE("a video call is created over REST") {
  fixture f;
  client_command got;
  answers(f, got);
  video_asking ask{f};
  auto answer = ask("POST", "/video/calls", R"({"call_id":"c-1","members":[{"user_id":"bob"}]})");
  CHECK(answer.result_int() == 200);
  CHECK(has(answer, R"({"call_id":"stand-up","call_type":"default","created_by":"alice",)"));
  const auto& create = mine<command::create>(got);
  CHECK(create.call == video_call_id("c-1"));
  CHECK(create.facts->members == std::vector<video_member>{{user_id{"bob"}, "user"}});
}

TEST_CASE("bad video calls are refused before the sink, in the family's words") {
  fixture f;
  video_asking ask{f};
  auto expect = [&](const char* body, const char* error, const char* message) {
    auto answer = ask("POST", "/video/calls", body);
    CHECK(answer.result_int() == 400);
    CHECK(answer.body()
          == R"({"error":")" + std::string{error} + R"(","message":")" + message + "\"}");
  };
  expect("", "Invalid field", "Invalid field: call_id");
  expect("{", "Invalid JSON", "Invalid JSON");
  expect("[]", "Invalid field", "Invalid field: the body is no JSON object");
  for (auto word : {"active", "history", "stats"})
    expect((R"({"call_id":")" + std::string{word} + "\"}").c_str(), "Invalid field",
           "Invalid field: call_id");
  expect(R"({"call_id":"c","members":[{"user_id":"a b"}]})", "Unknown participant",
         "Unknown participant: a b");
  expect(R"({"call_id":"c","members":[{"user_id":"a"},{"user_id":"b","role":"king"}]})",
         "Invalid field", "Invalid field: members[1].role");
}

TEST_CASE("creating video calls is costly, other things are not") {
  fixture f;
  f.settings.limits.costly_per_minute = 1;
  client_command got;
  answers(f, got);
  video_asking ask{f};
  CHECK(ask("POST", "/video/calls", R"({"call_id":"c-1"})").result_int() == 200);
  auto limited = ask("POST", "/video/calls", R"({"call_id":"c-1"})");
  CHECK(limited.result_int() == 429);
  CHECK_FALSE(limited["Retry-After"].empty());
  CHECK(limited.body() == R"({"error":"Too many requests","message":"Too many requests"})");
  CHECK(ask("POST", "/video/calls/c-1/join").result_int() == 200);
}

TEST_CASE("each thing that is done with a video call has its route") {
  fixture f;
  client_command got;
  answers(f, got);
  video_asking ask{f};
  auto c1 = video_call_id("c-1");

  auto status = ask("PATCH", "/video/calls/c-1/status", R"({"status":"ended"})");
  CHECK(status.body()
        == R"({"success":true,"call_id":"stand-up","status":"active",)"
           R"("updated_at":"2025-11-11T09:31:10.000Z"})");
  CHECK(mine<command::set_status>(got).call == c1);
  CHECK(mine<command::set_status>(got).status == call_status::ended);

  auto join = ask("POST", "/video/calls/c%2D1/join", "what is here is not read");
  CHECK(has(join, R"("user_id":"alice","joined_at":"2025-11-11T09:30:05.000Z")"));
  CHECK(mine<command::enter_call>(got).call == c1);
  CHECK_FALSE(mine<command::enter_call>(got).as_admin);

  auto leave = ask("POST", "/video/calls/c-1/leave");
  CHECK(has(leave, R"("user_id":"alice","left_at":null,"duration_seconds":null)"));
  CHECK(mine<command::leave>(got).call == c1);
  CHECK_FALSE(mine<command::leave>(got).as_admin);

  auto kick = ask("POST", "/video/calls/c-1/kick", R"({"user_id":"bob"})");
  CHECK(has(kick, R"("user_id":"bob","left_at":"2025-11-11T09:31:10.000Z","duration_seconds":59)"));
  CHECK(mine<command::kick>(got).whom == user_id{"bob"});
  CHECK_FALSE(mine<command::kick>(got).as_admin);

  auto accept = ask("POST", "/video/calls/c-1/accept");
  CHECK(has(accept, R"("user_id":"alice","status":"none")"));
  CHECK(mine<command::answer_invitation>(got).accepts);
  CHECK(ask("POST", "/video/calls/c-1/decline").result_int() == 200);
  CHECK(mine<command::answer_invitation>(got).call == c1);
  CHECK_FALSE(mine<command::answer_invitation>(got).accepts);
}

TEST_CASE("an admin asks about any video call as one") {
  fixture f;
  f.settings.auth.admin_users = {"alice"};
  client_command got;
  answers(f, got);
  video_asking ask{f};
  CHECK(ask("POST", "/video/calls/c-1/join").result_int() == 200);
  CHECK(mine<command::enter_call>(got).as_admin);
  CHECK(ask("POST", "/video/calls/c-1/kick", R"({"user_id":"bob"})").result_int() == 200);
  CHECK(mine<command::kick>(got).as_admin);
  CHECK(ask("POST", "/video/calls/c-1/leave").result_int() == 200);
  CHECK(mine<command::leave>(got).as_admin);
  CHECK(ask("POST", "/video/calls/c-1/accept").result_int() == 200);
  CHECK(mine<command::answer_invitation>(got).as_admin);
  CHECK(ask("PATCH", "/video/calls/c-1/status", R"({"status":"ended"})").result_int() == 200);
  CHECK(mine<command::set_status>(got).as_admin);
}

TEST_CASE("bad requests about a video call never reach the sink") {
  fixture f;
  video_asking ask{f};
  auto status = ask("PATCH", "/video/calls/c-1/status", R"({"status":"waiting"})");
  CHECK(status.result_int() == 400);
  CHECK(has(status, "Invalid field: status"));
  CHECK(ask("POST", "/video/calls/c-1/kick", "{}").result_int() == 400);
}

TEST_CASE("what can be no id of a video call names none") {
  fixture f;
  video_asking ask{f};
  for (auto [method, path] : std::initializer_list<std::pair<const char*, const char*>>{
           {"GET", "/video/calls/a%20b"},
           {"PATCH", "/video/calls/%zz/status"},
           {"POST", "/video/calls/a%00b/join"},
           {"POST", "/video/calls/%0a/leave"},
           {"POST", "/video/calls/%0a/accept"},
           {"POST", "/video/calls/%0a/decline"},
           {"POST", "/video/calls/%0a/kick"},
           {"GET", "/video/calls/%0a/recordings"}}) {
    INFO(path);
    auto answer = ask(method, path, R"({"status":"ended","user_id":"bob"})");
    CHECK(answer.result_int() == 404);
    CHECK(answer.body() == R"({"error":"Call not found","message":"Call not found"})");
  }
}

TEST_CASE("refusals of the sink about video calls have the table's status") {
  fixture f;
  failure next;
  f.sink.on_submit = [&](client_command, reply_to reply) { reply(next); };
  video_asking ask{f};
  for (auto code :
       {error_code::video_call_exists, error_code::invalid_status_change, error_code::call_over,
        error_code::call_full, error_code::not_in_call, error_code::invitation_expired,
        error_code::not_invited_to_call, error_code::not_authorized, error_code::call_not_found}) {
    next = code;
    auto answer = ask("POST", "/video/calls/c-1/join");
    CHECK(answer.result_int() == static_cast<unsigned>(describe(code).http_status));
    CHECK(has(answer, R"({"error":")" + std::string{describe(code).message}));
    CHECK(f.refused(code) == 1);
  }
  next = error_code::store_unavailable;
  auto away = ask("POST", "/video/calls", R"({"call_id":"c-1"})");
  CHECK(away.result_int() == 503);
  CHECK(away["Retry-After"] == "1");
}

TEST_CASE("leaving, declining and changing the status are never refused for rate") {
  fixture f;
  f.settings.limits.rest_per_second = 1;
  f.settings.limits.rest_burst = 1;
  client_command got;
  answers(f, got);
  video_asking ask{f};
  CHECK(ask("POST", "/video/calls/c-1/join").result_int() == 200);
  CHECK(ask("POST", "/video/calls/c-1/join").result_int() == 429);
  CHECK(ask("POST", "/video/calls/c-1/accept").result_int() == 429);
  for (int i = 0; i < 3; ++i) {
    CHECK(ask("POST", "/video/calls/c-1/leave").result_int() == 200);
    CHECK(ask("POST", "/video/calls/c-1/decline").result_int() == 200);
    CHECK(ask("PATCH", "/video/calls/c-1/status", R"({"status":"ended"})").result_int() == 200);
  }
}

TEST_CASE("video calls need a user, in the family's words") {
  fixture f;
  video_asking ask{f};
  ask.bearer = "Bearer no.token.this";
  auto answer = ask("GET", "/video/calls/active");
  CHECK(answer.result_int() == 401);
  CHECK(answer.body() == R"({"error":"Authentication error","message":"Authentication error"})");
  CHECK(ask("GET", "/video/nothing").body() == R"({"error":"Not found","message":"Not found"})");
  auto other = ask("DELETE", "/video/calls/history");
  CHECK(other.result_int() == 405);
  CHECK(other["Allow"] == "GET, HEAD, OPTIONS");
}
