#include "tests/net/fixture.hpp"
#include "tests/protocol/direct_samples.hpp"

using namespace carillon;
using namespace carillon::net::test;

namespace {

call_view a_call() { return samples::direct_calls::ringing("0123456789abcdef01234567"); }

struct asking {
  fixture& f;
  http_client client;

  explicit asking(fixture& all)
    : f(all)
    , client(all.start()) {}

  http_client::response operator()(const char* method, const char* path, const char* body = "") {
    return client.request(method, path, body, {{"Authorization", f.bearer("alice")}});
  }
};

bool has(const http_client::response& answer, std::string_view part) {
  return answer.body().find(part) != std::string::npos;
}

} // namespace

TEST_CASE("each action reaches the sink as the asking user's, without a device") {
  fixture f;
  client_command got;
  f.sink.on_submit = [&](client_command what, reply_to reply) {
    got = std::move(what);
    reply(reply_value{a_call()});
  };
  asking ask{f};

  auto answer = ask("POST", "/api/calls/initiate", R"({"receiverId":"bob","callType":"video"})");
  CHECK(answer.result_int() == 200);
  CHECK(has(answer, R"("success":true)"));
  CHECK(has(answer, R"("message":"Call initiated")"));
  CHECK(has(answer, R"("_id":"0123456789abcdef01234567")"));
  auto& initiate = std::get<command::initiate>(got);
  CHECK(initiate.from.user == user_id{"alice"});
  CHECK(initiate.from.device.empty());
  CHECK(initiate.receiver == user_id{"bob"});
  CHECK(initiate.type == media_type::video);

  CHECK(has(ask("POST", "/api/calls/accept", R"({"callId":"c1"})"), "Call accepted"));
  CHECK(std::get<command::accept>(got).call == call_id{"c1"});
  CHECK(has(ask("POST", "/api/calls/reject", R"({"callId":"c2"})"), "Call rejected"));
  CHECK(std::get<command::reject>(got).call == call_id{"c2"});
  CHECK(has(ask("POST", "/api/calls/end", R"({"callId":"c3"})"), "Call ended"));
  CHECK(std::get<command::end>(got).call == call_id{"c3"});
}

TEST_CASE("bad bodies are refused here, with the family's words") {
  fixture f;
  asking ask{f};
  auto expect = [&](const char* path, const char* body, unsigned status, const char* message) {
    auto answer = ask("POST", path, body);
    CHECK(answer.result_int() == status);
    CHECK(has(answer, message));
  };
  expect("/api/calls/initiate", "{}", 400, "receiverId required");
  expect("/api/calls/initiate", "", 400, "\"success\":false");
  expect("/api/calls/initiate", "{\"receiverId\":", 400, "Invalid JSON");
  expect("/api/calls/initiate", R"({"receiverId":"bob","callType":"fax"})", 400,
         "Invalid callType");
  expect("/api/calls/accept", "{}", 400, "callId required");
  expect("/api/calls/end", "[1]", 400, "\"success\":false");
}

TEST_CASE("refusals of the sink have the table's status") {
  fixture f;
  error_code next{};
  f.sink.on_submit = [&](client_command, reply_to reply) { reply(next); };
  asking ask{f};
  for (auto code : {error_code::receiver_not_found, error_code::self_call, error_code::user_busy,
                    error_code::user_offline, error_code::caller_busy}) {
    next = code;
    auto answer = ask("POST", "/api/calls/initiate", R"({"receiverId":"bob","callType":"audio"})");
    CHECK(answer.result_int() == static_cast<unsigned>(describe(code).http_status));
    CHECK(has(answer, describe(code).code));
    CHECK(f.refused(code) == 1);
  }
}

TEST_CASE("history and missed pass their query on") {
  fixture f;
  query::history got;
  f.sink.on_history = [&](query::history what, reply_to reply) {
    got = std::move(what);
    reply(reply_value{call_page{{a_call()}, true}});
  };
  asking ask{f};
  auto answer = ask("GET", "/api/calls/history?type=audio&limit=7&skip=3");
  CHECK(answer.result_int() == 200);
  CHECK(has(answer, R"("direction":"outgoing")"));
  CHECK(has(answer, R"("hasMore":true)"));
  CHECK(got.user == user_id{"alice"});
  CHECK(got.type == media_type::audio);
  CHECK(got.limit == 7);
  CHECK(got.skip == 3);
  CHECK_FALSE(got.missed_only);
  CHECK(ask("GET", "/api/calls/missed").result_int() == 200);
  CHECK(got.missed_only);
  auto bad = ask("GET", "/api/calls/history?limit=0");
  CHECK(bad.result_int() == 400);
  CHECK(has(bad, "limit"));
}

TEST_CASE("DELETE hides the named call, escaped or not") {
  fixture f;
  query::hide got;
  f.sink.on_hide = [&](query::hide what, reply_to reply) {
    auto known = what.call == call_id{"c 1"};
    got = std::move(what);
    known ? reply(reply_value{}) : reply(error_code::call_not_found);
  };
  asking ask{f};
  auto answer = ask("DELETE", "/api/calls/history/c%201");
  CHECK(answer.result_int() == 200);
  CHECK(has(answer, R"("success":true)"));
  CHECK(got.user == user_id{"alice"});
  CHECK(ask("DELETE", "/api/calls/history/other").result_int() == 404);
  CHECK(ask("DELETE", "/api/calls/history/%zz").result_int() == 404);
}

TEST_CASE("ICE servers are told to who asks") {
  fixture f;
  f.settings.webrtc.stun_servers = {"stun:stun.example"};
  f.settings.webrtc.turn_url = "turn:turn.example";
  f.settings.webrtc.turn_secret = "north";
  asking ask{f};
  auto answer = ask("GET", "/api/calls/ice-servers");
  CHECK(answer.result_int() == 200);
  CHECK(answer.body().starts_with(R"({"success":true,"data":{"iceServers":[)"));
  CHECK(has(answer, "stun:stun.example"));
  CHECK(has(answer, ":alice\""));
}

TEST_CASE("costly requests have a rate of their own, which bad ones do not use up") {
  fixture f;
  f.settings.limits.costly_per_minute = 2;
  f.sink.on_submit = [](client_command, reply_to reply) { reply(reply_value{a_call()}); };
  asking ask{f};
  constexpr auto path = "/api/calls/initiate";
  for (int i = 0; i < 5; ++i)
    CHECK(ask("POST", path, "{}").result_int() == 400);
  for (int i = 0; i < 2; ++i)
    CHECK(ask("POST", path, R"({"receiverId":"bob","callType":"audio"})").result_int() == 200);
  auto answer = ask("POST", path, R"({"receiverId":"bob","callType":"audio"})");
  CHECK(answer.result_int() == 429);
  CHECK(std::stoi(std::string{answer["Retry-After"]}) > 1);
  CHECK(ask("POST", "/api/calls/accept", R"({"callId":"c"})").result_int() == 200);
}
