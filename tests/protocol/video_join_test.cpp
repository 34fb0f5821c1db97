#include "tests/catch.hpp"
#include "tests/protocol/video_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("everybody of the call hears who joins", "[video]") {
  video_line line{"a1", "b1", "b2", "c1"};
  line.create();
  line.hush();
  line.pass(3s);
  CHECK(line.enter("b1") == "ok");
  for (auto device : {"a1", "b1", "b2", "c1"})
    CHECK(line.heard(device) == words{"in bob v2"});
  const auto& bob = line.person("b");
  CHECK(bob.joined_at == line.now());
  CHECK(bob.entered_at == line.now());
  CHECK(bob.device == device_id{"b1"});
  CHECK(bob.invited == invitation::accepted);
  CHECK(bob.responded_at == line.now());
  CHECK_FALSE(bob.lease_until);
  CHECK(bob.version == 2);
  CHECK(line.record().status == call_status::created); // until the creator says otherwise
  CHECK_FALSE(line.record().started_at);
  CHECK(line.record().call_deadline); // Carol has not answered
  const auto& told = std::get<event::video_joined>(line.last().events[0].what);
  CHECK(told.who == bob);
  CHECK(told.name == "bob");
  CHECK(told.call->count_in() == 1);
  CHECK(line.last().newcomers.empty());
  CHECK(line.last().reply->value() == line.record());
}

TEST_CASE("a call with members is nothing to others", "[video]") {
  video_line line{"a1", "z1"};
  line.create();
  line.hush();
  CHECK(line.enter("z1") == "call_not_found");
  CHECK(line.enter("zoe") == "call_not_found");
  CHECK(line.silent());
  CHECK(line.enter("alice") == "ok");
  CHECK(line.person("a").invited == invitation::none);
}

TEST_CASE("an admin of the server may join any call", "[video]") {
  video_line line{"a1", "z1"};
  line.create();
  line.hush();
  CHECK(line.enter("zoe", true) == "ok");
  CHECK(line.heard("a1") == words{"in zoe v2"});
  CHECK(line.person("z").invited == invitation::none);
  CHECK(line.leave("zoe") == "ok");
  CHECK(line.record().users().size() == 4);
}

TEST_CASE("an admin of the server sees any call, and is refused as who sees it", "[video]") {
  video_line line{"a1", "z1"};
  line.create();
  line.hush();
  auto ask = [&](bool as_admin) {
    return words{line.set("zoe", call_status::active, as_admin), line.leave("zoe", as_admin),
                 line.accept("zoe", as_admin), line.decline("zoe", as_admin)};
  };
  CHECK(ask(false) == words(4, "call_not_found"));
  CHECK(ask(true)
        == words{"not_authorized", "not_in_call", "not_invited_to_call", "not_invited_to_call"});
  CHECK(line.silent());
  line.set("alice", call_status::ended);
  CHECK(ask(true)
        == words{"not_authorized", "not_in_call", "not_invited_to_call", "not_invited_to_call"});
}

TEST_CASE("any user may join an open call, and belongs to it from then on", "[video]") {
  auto facts = facts_with("b");
  facts.type = video_call_type::livestream;
  video_line line{{"a1", "b1", "z1", "z2"}, facts};
  line.create();
  line.enter("b1");
  line.hush();
  CHECK(line.enter("z1") == "ok");
  REQUIRE(line.last().newcomers.size() == 1);
  CHECK(line.last().newcomers[0].user->id == user_of("z"));
  CHECK(line.record().users() == std::vector{user_of("a"), user_of("b"), user_of("z")});
  CHECK(line.person("z").role == participant_role::participant);
  CHECK(line.person("z").invited == invitation::none);
  for (auto device : {"a1", "b1", "z1", "z2"})
    CHECK(line.heard(device) == words{"in zoe v3"});
  auto summary = line.machine().summary_for(user_of("z"));
  CHECK(summary.joined);
  CHECK(summary.device == device_id{"z1"});
  line.leave("z1");
  line.hush();
  line.leave("b1");
  CHECK(line.heard("z2").size() == 2); // hears what comes, although it has left
}

