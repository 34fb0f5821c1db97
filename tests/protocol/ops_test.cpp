#include "protocol/dialects/ops.hpp"

#include "tests/catch.hpp"
#include "tests/protocol/user_samples.hpp"

using namespace carillon;

namespace {

std::string ids(std::string_view query) {
  auto what = ops::decode_people(query);
  if (!what)
    return std::string{describe(what.error().code).code} + " " + what.error().detail;
  std::string all;
  for (const auto& id : what->ids)
    all += "[" + id.str() + "]";
  return all;
}

} // namespace

TEST_CASE("ids that are asked for", "[ops]") {
  CHECK(ids("ids=alice") == "[alice]");
  CHECK(ids("ids=alice,b%2Cob,%C3%A4") == "[alice][b,ob][\xC3\xA4]");
  CHECK(ids("x=1&ids=a&ids=b,c") == "[b][c]");
  for (const auto* bad : {"", "ids", "ids=", "ids=a,", "ids=,a", "ids=a%20b", "ids=%zz", "id=a"})
    CHECK(ids(bad) == "invalid_query ids");
  std::string many = "ids=u";
  for (int i = 1; i < 100; ++i)
    many += ",u";
  CHECK(ids(many).size() == 300);
  CHECK(ids(many + ",u") == "invalid_query ids");
}

TEST_CASE("what calls are asked for", "[ops]") {
  auto all = ops::decode_calls("");
  REQUIRE(all);
  CHECK_FALSE(all->user);
  CHECK(all->limit == 100);
  auto some = ops::decode_calls("user=bob&limit=500&other=1");
  REQUIRE(some);
  CHECK(some->user == user_id{"bob"});
  CHECK(some->limit == 500);
  for (const auto* bad : {"user=", "user=a%20b", "limit=0", "limit=501", "limit=x"})
    CHECK(ops::decode_calls(bad).error().code == error_code::invalid_query);
}

TEST_CASE("who is to sign in by name", "[ops]") {
  CHECK(ops::decode_demo(R"({"user":"alice"})").value() == user_id{"alice"});
  for (const auto* bad : {"", "{}", R"({"user":""})", R"({"user":1})", R"({"user":"a b"})"})
    CHECK(ops::decode_demo(bad).error().code == error_code::invalid_field);
  CHECK(ops::decode_demo("{").error().code == error_code::invalid_json);
}

TEST_CASE("people in an answer", "[ops]") {
  CHECK(ops::encode_people({}) == R"({"success":true,"data":[]})");
  CHECK(ops::encode_people({{samples::alice_view}})
        == R"({"success":true,"data":[{"_id":"alice","username":"Alice","email":"alice@x.org",)"
           R"("images":["https://x.org/a.png"],"isOnline":true}]})");
}

TEST_CASE("cards in an answer", "[ops]") {
  call_card card;
  card.call = call_id{"s1"};
  card.kind = call_kind::session;
  card.status = call_status::waiting;
  card.people = {user_id{"alice"}, user_id{"bob"}};
  card.created_at = from_epoch_ms(0);
  card.in = 2;
  card.away = 1;
  auto over = card;
  over.state = call_state::ended;
  over.status = call_status::ended;
  over.reason = end_reason::last_left;
  over.started_at = from_epoch_ms(1);
  over.ended_at = from_epoch_ms(2);
  over.people.resize(1);
  CHECK(ops::encode_calls({{{card, {"Alice", "bob"}}}, {{over, {"Alice"}}}, 7})
        == R"({"success":true,"data":{"live":[{"callId":"s1","kind":"session","state":"waiting",)"
           R"("status":"waiting","reason":null,"people":[{"userId":"alice","username":"Alice"},)"
           R"({"userId":"bob","username":"bob"}],"createdAt":"1970-01-01T00:00:00.000Z",)"
           R"("startedAt":null,"endedAt":null,"in":2,"away":1}],)"
           R"("ended":[{"callId":"s1","kind":"session","state":"ended","status":"ended",)"
           R"("reason":"last-left","people":[{"userId":"alice","username":"Alice"}],)"
           R"("createdAt":"1970-01-01T00:00:00.000Z","startedAt":"1970-01-01T00:00:00.001Z",)"
           R"("endedAt":"1970-01-01T00:00:00.002Z","in":2,"away":1}],"liveInAll":7}})");
}

TEST_CASE("a timeline in an answer", "[ops]") {
  timeline told;
  told.call = call_id{"c1"};
  auto text =
      std::make_shared<const timeline_text>(timeline_text{told.call, {}, pack(told)});
  auto answer = ops::encode_timeline_answer({text, true}).value();
  CHECK(answer.starts_with(R"({"success":true,"data":{"live":true,"callId":"c1","kind":)"));
  CHECK(answer.ends_with("\"steps\":[]}}"));
  CHECK(ops::encode_timeline_answer({text, false}).value().find("\"live\":false") != std::string::npos);
  text = std::make_shared<const timeline_text>(timeline_text{told.call, {}, "no timeline"});
  CHECK(ops::encode_timeline_answer({text, false}).error().code == error_code::internal);
}
