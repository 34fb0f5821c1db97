#include "tests/actors/video_calls.hpp"

#include "protocol/video.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

device_ptr rest() { return std::make_shared<device>(user_id{"rest"}, device_id{}); }

/// An open call that nobody joined, and that has no actor any more.
struct resting {
  resting() {
    t.know("abc");
    t.count_services();
    id = t.create('a', "quiet");
    t.w.run(seconds{61});
    REQUIRE_FALSE(t.awake());
  }

  video_calls t;
  call_id id;
};

} // namespace

TEST_CASE("a video call to which nothing happens needs no actor", "[video_rest]") {
  video_calls t;
  t.know("ab");
  t.count_services();
  auto id = t.create('a', "quiet");
  SECTION("after a while") {
    t.w.run(seconds{58});
    CHECK(t.awake());
    t.w.run(seconds{3});
    CHECK_FALSE(t.awake());
    CHECK(t.stored(id).status == call_status::created);
    CHECK_FALSE(t.comes_back(id));
  }
  SECTION("but while somebody is in it") {
    REQUIRE(t.join('b', id).ok());
    t.w.run(seconds{200});
    CHECK(t.awake());
    CHECK(t.comes_back(id));
  }
  SECTION("but while somebody may be waited for") {
    REQUIRE(t.set_status('a', id, call_status::active).ok());
    t.w.run(seconds{200});
    CHECK(t.awake());
    CHECK(t.comes_back(id));
  }
  SECTION("but while it may have been asked for something a short time ago") {
    t.w.run(seconds{40});
    REQUIRE(t.join('b', id).ok());
    t.w.run(seconds{40});
    CHECK(t.awake());
  }
}

TEST_CASE("an invitation keeps a video call awake until it expires", "[video_rest]") {
  video_calls t;
  t.know("ab");
  t.count_services();
  auto id = t.create('a', "invited", "b");
  t.w.run(std::chrono::minutes{119}, seconds{1});
  CHECK(t.awake());
  t.w.run(std::chrono::minutes{3}, seconds{1});
  CHECK_FALSE(t.awake());
  CHECK(t.stored(id).people.back().invited == invitation::expired);
  CHECK(word_of(t.answer('b', id, true)) == "invitation_expired");
  CHECK(t.join('b', id).ok());
}

TEST_CASE("any command finds a video call that rests", "[video_rest]") {
  resting r;
  auto& t = r.t;
  auto before = t.stored(r.id);
  SECTION("to join") {
    auto joined = call_of(t.join('b', r.id)).call;
    CHECK(joined.count_in() == 1);
    CHECK(joined.version == before.version + 1);
    CHECK(joined.created_at == before.created_at);
    CHECK(t.awake());
    REQUIRE(t.leave('b', r.id).ok());
    CHECK(t.stored(r.id).status == call_status::ended);
    CHECK_FALSE(t.awake());
  }
  SECTION("to change it") {
    CHECK(call_of(t.set_status('a', r.id, call_status::cancelled)).call.status
          == call_status::cancelled);
  }
  SECTION("to create it again") {
    CHECK(call_of(t.try_create('a', "quiet")).call == before);
    CHECK(word_of(t.try_create('b', "quiet")) == "call_exists");
  }
  SECTION("and a refused one lets it rest again") {
    CHECK(word_of(t.set_status('b', r.id, call_status::ended)) == "not_authorized");
    CHECK(t.awake());
    t.w.run(seconds{62});
    CHECK_FALSE(t.awake());
  }
}

TEST_CASE("devices and a resting video call", "[video_rest]") {
  resting r;
  auto& t = r.t;
  auto alice = t.connect("a1");
  CHECK(values_of(alice->last("callState"), "callId").empty());
  REQUIRE(t.join('b', r.id).ok());
  CHECK(alice->names.back() == "call.session_participant_joined");
  CHECK(values_of(t.connect("a2")->last("callState"), "callId") == strings{"quiet"});

  SECTION("that has its people's devices again") {
    auto bob = t.connect("b1");
    REQUIRE(t.join(bob, r.id).ok());
    CHECK(bob->in_call);
    t.w.disconnect(bob);
    t.w.run(seconds{31});
    CHECK(alice->names.back() == "call.ended");
  }
  SECTION("that is joined by a device of somebody known to it") {
    REQUIRE(t.set_status('a', r.id, call_status::active).ok());
    REQUIRE(t.leave('b', r.id).ok());
    CHECK(alice->names.back() == "call.ended");
  }
}

TEST_CASE("a device joins a video call that rests", "[video_rest]") {
  resting r;
  auto alice = r.t.connect("a1");
  REQUIRE(r.t.join(alice, r.id).ok());
  CHECK(alice->names == strings{"callState", "call.session_participant_joined"});
  CHECK(alice->in_call);
  r.t.w.run(seconds{40});
  CHECK(r.t.stored(r.id).count_in() == 1);
  r.t.w.disconnect(alice);
  r.t.w.run(seconds{31});
  CHECK(r.t.stored(r.id).reason == end_reason::connection_lost);
}

TEST_CASE("commands that come while a video call is fetched keep their order", "[video_rest]") {
  resting r;
  auto ear = rest();
  r.t.w.submit(ear, command::enter_call{in_video('b'), r.id}, 1);
  r.t.w.submit(ear, command::set_status{in_video('a'), r.id, call_status::active}, 2);
  r.t.w.submit(ear, command::leave{in_video('b'), r.id}, 3);
  r.t.w.submit(ear, command::leave{in_video('b'), r.id}, 4);
  r.t.w.submit(ear, command::enter_call{in_video('c'), r.id}, 5);
  r.t.w.run();
  CHECK(call_of(ear->answers.at(1)).call.count_in() == 1);
  CHECK(call_of(ear->answers.at(2)).call.status == call_status::active);
  CHECK(call_of(ear->answers.at(3)).call.status == call_status::ended);
  CHECK(call_of(ear->answers.at(4)).call == call_of(ear->answers.at(3)).call);
  CHECK(word_of(ear->answers.at(5)) == "call_over");
}

