#include "tests/actors/video_calls.hpp"

#include "protocol/video.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

result<reply_value> look(video_calls& t, char who, const call_id& id, bool as_admin = false) {
  return t.w.read(query::video_call{user_id{user_of(who)}, as_admin, id});
}

recording_news told(const std::string& webhook, const call_id& call, recording_status status) {
  recording_news news;
  news.webhook = webhook;
  news.what.id = "egress";
  news.what.call = call;
  news.what.status = status;
  news.what.url = status == recording_status::ready ? "https://example.com/1.mp4" : "";
  news.what.created_at = news.what.updated_at = from_epoch_ms(1'760'000'000'000);
  return news;
}

result<reply_value> take(video_calls& t, recording_news news) {
  auto ear = std::make_shared<device>(user_id{"stream"}, device_id{});
  t.w.sink().take(std::move(news), {ear, 3});
  t.w.run();
  REQUIRE(ear->answers.count(3) == 1);
  return ear->answers.at(3);
}

} // namespace

TEST_CASE("a video call is shown to those to whom it is something", "[video_reads]") {
  video_calls t;
  t.know("abcd");
  auto id = t.create('a', "closed", "b");
  CHECK(look(t, 'a', id).ok());
  CHECK(look(t, 'b', id).ok());
  CHECK(word_of(look(t, 'c', id)) == "call_not_found");
  CHECK(look(t, 'c', id, true).ok());
  CHECK(word_of(look(t, 'a', video_call_id("none"))) == "call_not_found");
  CHECK(look(t, 'c', t.create('a', "open")).ok());
  query::video_recordings recordings{user_id{"carol"}, false, id};
  CHECK(word_of(t.w.read(recordings)) == "call_not_found");
}

TEST_CASE("video calls are read as their users were told of them", "[video_reads]") {
  video_calls t;
  t.know("abc");
  auto id = t.create('a', "talk", "b");
  REQUIRE(t.join('a', id).ok());
  REQUIRE(t.join('b', id).ok());
  REQUIRE(t.set_status('a', id, call_status::active).ok());

  auto active = t.w.read(query::video_active{user_id{"bob"}});
  REQUIRE(active.ok());
  REQUIRE(std::get<video_page>(*active).calls.size() == 1);
  CHECK(std::get<video_page>(*active).calls[0].count_in() == 2);
  auto invitations = t.w.read(query::video_invitations{user_id{"bob"}, {}});
  REQUIRE(std::get<std::vector<video_invitation>>(*invitations).size() == 1);
  CHECK(std::get<std::vector<video_invitation>>(*invitations)[0].status == "accepted");

  t.w.run(seconds{10});
  REQUIRE(t.leave('b', id).ok());
  REQUIRE(t.leave('a', id).ok());
  auto history = t.w.read(query::video_history{user_id{"bob"}});
  REQUIRE(std::get<video_page>(*history).calls.size() == 1);
  const auto& call = std::get<video_page>(*history).calls[0];
  CHECK(call.status == call_status::ended);
  REQUIRE(call.people.size() == 1);
  CHECK(call.people[0].user == user_id{"bob"});
  CHECK(call.people[0].present >= seconds{10});
  auto stats = t.w.read(query::video_stats{user_id{"alice"}});
  CHECK(std::get<carillon::video_stats>(*stats).calls == 1);
  CHECK(std::get<carillon::video_stats>(*stats).total_s >= 10);
}

TEST_CASE("a pending invitation is one until it expires", "[video_reads]") {
  video_calls t;
  t.know("ab");
  t.create('a', "invited", "b");
  query::video_invitations pending{user_id{"bob"}, "pending"};
  CHECK(std::get<std::vector<video_invitation>>(*t.w.read(pending)).size() == 1);
  t.w.run(std::chrono::minutes{121}, seconds{1});
  CHECK(std::get<std::vector<video_invitation>>(*t.w.read(pending)).empty());
}

TEST_CASE("what Stream tells of recordings is kept", "[video_reads]") {
  video_calls t;
  t.know("a");
  auto id = t.create('a', "taped");
  REQUIRE(take(t, told("w1", id, recording_status::processing)).ok());
  REQUIRE(take(t, told("w2", id, recording_status::ready)).ok());
  REQUIRE(take(t, told("w1", id, recording_status::processing)).ok());
  REQUIRE(take(t, told("w3", video_call_id("none"), recording_status::ready)).ok());
  auto found = t.w.read(query::video_recordings{user_id{"alice"}, false, id});
  REQUIRE(found.ok());
  const auto& recordings = std::get<video_recordings>(*found);
  CHECK(recordings.call_id == "taped");
  REQUIRE(recordings.all.size() == 1);
  CHECK(recordings.all[0].status == recording_status::ready);

  SECTION("while the store is away, too") {
    t.w.stores->away = true;
    auto late = told("w4", id, recording_status::processing);
    late.what.id = "second";
    REQUIRE(take(t, late).ok());
    t.w.stores->away = false;
    t.w.run(seconds{5});
    found = t.w.read(query::video_recordings{user_id{"alice"}, false, id});
    CHECK(std::get<video_recordings>(*found).all.size() == 2);
  }
}
