#include "tests/net/fixture.hpp"

using namespace carillon;
using namespace carillon::net::test;

namespace {

constexpr auto path = "/api/v1/stream/token";

struct asking {
  http_client client;
  std::string bearer;

  explicit asking(fixture& f)
    : client(f.start())
    , bearer(f.bearer("alice")) {}

  http_client::response operator()(const char* method = "POST", const char* at = path) {
    return client.request(method, at, "", {{"Authorization", bearer}});
  }
};

} // namespace

TEST_CASE("a Stream token of an hour is given to who asks") {
  fixture f;
  f.settings.stream.api_secret = "north";
  client_query got;
  f.sink.on_ask = [&](client_query what, reply_to reply) {
    got = std::move(what);
    reply(reply_value{stream_token{"a.b.c", from_epoch_ms(1762857000000)}});
  };
  asking ask{f};
  auto answer = ask();
  CHECK(answer.result_int() == 200);
  CHECK(answer.body()
        == R"({"success":true,"data":{"token":"a.b.c","userId":"alice",)"
           R"("expiresAt":"2025-11-11T10:30:00.000Z"},"message":"Token generated successfully"})");
  REQUIRE(std::holds_alternative<query::stream_token>(got));
  CHECK(std::get<query::stream_token>(got).user == user_id{"alice"});
  CHECK(std::get<query::stream_token>(got).ttl == seconds{3600});
}

TEST_CASE("without a secret the token route names the setting, before the sink") {
  fixture f;
  asking ask{f};
  auto answer = ask();
  CHECK(answer.result_int() == 503);
  CHECK(answer.body()
        == R"({"success":false,"message":"Failed to generate video call token",)"
           R"("error":"stream.api_secret is not set","code":"stream_not_configured"})");
  CHECK(f.refused(error_code::stream_not_configured) == 1);
}

TEST_CASE("refusals of the token route are in its envelope") {
  fixture f;
  f.settings.stream.api_secret = "north";
  f.settings.limits.costly_per_minute = 1;
  error_code next = error_code::store_unavailable;
  f.sink.on_ask = [&](client_query, reply_to reply) { reply(next); };
  asking ask{f};
  auto away = ask();
  CHECK(away.result_int() == 503);
  CHECK(away["Retry-After"] == "1");
  CHECK(away.body()
        == R"({"success":false,"message":"Failed to generate video call token",)"
           R"("error":"Storage is not available","code":"store_unavailable"})");
  auto limited = ask();
  CHECK(limited.result_int() == 429);
  CHECK(limited.body()
        == R"({"success":false,"message":"Too many requests","code":"rate_limited"})");
  ask.bearer = "Bearer no.token.this";
  auto stranger = ask();
  CHECK(stranger.result_int() == 401);
  CHECK(stranger["WWW-Authenticate"] == "Bearer");
  CHECK(stranger.body()
        == R"({"success":false,"message":"Authentication error","code":"unauthorized"})");
  CHECK(ask("GET").result_int() == 405);
  CHECK(ask("GET", "/api/v1/stream/nothing").body()
        == R"({"success":false,"message":"Not found","code":"route_not_found"})");
}
