#include "tests/net/fixture.hpp"

using namespace carillon;
using namespace carillon::net::test;

namespace {

/// A sink that keeps what it was asked and answers with `next`.
struct scripted {
  fixture f;
  std::vector<client_query> asked;
  result<reply_value> next = reply_value{};

  scripted() {
    f.settings.auth.admin_users = {"ada"};
    f.sink.on_ask = [this](client_query what, reply_to reply) {
      asked.push_back(std::move(what));
      reply(next);
    };
  }

  template <class Query>
  const Query& query_at(std::size_t index) const {
    REQUIRE(asked.size() > index);
    REQUIRE(std::holds_alternative<Query>(asked[index]));
    return std::get<Query>(asked[index]);
  }
};

struct asking {
  http_client client;
  std::string bearer;

  asking(fixture& f, const char* who)
    : client(f.start())
    , bearer(f.bearer(who)) {}

  http_client::response operator()(const char* path) {
    return client.request("GET", path, {}, {{"Authorization", bearer}});
  }
};

timeline_answer past() {
  return {std::make_shared<const timeline_text>(
              timeline_text{call_id{"c1"}, {}, "direct active none 0 - - 0\nalice\n"}),
          false};
}

constexpr const char* paths[] = {"/api/ops/overview", "/api/ops/calls",
                                 "/api/ops/calls/c1/timeline"};

} // namespace

TEST_CASE("the operators' routes are for administrators only") {
  scripted s;
  asking ask{s.f, "bob"};
  for (auto* path : paths) {
    auto answer = ask(path);
    CHECK(answer.result_int() == 403);
    CHECK(answer.body()
          == R"({"success":false,"message":"Not authorized","code":"not_authorized"})");
    CHECK(ask.client.request("GET", path).result_int() == 401);
  }
  CHECK(s.asked.empty());
  CHECK(s.f.refused(error_code::not_authorized) == 3);
}

TEST_CASE("a token with the role is an administrator's as well") {
  scripted s;
  http_client client{s.f.start()};
  identity who{user_id{"carol"}, {"Carol", {}, {}, "admin"}};
  auto token = make_token(fixture::secret, who, s.f.time.now(), seconds{60});
  auto answer =
      client.request("GET", "/api/ops/overview", {}, {{"Authorization", "Bearer " + token}});
  CHECK(answer.result_int() == 200);
}

TEST_CASE("the overview has the figures of now, and the beats since the one that is named") {
  scripted s;
  s.f.counts.now.calls[0][1] = 3;
  asking ask{s.f, "ada"};
  auto answer = ask("/api/ops/overview");
  CHECK(answer.result_int() == 200);
  CHECK(answer.body().starts_with(R"({"success":true,"data":{"beat":)"));
  CHECK(answer.body().find(R"("active":3,)") != std::string::npos);
  CHECK(answer.body().find(R"("series":{"at":[)") != std::string::npos);
  CHECK(ask("/api/ops/overview?since=12").result_int() == 200);
  for (auto path : {"/api/ops/overview?since=x", "/api/ops/overview?since=-1",
                    "/api/ops/overview?since=1.5", "/api/ops/overview?since="}) {
    auto refused = ask(path);
    CHECK(refused.result_int() == 400);
    CHECK(refused.body().find("Invalid query parameter: since") != std::string::npos);
  }
}

TEST_CASE("calls are asked for as the query says") {
  scripted s;
  s.next = reply_value{card_list{}};
  asking ask{s.f, "ada"};
  CHECK(ask("/api/ops/calls?limit=7").result_int() == 200);
  CHECK(s.query_at<query::calls>(0).limit == 7);
  CHECK_FALSE(s.query_at<query::calls>(0).user);
  auto of_bob = ask("/api/ops/calls?user=bob");
  CHECK(of_bob.body().starts_with(R"({"success":true,"data":{"live":[])"));
  CHECK(s.query_at<query::calls>(1).user == user_id{"bob"});
  CHECK(ask("/api/ops/calls?limit=0").result_int() == 400);
  CHECK(s.asked.size() == 2);
}

TEST_CASE("a timeline is asked for by the call's id") {
  scripted s;
  s.next = reply_value{past()};
  asking ask{s.f, "ada"};
  auto answer = ask("/api/ops/calls/c%311/timeline");
  CHECK(answer.result_int() == 200);
  CHECK(answer.body().find(R"("callId":"c1")") != std::string::npos);
  CHECK(s.query_at<query::timeline_of>(0).call == call_id{"c11"});
  CHECK(s.asked.size() == 1);
}

TEST_CASE("a call that nobody knows, or that none can be, is not found") {
  scripted s;
  s.next = error_code::call_not_found;
  asking ask{s.f, "ada"};
  auto answer = ask("/api/ops/calls/c1/timeline");
  CHECK(answer.result_int() == 404);
  CHECK(answer.body().find("call_not_found") != std::string::npos);
  CHECK(s.asked.size() == 1);
  CHECK(ask("/api/ops/calls/a%20b/timeline").result_int() == 404);
  CHECK(s.asked.size() == 1);
}

TEST_CASE("a store that is away is told") {
  scripted s;
  s.next = error_code::store_unavailable;
  asking ask{s.f, "ada"};
  for (auto* path : {"/api/ops/calls?user=bob", "/api/ops/calls/c1/timeline"}) {
    auto answer = ask(path);
    CHECK(answer.result_int() == 503);
    CHECK(answer["Retry-After"] == "1");
  }
}