TEST_CASE("commands are taken in order whenever they come to a video call that goes to rest",
          "[video_rest]") {
  video_calls t;
  t.know("abc");
  t.count_services();
  constexpr int moments = 24; // more than there are messages around the rest
  for (int moment = 0; moment < moments; ++moment) {
    INFO("after " << moment << " messages");
    auto id = t.create('a', "call" + std::to_string(moment));
    auto& jobs = t.w.scheduler();
    t.w.run(seconds{59});
    jobs.run();
    jobs.advance_time(seconds{2});
    for (int i = 0; i < moment; ++i)
      jobs.try_run_once();
    auto ear = rest();
    t.w.submit(ear, command::enter_call{in_video('b'), id}, 1);
    jobs.try_run_once();
    t.w.submit(ear, command::enter_call{in_video('c'), id}, 2);
    jobs.try_run_once();
    t.w.submit(ear, command::leave{in_video('b'), id}, 3);
    t.w.submit(ear, command::leave{in_video('c'), id}, 4);
    t.w.run();
    CHECK(call_of(ear->answers.at(1)).call.count_in() == 1);
    CHECK(call_of(ear->answers.at(2)).call.count_in() == 2);
    CHECK(call_of(ear->answers.at(3)).call.count_in() == 1);
    auto over = call_of(ear->answers.at(4)).call;
    CHECK(over.status == call_status::ended);
    CHECK(over.version == 6); // created, two joins, two leaves, the end: no more, no less
    CHECK(t.stored(id) == over);
    CHECK_FALSE(t.awake());
  }
}

TEST_CASE("what is asked of a video call before it is created is refused", "[video_rest]") {
  video_calls t;
  t.know("ab");
  auto ear = rest();
  auto id = video_call_id("early");
  t.w.submit(ear, command::enter_call{in_video('b'), id}, 1);
  t.w.submit(ear, t.creates('a', "early"), 2);
  t.w.submit(ear, command::enter_call{in_video('b'), id}, 3);
  t.w.submit(ear, t.creates('b', "early"), 4);
  t.w.run();
  CHECK(word_of(ear->answers.at(1)) == "call_not_found");
  CHECK(ear->answers.at(2).ok());
  CHECK(call_of(ear->answers.at(3)).call.count_in() == 1);
  CHECK(word_of(ear->answers.at(4)) == "call_exists");
  CHECK(t.stored(id).caller == user_id{"alice"});
}

TEST_CASE("a video call that is over answers from the store", "[video_rest]") {
  video_calls t;
  t.know("abc");
  t.count_services();
  auto id = t.create('a', "over", "b");
  REQUIRE(t.join('b', id).ok());
  auto left = call_of(t.leave('b', id)).call;
  REQUIRE_FALSE(t.awake());
  CHECK(call_of(t.leave('b', id)).call == left);
  CHECK(call_of(t.try_create('a', "over")).call == left);
  CHECK(word_of(t.try_create('b', "over")) == "call_exists");
  CHECK(word_of(t.join('a', id)) == "call_over");
  CHECK(word_of(t.answer('b', id, true)) == "call_over");
  CHECK(word_of(t.join('c', id)) == "call_not_found");
  CHECK(word_of(t.set_status('a', id, call_status::active)) == "invalid_status_change");
  t.w.restart();
  CHECK(call_of(t.leave('b', id)).call == left);
}

TEST_CASE("without the store no video call is fetched or created, and others go on",
          "[video_rest]") {
  resting r;
  auto& t = r.t;
  auto other = t.create('a', "lively");
  REQUIRE(t.join('b', other).ok());
  t.w.stores->away = true;
  CHECK(word_of(t.join('b', r.id)) == "store_unavailable");
  CHECK(word_of(t.join('b', r.id)) == "store_unavailable");
  CHECK(word_of(t.try_create('a', "new")) == "store_unavailable");
  CHECK(t.join('c', other).ok());
  // One of whom only the token tells.
  auto dave = t.connect("d1");
  CHECK(t.join(dave, other).ok());
  CHECK(dave->names.back() == "call.session_participant_joined");
  REQUIRE(t.leave('c', other).ok());

  t.w.stores->away = false;
  t.w.run(seconds{5});
  CHECK(t.join('b', r.id).ok());
  CHECK(t.create('a', "new") == video_call_id("new"));
  auto record = t.stored(other);
  CHECK(record.users()
        == std::vector{user_id{"alice"}, user_id{"bob"}, user_id{"carol"}, user_id{"dave"}});
  CHECK(record.count_in() == 2);
}

TEST_CASE("a flood of commands for a video call that is fetched is cut", "[video_rest]") {
  resting r;
  auto ear = rest();
  for (std::uint64_t i = 0; i < 300; ++i)
    r.t.w.submit(ear, command::set_status{in_video('b'), r.id, call_status::active}, i + 1);
  r.t.w.run();
  std::size_t served = 0;
  std::size_t cut = 0;
  for (std::uint64_t i = 0; i < 300; ++i) {
    auto word = word_of(ear->answers.at(i + 1));
    served += word == "not_authorized" ? 1 : 0;
    cut += word == "rate_limited" ? 1 : 0;
  }
  CHECK(served == 256);
  CHECK(cut == 44);
}