TEST_CASE("joining twice changes nothing", "[video]") {
  video_line line{"a1", "b1", "b2"};
  line.create();
  line.enter("b1");
  line.hush();
  line.pass(5s);
  auto count = line.written().size();
  CHECK(line.enter("b1") == "ok");
  CHECK(line.enter("bob") == "ok");
  CHECK(line.written().size() == count);
  CHECK(line.last().reply->value() == line.record());

  SECTION("but another device gets the leg, without a word") {
    CHECK(line.enter("b2") == "ok");
    CHECK(line.person("b").device == device_id{"b2"});
    CHECK(line.person("b").entered_at == line.now() - 5s);
    line.detach("b1");
    CHECK_FALSE(line.machine().summary_for(user_of("b")).device.empty());
  }
  CHECK(line.silent());
}

TEST_CASE("who comes back has the first join, and the stays add up", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.enter("a1");
  line.enter("b1");
  auto begin = line.now();
  line.pass(10s + 400ms);
  line.leave("b1");
  CHECK(line.person("b").left_at == line.now());
  CHECK(line.person("b").present == 10'400ms);
  line.pass(20s);
  CHECK(line.enter("b1") == "ok");
  CHECK(line.person("b").joined_at == begin);
  CHECK(line.person("b").entered_at == line.now());
  CHECK_FALSE(line.person("b").left_at);
  CHECK(line.person("b").responded_at == begin);
  line.pass(5s + 700ms);
  line.leave("b1");
  CHECK(line.person("b").present == 16'100ms);
  CHECK(line.person("b").joined_at == begin);
}

TEST_CASE("no more are in than there are seats", "[video]") {
  auto facts = facts_with("");
  facts.seats = 2;
  video_line line{{"a1", "b1", "c1"}, facts};
  line.create();
  line.enter("b1");
  line.enter("a1");
  line.hush();
  CHECK(line.enter("c1") == "call_full");
  CHECK(line.enter("b1") == "ok"); // is in
  CHECK(line.silent());
  CHECK(line.record().users().size() == 2);

  SECTION("leaving frees a seat") { line.leave("a1"); }
  SECTION("a lost device keeps it for the grace") {
    line.detach("a1");
    line.pass(29s);
    CHECK(line.enter("c1") == "call_full");
    line.pass(1s);
  }
  CHECK(line.enter("c1") == "ok");
}

TEST_CASE("no more than so many users ever join one call", "[video]") {
  call_settings settings;
  settings.max_people = 3;
  video_line line{{"a1"}, facts_with(""), settings};
  line.create();
  line.enter("alice");
  for (auto who : {"bob", "carol"}) {
    CHECK(line.enter(who) == "ok");
    CHECK(line.leave(who) == "ok");
  }
  CHECK(line.enter("dave") == "call_full");
  CHECK(line.enter("bob") == "ok");
}

TEST_CASE("nobody joins what is over", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.set("alice", call_status::cancelled);
  CHECK(line.enter("b1") == "call_over");
  CHECK(line.enter("alice") == "call_over");
  CHECK(line.enter("zoe") == "call_not_found");
}

TEST_CASE("joining accepts a declined and an expired invitation", "[video]") {
  video_line line{"a1", "b1", "c1"};
  line.create();
  line.decline("b1");
  line.pass(3h);
  CHECK(line.person("b").invited == invitation::declined);
  CHECK(line.person("c").invited == invitation::expired);
  for (auto who : {"b1", "c1"})
    CHECK(line.enter(who) == "ok");
  for (auto who : {"b", "c"}) {
    CHECK(line.person(who).invited == invitation::accepted);
    CHECK(line.person(who).responded_at == line.now());
  }
}

TEST_CASE("video is no reason to be busy", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.set("alice", call_status::active);
  line.enter("b1");
  line.enter("a1");
  CHECK_FALSE(line.machine().occupies(user_of("b")));
  CHECK(line.session_of(user_of("b")).in_call(device_id{"b1"}));
  CHECK(line.machine().routes().empty());
}

TEST_CASE("who is in may report of the quality", "[video]") {
  video_line line{"a1", "b1", "b2"};
  line.create();
  line.enter("b1");
  line.enter("alice");
  CHECK(line.report_quality("b1") == "ok");
  CHECK(line.report_quality("b2") == "not_authorized");
  CHECK(line.report_quality("alice") == "ok");
  CHECK(line.report_quality("bob") == "rate_limited");
  CHECK(line.report_quality("carol") == "not_authorized");
}
