#include "net/routes/demo.hpp"

#include "tests/net/fixture.hpp"

#include <algorithm>

using namespace carillon;
using namespace carillon::net::test;

namespace {

struct demo {
  fixture f;
  demo() {
    f.settings.server.development = true;
    f.settings.auth.jwt_secret = fixture::secret;
  }
};

/// The text between `before` and the next quote.
std::string text_after(const std::string& body, std::string_view before) {
  auto from = body.find(before);
  REQUIRE(from != std::string::npos);
  from += before.size();
  return body.substr(from, body.find('"', from) - from);
}

constexpr auto users = "/api/demo/users";
constexpr auto session = "/api/demo/session";

} // namespace

TEST_CASE("in development mode anybody is told whom one can be") {
  demo d;
  http_client client{d.f.start()};
  auto answer = client.request("GET", users);
  CHECK(answer.result_int() == 200);
  CHECK(answer.body()
        == R"({"success":true,"data":{"users":[{"_id":"alice","username":"Alice"},)"
           R"({"_id":"bob","username":"Bob"},{"_id":"carol","username":"Carol"},)"
           R"({"_id":"dave","username":"Dave"}],"operator":"operator"}})");
  CHECK(d.f.sink.seen_users().empty());
}

TEST_CASE("otherwise there is no such path") {
  auto missing = [](bool development, const char* secret) {
    fixture f;
    f.settings.server.development = development;
    f.settings.auth.jwt_secret = secret;
    CHECK_FALSE(net::routes::has_demo(f.settings));
    http_client client{f.start()};
    CHECK(client.request("GET", users).result_int() == 404);
    auto answer = client.request("POST", session, R"({"user":"alice"})");
    CHECK(answer.result_int() == 404);
    CHECK(answer.body().find("route_not_found") != std::string::npos);
    CHECK(f.sink.seen_users().empty());
  };
  missing(false, fixture::secret);
  missing(true, ""); // tokens are made by whoever holds the private key
}

TEST_CASE("a demo user gets a token that the server takes, and all of them become known") {
  demo d;
  std::vector<identity> seen;
  d.f.sink.on_seen = [&](identity who, reply_to reply) {
    seen.push_back(who);
    reply(reply_value{fake_sink::make_user(who)});
  };
  d.f.sink.on_history = [](query::history, reply_to reply) { reply(reply_value{call_page{}}); };
  http_client client{d.f.start()};
  auto answer = client.request("POST", session, R"({"user":"bob"})");
  CHECK(answer.result_int() == 200);
  CHECK(answer.body().starts_with(R"({"success":true,"message":"Signed in","data":{"token":")"));
  CHECK(answer.body().find(R"("user":{"_id":"bob","username":"Bob"})") != std::string::npos);
  CHECK(answer["Cache-Control"] == "no-store");
  std::vector<std::string> names;
  for (auto& one : seen) {
    names.push_back(one.claims.name);
    CHECK(one.claims.role.empty());
  }
  std::sort(names.begin(), names.end());
  CHECK(names == std::vector<std::string>{"Alice", "Bob", "Carol", "Dave"});

  auto bearer = "Bearer " + text_after(answer.body(), R"("token":")");
  auto history = client.request("GET", "/api/calls/history", {}, {{"Authorization", bearer}});
  CHECK(history.result_int() == 200);
  CHECK(seen.back().user == user_id{"bob"});
  CHECK(seen.back().claims.name == "Bob");
  // No administrator.
  CHECK(client.request("GET", "/api/ops/overview", {}, {{"Authorization", bearer}}).result_int()
        == 403);
}

TEST_CASE("the demo operator's token is an administrator's, for twelve hours") {
  demo d;
  http_client client{d.f.start()};
  auto before = d.f.time.now();
  auto answer = client.request("POST", session, R"({"user":"operator"})");
  auto after = d.f.time.now();
  REQUIRE(answer.result_int() == 200);
  auto expires_at = text_after(answer.body(), R"("expiresAt":")");
  CHECK(expires_at >= to_iso8601(before + std::chrono::hours{12}));
  CHECK(expires_at <= to_iso8601(after + std::chrono::hours{12}));
  auto bearer = "Bearer " + text_after(answer.body(), R"("token":")");
  CHECK(client.request("GET", "/api/ops/overview", {}, {{"Authorization", bearer}}).result_int()
        == 200);
}

TEST_CASE("nobody else can be had without a token") {
  demo d;
  http_client client{d.f.start()};
  for (auto body : {R"({"user":"mallory"})", R"({"user":"Alice"})", R"({"user":7})", "{}"}) {
    auto answer = client.request("POST", session, body);
    CHECK(answer.result_int() == 400);
    CHECK(answer.body().find(R"("code":"invalid_field")") != std::string::npos);
  }
  CHECK(client.request("POST", session, "x").result_int() == 400);
  CHECK(client.request("GET", session).result_int() == 405);
  CHECK(d.f.sink.seen_users().empty());
}

TEST_CASE("a sign-in waits until its user is known") {
  demo d;
  d.f.sink.on_seen = [](identity, reply_to reply) { reply(error_code::store_unavailable); };
  http_client client{d.f.start()};
  auto answer = client.request("POST", session, R"({"user":"alice"})");
  CHECK(answer.result_int() == 503);
  CHECK(answer.body().find("token") == std::string::npos);
}
