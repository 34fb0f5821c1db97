#include "protocol/stream_webhook.hpp"
#include "protocol/verification_key.hpp"
#include "tests/config/captured_stderr.hpp"
#include "tests/net/video_asking.hpp"

#include <algorithm>

using namespace carillon;
using namespace carillon::net::test;

namespace {

/// A sink that keeps the query and answers with `next`.
void answers(fixture& f, client_query& got, result<reply_value> next) {
  f.sink.on_ask = [&got, next = std::move(next)](client_query what, reply_to reply) {
    got = std::move(what);
    reply(next);
  };
}

template <class Query>
const Query& mine(const client_query& got) {
  REQUIRE(std::holds_alternative<Query>(got));
  const auto& query = std::get<Query>(got);
  CHECK(query.user == user_id{"alice"});
  return query;
}

constexpr auto north = "a secret of Stream";

std::string signature_of(std::string_view body) {
  std::string out;
  for (char c : hmac_sha256(north, body))
    for (int shift : {4, 0})
      out += "0123456789abcdef"[(static_cast<unsigned char>(c) >> shift) & 15];
  return out;
}

constexpr std::string_view started =
    R"({"type":"call.recording_started","call_cid":"default:stand-up","egress_id":"e-1"})";

/// Webhooks to a server with a secret and a key.
struct hook {
  http_client client;

  explicit hook(fixture& f)
    : client(
        (f.settings.stream.api_secret = north, f.settings.stream.api_key = "our-key", f.start())) {}

  http_client::response operator()(std::string_view body, std::string signature,
                                   std::string key = "our-key") {
    return client.request("POST", "/video/webhook", body,
                          {{"X-Signature", std::move(signature)},
                           {"X-Webhook-Id", "w-1"},
                           {"X-Api-Key", std::move(key)}});
  }
};

} // namespace

TEST_CASE("a video token lives for a day and comes with the key") {
  fixture f;
  f.settings.stream.api_secret = north;
  f.settings.stream.api_key = "our-key";
  client_query got;
  answers(f, got, reply_value{stream_token{"a.b.c", from_epoch_ms(1762939800000)}});
  video_asking ask{f};
  auto answer = ask("POST", "/video/token");
  CHECK(answer.result_int() == 200);
  CHECK(answer.body()
        == R"({"token":"a.b.c","user_id":"alice","api_key":"our-key","expires_at":1762939800})");
  CHECK(mine<query::stream_token>(got).ttl == seconds{24 * 3600});
}

TEST_CASE("without a secret the video token route says so in the document's words") {
  fixture f;
  video_asking ask{f};
  auto answer = ask("POST", "/video/token");
  CHECK(answer.result_int() == 503);
  CHECK(answer.body()
        == R"({"error":"Failed to generate video token",)"
           R"("message":"Token generation failed: stream.api_secret is not set"})");
  CHECK(answer.count("Retry-After") == 0);
}

TEST_CASE("video tokens are costly") {
  fixture f;
  f.settings.stream.api_secret = north;
  f.settings.limits.costly_per_minute = 1;
  client_query got;
  answers(f, got, failure{error_code::store_unavailable});
  video_asking ask{f};
  auto away = ask("POST", "/video/token");
  CHECK(away.result_int() == 503);
  CHECK(has(away, "Token generation failed: Storage is not available"));
  auto limited = ask("POST", "/video/token");
  CHECK(limited.result_int() == 429);
  CHECK(has(limited, R"({"error":"Too many requests")"));
}

TEST_CASE("the asking user is told about itself") {
  fixture f;
  client_query got;
  answers(f, got, reply_value{video_samples::alice_row});
  video_asking ask{f};
  auto answer = ask("GET", "/video/user");
  CHECK(answer.result_int() == 200);
  CHECK(has(answer, R"({"user_id":"alice","api_key":null,"user_data":{"id":"alice",)"));
  mine<query::profile>(got);
  answers(f, got, reply_value{user_ptr{}});
  CHECK(ask("GET", "/video/user").result_int() == 500);
}

