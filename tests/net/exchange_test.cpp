#include "tests/net/fixture.hpp"

using namespace carillon;
using namespace carillon::net::test;

namespace {

std::string header(const http_client::response& answer, const char* name) {
  return std::string{answer[name]};
}

/// A sink whose history is empty, so that there is a route that works.
void with_history(fixture& f) {
  f.sink.on_history = [](query::history, reply_to reply) { reply(reply_value{call_page{}}); };
}

constexpr auto history = "/api/calls/history";

} // namespace

TEST_CASE("without a valid token there is nothing") {
  fixture f;
  f.settings.limits.auth_failures = 0;
  http_client client{f.start()};
  auto expired = f.token("alice", seconds{-3600});
  for (auto& value : std::vector<std::string>{"", "Bearer ", "Bearer nonsense",
                                              "Basic " + f.token("alice"), "Bearer " + expired,
                                              "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9."}) {
    auto answer = client.request("GET", history, {}, {{"Authorization", value}});
    CHECK(answer.result_int() == 401);
    CHECK(answer.body()
          == R"({"success":false,"message":"Authentication error","code":"unauthorized"})");
    CHECK(header(answer, "WWW-Authenticate") == "Bearer");
    CHECK(answer.keep_alive());
  }
  CHECK(f.sink.seen_users().empty());
}

TEST_CASE("a token is verified and its user made known once for a connection") {
  fixture f;
  with_history(f);
  auto port = f.start();
  http_client client{port};
  auto alice = f.bearer("alice");
  auto bob = f.bearer("bob");
  for (auto& who : {alice, alice, alice, bob, bob, alice})
    CHECK(client.request("GET", history, {}, {{"Authorization", who}}).result_int() == 200);
  CHECK(f.sink.seen_users() == std::vector<std::string>{"alice", "bob", "alice"});
  http_client other{port};
  CHECK(other.request("GET", history, {}, {{"Authorization", alice}}).result_int() == 200);
  CHECK(f.sink.seen_users().size() == 4);
}

TEST_CASE("a remembered token is verified again once it has expired") {
  fixture f;
  with_history(f);
  http_client client{f.start()};
  // Valid only by the leeway: it has expired, but is accepted still, each time anew.
  auto late = "Bearer " + f.token("alice", seconds{-5});
  for (int i = 0; i < 3; ++i)
    CHECK(client.request("GET", history, {}, {{"Authorization", late}}).result_int() == 200);
  CHECK(f.sink.seen_users().size() == 3);
}

TEST_CASE("too many failed authentications from an address are refused, a valid token never") {
  fixture f;
  f.settings.limits.auth_failures = 3;
  f.settings.server.trusted_proxies = {"127.0.0.0/8"};
  with_history(f);
  http_client client{f.start()};
  auto ask = [&](const std::string& authorization, const char* from) {
    return client.request("GET", history, {},
                          {{"Authorization", authorization}, {"X-Forwarded-For", from}});
  };
  for (int i = 0; i < 3; ++i)
    CHECK(ask("Bearer bad", "1.1.1.1").result_int() == 401);
  auto refused = ask("Bearer bad", "6.6.6.6, 1.1.1.1");
  CHECK(refused.result_int() == 429);
  CHECK(refused.body().find("auth_rate_limited") != std::string::npos);
  CHECK(std::stoi(header(refused, "Retry-After")) > 60);
  CHECK(ask("Bearer bad", "2.2.2.2").result_int() == 401);
  CHECK(ask(f.bearer("alice"), "1.1.1.1").result_int() == 200);
}

TEST_CASE("X-Forwarded-For of a peer that is no proxy says nothing") {
  fixture f;
  f.settings.limits.auth_failures = 1;
  http_client client{f.start()};
  auto ask = [&](const char* from) {
    return client
        .request("GET", history, {}, {{"Authorization", "Bearer x"}, {"X-Forwarded-For", from}})
        .result_int();
  };
  CHECK(ask("1.1.1.1") == 401);
  CHECK(ask("2.2.2.2") == 429);
}

