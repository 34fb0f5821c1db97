#include "net/readiness.hpp"
#include "tests/net/fixture.hpp"

using namespace carillon;
using namespace carillon::net::test;

namespace {

/// Counts how often the store was looked at, and answers with `next`.
struct store {
  fixture f;
  std::atomic<int> looks{0};
  std::atomic<bool> answers{true};

  store() {
    f.sink.on_ask = [this](client_query what, reply_to reply) {
      CHECK(std::holds_alternative<query::readiness>(what));
      ++looks;
      reply(answers ? result<reply_value>{reply_value{}} : error_code::store_unavailable);
    };
  }
};

void check(const http_client::response& answer, unsigned status, const char* body) {
  CHECK(answer.result_int() == status);
  CHECK(answer.body() == body);
  CHECK(answer["Retry-After"] == (status == 503 ? "1" : ""));
}

constexpr auto ready = R"({"status":"ready"})";
constexpr auto away = R"({"status":"store_away"})";
constexpr auto draining = R"({"status":"draining"})";

} // namespace

TEST_CASE("a server that runs is alive, whatever the store does") {
  store s;
  s.answers = false;
  s.f.counts.now.store_away = true;
  s.f.counts.now.draining = true;
  http_client client{s.f.start()};
  check(client.request("GET", "/healthz"), 200, R"({"status":"ok"})");
  CHECK(client.request("HEAD", "/healthz").result_int() == 200);
  CHECK(s.looks == 0);
}

TEST_CASE("it is ready when the store answers; many who ask at once make one look") {
  store s;
  http_client client{s.f.start()};
  auto begun = std::chrono::steady_clock::now();
  check(client.request("GET", "/readyz"), 200, ready);
  CHECK(s.looks == 1);
  for (int i = 0; i < 20; ++i)
    CHECK(client.request("GET", "/readyz").result_int() == 200);
  // On however slow a machine: no more than half seconds have begun.
  CHECK(s.looks <= 1 + (std::chrono::steady_clock::now() - begun) / net::readiness::holds);
}

TEST_CASE("a store that does not answer makes it not ready") {
  store s;
  s.answers = false;
  http_client client{s.f.start()};
  check(client.request("GET", "/readyz"), 503, away);
  check(client.request("GET", "/readyz"), 503, away);
  CHECK(s.f.refused(error_code::store_unavailable) == 0); // it is a state, and no refusal
}

TEST_CASE("what is known to be away or draining is not asked for") {
  store s;
  http_client client{s.f.start()};
  s.f.counts.now.store_away = true;
  check(client.request("GET", "/readyz"), 503, away);
  s.f.counts.now.draining = true;
  check(client.request("GET", "/readyz"), 503, draining);
  CHECK(s.looks == 0);
}

TEST_CASE("actors that shut down are draining, too") {
  fixture f;
  f.sink.on_ask = [](client_query, reply_to reply) { reply(error_code::shutting_down); };
  http_client client{f.start()};
  check(client.request("GET", "/readyz"), 503, draining);
}

TEST_CASE("metrics are open to all, and charged to nobody") {
  fixture f;
  f.settings.limits.rest_per_second = 1;
  f.settings.limits.rest_burst = 1;
  http_client client{f.start()};
  for (int i = 0; i < 5; ++i) {
    auto answer = client.request("GET", "/metrics");
    CHECK(answer.result_int() == 200);
    CHECK(answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(answer.body().find("\ncarillon_connections 1\n") != std::string::npos);
    CHECK(answer.body().find("\nprocess_resident_memory_bytes ") != std::string::npos);
  }
  for (auto path : {"/metrics", "/healthz", "/readyz"})
    CHECK(client.request("POST", path, "x").result_int() == 405);
  CHECK(f.sink.seen_users().empty());
}

TEST_CASE("metrics tell what waits for Stream") {
  fixture f;
  mirror_status mirror{true};
  mirror.set_queued(7);
  mirror.set_given_up(2);
  f.mirror = &mirror;
  http_client client{f.start()};
  auto text = client.request("GET", "/metrics").body();
  CHECK(text.find("\ncarillon_stream_mirror_queued 7\n") != std::string::npos);
  CHECK(text.find("\ncarillon_stream_mirror_failed 2\n") != std::string::npos);
}