TEST_CASE("history and active calls are asked for and answered") {
  fixture f;
  client_query got;
  answers(f, got, reply_value{video_page{{video_samples::active()}}});
  video_asking ask{f};
  auto history = ask("GET", "/video/calls/history?limit=5&offset=7");
  CHECK(history.result_int() == 200);
  CHECK(has(history, R"("user_role":"admin")"));
  CHECK(has(history, R"("limit":5,"offset":7})"));
  CHECK(mine<query::video_history>(got).limit == 5);
  CHECK(mine<query::video_history>(got).offset == 7);
  auto active = ask("GET", "/video/calls/active");
  CHECK(active.body().starts_with(R"({"active_calls":[{"id":)"));
  mine<query::video_active>(got);
  CHECK(ask("GET", "/video/calls/history?limit=0").body()
        == R"({"error":"Invalid query parameter","message":"Invalid query parameter: limit"})");
}

TEST_CASE("where the store is away, history and active say what they failed at") {
  fixture f;
  client_query got;
  answers(f, got, failure{error_code::store_unavailable});
  video_asking ask{f};
  auto history = ask("GET", "/video/calls/history");
  CHECK(history.result_int() == 503);
  CHECK(history["Retry-After"] == "1");
  CHECK(history.body()
        == R"({"error":"Failed to get call history","message":"Storage is not available"})");
  CHECK(ask("GET", "/video/calls/active").body()
        == R"({"error":"Failed to get active calls","message":"Storage is not available"})");
  CHECK(ask("GET", "/video/calls/stats").body()
        == R"({"error":"Storage is not available","message":"Storage is not available"})");
}

TEST_CASE("one call, its recordings, invitations and figures are asked for") {
  fixture f;
  f.settings.auth.admin_users = {"alice"};
  client_query got;
  answers(f, got, reply_value{video_samples::view_of(video_samples::active())});
  video_asking ask{f};
  auto call = ask("GET", "/video/calls/stand%2Dup");
  CHECK(call.result_int() == 200);
  CHECK(has(call, R"("call_id":"stand-up","call_type":"default")"));
  CHECK(mine<query::video_call>(got).call == video_call_id("stand-up"));
  CHECK(mine<query::video_call>(got).as_admin);

  answers(f, got, reply_value{video_recordings{"stand-up", {}}});
  CHECK(ask("GET", "/video/calls/stand-up/recordings").body() == R"({"recordings":[]})");
  CHECK(mine<query::video_recordings>(got).call == video_call_id("stand-up"));
  CHECK(mine<query::video_recordings>(got).as_admin);

  answers(f, got, reply_value{std::vector<video_invitation>{}});
  CHECK(ask("GET", "/video/invitations").body() == R"({"invitations":[]})");
  CHECK(mine<query::video_invitations>(got).status == "pending");
  CHECK(ask("GET", "/video/invitations?status=all").result_int() == 200);
  CHECK_FALSE(mine<query::video_invitations>(got).status);
  CHECK(ask("GET", "/video/invitations?status=x").result_int() == 400);

  answers(f, got, reply_value{video_stats{}});
  CHECK(ask("GET", "/video/calls/stats").body().starts_with(R"({"total_calls":0,)"));
  mine<query::video_stats>(got);
}

TEST_CASE("an answer of another kind is an error of the server") {
  fixture f;
  client_query got;
  answers(f, got, reply_value{});
  video_asking ask{f};
  CHECK(ask("GET", "/video/calls/active").result_int() == 500);
  CHECK(f.refused(error_code::internal) == 1);
}

