#include "tests/net/fixture.hpp"

using namespace carillon;
using namespace carillon::net::test;

TEST_CASE("users are told to any user, as far as they are known") {
  fixture f;
  std::vector<user_id> asked;
  f.sink.on_ask = [&](client_query what, reply_to reply) {
    asked = std::get<query::people>(what).ids;
    user_record bob;
    bob.id = user_id{"bob"};
    bob.profile.name = "Bob";
    people_list found;
    found.users.push_back({std::make_shared<const user_record>(bob), true});
    reply(reply_value{std::move(found)});
  };
  http_client client{f.start()};
  headers alice{{"Authorization", f.bearer("alice")}};
  auto answer = client.request("GET", "/api/users?ids=bob,no%2Cbody", {}, alice);
  CHECK(answer.result_int() == 200);
  CHECK(answer.body().starts_with(R"({"success":true,"data":[{"_id":"bob","username":"Bob",)"));
  CHECK(answer.body().ends_with(R"("isOnline":true}]})"));
  REQUIRE_FALSE(asked.empty());
  CHECK(asked[0] == user_id{"bob"});
}

TEST_CASE("users are asked for by ids, with a token") {
  fixture f;
  http_client client{f.start()};
  headers alice{{"Authorization", f.bearer("alice")}};
  for (auto path : {"/api/users", "/api/users?ids="}) {
    auto answer = client.request("GET", path, {}, alice);
    CHECK(answer.result_int() == 400);
    CHECK(
        answer.body()
        == R"({"success":false,"message":"Invalid query parameter: ids","code":"invalid_query"})");
  }
  CHECK(client.request("GET", "/api/users?ids=bob").result_int() == 401);
  CHECK(client.request("POST", "/api/users", "{}", alice).result_int() == 405);
}