TEST_CASE("requests over a user's rate are refused, on all of its connections, but never an end") {
  fixture f;
  f.settings.limits.rest_per_second = 1;
  f.settings.limits.rest_burst = 2;
  with_history(f);
  f.sink.on_submit = [](client_command, reply_to reply) { reply(error_code::call_not_found); };
  auto port = f.start();
  http_client one{port};
  http_client two{port};
  auto alice = f.bearer("alice");
  int refusals = 0;
  for (int i = 0; i < 4; ++i)
    for (auto* client : {&one, &two}) {
      auto answer = client->request("GET", history, {}, {{"Authorization", alice}});
      if (answer.result_int() == 200)
        continue;
      ++refusals;
      CHECK(answer.result_int() == 429);
      CHECK(answer.body().find("rate_limited") != std::string::npos);
      CHECK(header(answer, "Retry-After") == "1");
    }
  CHECK(refusals > 0);
  CHECK(one.request("GET", history, {}, {{"Authorization", f.bearer("bob")}}).result_int() == 200);
  for (int i = 0; i < 10; ++i)
    for (auto* path : {"/api/calls/end", "/api/calls/reject"})
      CHECK(one.request("POST", path, R"({"callId":"x"})", {{"Authorization", alice}}).result_int()
            == 404);
}

TEST_CASE("a store that is away is 503, with the seconds to wait") {
  fixture f;
  f.sink.on_history = [](query::history, reply_to reply) {
    failure why{error_code::store_unavailable};
    why.retry_after_s = 5;
    reply(why);
  };
  http_client client{f.start()};
  auto answer = client.request("GET", history, {}, {{"Authorization", f.bearer("alice")}});
  CHECK(answer.result_int() == 503);
  CHECK(header(answer, "Retry-After") == "5");
  f.sink.on_history = [](query::history, reply_to reply) { reply(error_code::shutting_down); };
  auto again = client.request("GET", history, {}, {{"Authorization", f.bearer("alice")}});
  CHECK(again.result_int() == 503);
  CHECK(header(again, "Retry-After") == "1");
}

TEST_CASE("a user that cannot be made known is told why") {
  fixture f;
  f.sink.on_seen = [](identity, reply_to reply) { reply(error_code::store_unavailable); };
  http_client client{f.start()};
  for (int i = 0; i < 2; ++i) {
    auto answer = client.request("GET", history, {}, {{"Authorization", f.bearer("alice")}});
    CHECK(answer.result_int() == 503);
  }
  CHECK(f.sink.seen_users().size() == 2);
}

TEST_CASE("answers may come late and from any thread") {
  fixture f;
  std::promise<reply_to> asked;
  auto question = asked.get_future();
  f.sink.on_history = [&](query::history, reply_to reply) { asked.set_value(std::move(reply)); };
  http_client client{f.start()};
  client.send("GET /api/calls/history HTTP/1.1\r\nHost: x\r\nAuthorization: " + f.bearer("alice")
              + "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(question.wait_for(patience) == std::future_status::ready);
  question.get()(reply_value{call_page{{}, true}});
  CHECK(client.receive().body() == R"({"success":true,"data":[],"hasMore":true})");
  CHECK(client.receive().result_int() == 200);
}

TEST_CASE("a request that the sink forgets ends as an error, and its late answer is ignored") {
  fixture f;
  f.waits.http_handling = std::chrono::milliseconds{50};
  reply_to kept;
  f.sink.on_history = [&](query::history, reply_to reply) { kept = std::move(reply); };
  http_client client{f.start()};
  auto answer = client.request("GET", history, {}, {{"Authorization", f.bearer("alice")}});
  CHECK(answer.result_int() == 500);
  kept(reply_value{call_page{}});
  kept = {};
  CHECK(client.request("GET", "/").result_int() == 200);
}

TEST_CASE("an exception in a route is a 500 and the connection goes on") {
  fixture f;
  f.sink.on_history = [](query::history, reply_to) { throw std::runtime_error{"of a test"}; };
  http_client client{f.start()};
  auto answer = client.request("GET", history, {}, {{"Authorization", f.bearer("alice")}});
  CHECK(answer.result_int() == 500);
  CHECK(answer.body() == R"({"success":false,"message":"Internal error","code":"internal_error"})");
  CHECK(client.request("GET", "/").result_int() == 200);
}