TEST_CASE("anybody may ask how the video service is") {
  fixture f;
  f.settings.stream.api_key = "our-key";
  http_client client{f.start()};
  auto answer = client.request("GET", "/video/health");
  CHECK(answer.result_int() == 200);
  CHECK(answer.body().starts_with(R"({"status":"ok","service":"video","timestamp":"20)"));
  CHECK(has(answer, R"("env":{"streamApiKey":true,"streamApiSecret":false}})"));
  // A token that is none does not matter where none is asked for.
  CHECK(client.request("GET", "/video/health", "", {{"Authorization", "Bearer x"}}).result_int()
        == 200);
  CHECK(f.sink.seen_users().empty());
}

TEST_CASE("a signed webhook about a recording reaches the sink") {
  fixture f;
  std::vector<recording_news> got;
  f.sink.on_take = [&](recording_news what, reply_to reply) {
    got.push_back(std::move(what));
    reply(reply_value{});
  };
  hook post{f};
  auto answer = post(started, signature_of(started));
  CHECK(answer.result_int() == 200);
  CHECK(answer.body() == R"({"received":true})");
  REQUIRE(got.size() == 1);
  CHECK(got[0].webhook == "w-1");
  CHECK(got[0].what.id == "e-1");
  CHECK(got[0].what.call == video_call_id("stand-up"));
  // One that is about something else is taken and forgotten.
  constexpr std::string_view other = R"({"type":"call.ended","call_cid":"default:stand-up"})";
  CHECK(post(other, signature_of(other)).body() == R"({"received":true})");
  CHECK(got.size() == 1);
}

TEST_CASE("a webhook that is not ours is refused before it is read") {
  fixture f;
  hook post{f};
  auto refused = [&](const http_client::response& answer) {
    CHECK(answer.result_int() == 401);
    CHECK(answer.body() == R"({"error":"Invalid signature","message":"Invalid signature"})");
    CHECK(answer.count("WWW-Authenticate") == 0);
  };
  refused(post(started, ""));
  refused(post(started, std::string(64, '0')));
  refused(post("{", signature_of(started)));
  refused(post(started, signature_of(started), "another-key"));
  CHECK(f.refused(error_code::bad_signature) == 4);
}

TEST_CASE("a webhook that is not ours is a line in the log") {
  fixture f;
  test::captured_stderr log;
  log::open(log::level::warn);
  hook post{f};
  CHECK(post(started, std::string(64, '0')).result_int() == 401);
  CHECK(post(started, signature_of(started), "another-key").result_int() == 401);
  log::set_level(log::level::off);
  auto text = log.text();
  CHECK(text.find(R"(level=warn event=webhook_refused why="bad signature" peer=127.0.0.1)")
        != std::string::npos);
  CHECK(text.find(R"(event=webhook_refused why="another application" peer=127.0.0.1)")
        != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

TEST_CASE("a signed webhook that makes no sense is refused") {
  fixture f;
  hook post{f};
  CHECK(post("{", signature_of("{")).body()
        == R"({"error":"Invalid JSON","message":"Invalid JSON"})");
  auto answer = post("{}", signature_of("{}"));
  CHECK(answer.result_int() == 400);
  CHECK(answer.body() == R"({"error":"Invalid field","message":"Invalid field: type"})");
}

TEST_CASE("a webhook is to be sent again while the store is away") {
  fixture f;
  f.sink.on_take = [&](recording_news, reply_to reply) { reply(error_code::store_unavailable); };
  hook post{f};
  auto answer = post(started, signature_of(started));
  CHECK(answer.result_int() == 503);
  CHECK(answer["Retry-After"] == "1");
}

TEST_CASE("without a secret no webhook is taken") {
  fixture f;
  http_client client{f.start()};
  auto answer =
      client.request("POST", "/video/webhook", started, {{"X-Signature", signature_of(started)}});
  CHECK(answer.result_int() == 503);
  CHECK(answer.body()
        == R"({"error":"Stream is not configured",)"
           R"("message":"Stream is not configured: stream.api_secret is not set"})");
  CHECK(answer.count("Retry-After") == 0);
}
