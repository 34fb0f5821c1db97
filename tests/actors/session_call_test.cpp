#include "tests/actors/meeting.hpp"

#include <algorithm>

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

/// Alice and Bob are in, Carol is invited.
struct talk {
  explicit talk(actors::engine_settings how = {})
    : m(how) {
    REQUIRE(m.join(alice, id).ok());
    REQUIRE(m.join(bob, id).ok());
  }

  meeting m;
  device_ptr alice = m.connect("a1");
  device_ptr bob = m.connect("b1");
  device_ptr carol = m.connect("c1");
  call_id id = m.open('a', "bc");
};

} // namespace

TEST_CASE("a session runs from the invitation to the history", "[session_call]") {
  talk t;
  CHECK(since(t.alice, 1) == strings{"call_session_joined", "user_joined_call"});
  CHECK(since(t.bob, 1) == strings{"call_invitation", "call_session_joined"});
  CHECK(values_of(t.bob->last("call_session_joined"), "userId") == strings{"alice", "bob"});
  CHECK(t.alice->last("call_session_joined").find("\"iceServers\":[") != std::string::npos);
  CHECK(t.alice->in_call);
  CHECK_FALSE(t.carol->in_call);
  CHECK(t.m.record('a', t.id).status == call_status::active);

  REQUIRE(t.m.relay(t.bob, t.id, "a1", R"({"sdp":" x"})").ok());
  CHECK(t.alice->last("webrtc_offer").find(R"("offer":{"sdp":" x"})") != std::string::npos);
  CHECK(values_of(t.alice->last("webrtc_offer"), "fromSocketId") == strings{"b1"});

  REQUIRE(t.m.w.ask(t.bob, command::set_media{in_session(t.bob), t.id, {}, {}, true}).ok());
  CHECK(values_of(t.alice->last("media_state_changed"), "isScreenSharing") == strings{"true"});

  t.m.w.run(seconds{60});
  REQUIRE(t.m.leave(t.bob, t.id).ok());
  CHECK(t.alice->names.back() == "user_left_call");
  CHECK_FALSE(t.bob->in_call);
  t.m.w.run(seconds{30});
  REQUIRE(t.m.leave(t.alice, t.id).ok());
  for (const auto& one : {t.alice, t.bob, t.carol})
    CHECK(one->names.back() == "call_session_ended");
  CHECK(values_of(t.carol->last("call_session_ended"), "reason") == strings{"last-left"});

  for (auto who : {'a', 'b', 'c'}) {
    auto page = t.m.sessions(who);
    REQUIRE(page.ok());
    const auto& found = std::get<call_page>(*page);
    REQUIRE(found.calls.size() == 1);
    CHECK(found.total == 1);
    const auto& session = found.calls[0].call;
    CHECK(session.status == call_status::ended);
    CHECK(session.duration_s == 90);
    CHECK(session.people[1].present >= seconds{60});
    CHECK(session.people[1].present < seconds{61});
    CHECK(found.calls[0].users[2].user->display_name() == "carol's name");
  }
  CHECK(std::get<call_page>(*t.m.sessions('d')).calls.empty());
}

TEST_CASE("who joins is told of the servers, with credentials of its own", "[session_call]") {
  actors::engine_settings how;
  how.ice.stun_servers = {"stun:here"};
  how.ice.turn_url = "turn:there";
  how.ice.turn_secret = "secret";
  talk t{how};
  for (const auto& one : {t.alice, t.bob}) {
    auto text = one->last("call_session_joined");
    CHECK(text.find("stun:here") != std::string::npos);
    auto names = values_of(text, "username");
    auto mine = ':' + one->who.user.str();
    CHECK(std::any_of(names.begin(), names.end(),
                      [&](const std::string& name) { return name.ends_with(mine); }));
  }
}

TEST_CASE("the leg moves to the device that joins", "[session_call]") {
  talk t;
  auto laptop = t.m.connect("b2");
  auto heard = t.alice->names.size();
  REQUIRE(t.m.join(laptop, t.id).ok());
  CHECK(since(t.alice, heard) == strings{"user_joined_call"});
  auto news = t.alice->last("user_joined_call");
  CHECK(values_of(news, "socketId") == strings{"b2"});
  CHECK(values_of(news, "previousSocketId") == strings{"b1"});
  CHECK(t.bob->names.back() == "call_answered_elsewhere");
  CHECK(laptop->in_call);
  CHECK_FALSE(t.bob->in_call);
  CHECK(word_of(t.m.relay(t.bob, t.id, "a1")) == "not_authorized");
  CHECK(word_of(t.m.leave(t.bob, t.id)) == "not_authorized");
  CHECK(t.m.relay(laptop, t.id, "a1").ok());
  CHECK(word_of(t.m.relay(t.alice, t.id, "b1")) == "target_not_in_session");
}

TEST_CASE("a reload is a move: the leg waits for the grace", "[session_call]") {
  talk t;
  t.m.w.disconnect(t.bob);
  auto heard = t.alice->names.size();
  CHECK(word_of(t.m.relay(t.alice, t.id, "b1")) == "target_not_in_session");

  SECTION("a new device of the user takes it") {
    t.m.w.run(seconds{29});
    auto again = t.m.connect("b2");
    CHECK(again->names == strings{"callState", "call_session_joined"});
    CHECK(again->in_call);
    CHECK(since(t.alice, heard) == strings{"user_joined_call"});
    CHECK(values_of(t.alice->last("user_joined_call"), "previousSocketId") == strings{"b1"});
    t.m.w.run(seconds{31});
    CHECK(t.alice->count("user_left_call") == 0);
  }
  SECTION("nobody comes") {
    t.m.w.run(seconds{31});
    CHECK(since(t.alice, heard) == strings{"user_left_call"});
    CHECK(values_of(t.alice->last("user_left_call"), "reason") == strings{"connection-lost"});
    auto late = t.m.connect("b2");
    CHECK(late->names == strings{"callState"});
    CHECK(t.m.join(late, t.id).ok());
    CHECK(t.alice->names.back() == "user_joined_call");
  }
  SECTION("nobody comes, and all the others are gone") {
    REQUIRE(t.m.leave(t.alice, t.id).ok());
    t.m.w.run(seconds{31});
    CHECK(values_of(t.carol->last("call_session_ended"), "reason") == strings{"connection-lost"});
    CHECK(values_of(t.carol->last("call_session_ended"), "endedBy") == strings{"bob"});
  }
}

TEST_CASE("a socket that resumes has its leg as before", "[session_call]") {
  talk t;
  t.m.w.lose(t.bob);
  auto heard = t.alice->names.size();
  SECTION("within the grace nobody is told") {
    REQUIRE(t.m.relay(t.alice, t.id, "b1", "1").ok());
    auto again = t.m.w.resume(t.bob, "b2");
    CHECK(again->welcome().recovered);
    CHECK(again->names == strings{"webrtc_offer", "callState"});
    CHECK(again->in_call);
    CHECK(since(t.alice, heard).empty());
    t.m.w.run(seconds{31});
    CHECK(t.m.relay(again, t.id, "a1").ok());
  }
  SECTION("after it the socket hears that it left") {
    t.m.w.run(seconds{31});
    auto again = t.m.w.resume(t.bob, "b2");
    CHECK(again->names == strings{"user_left_call", "callState"});
    CHECK_FALSE(again->in_call);
  }
  SECTION("it hears of the end") {
    REQUIRE(t.m.end('a', t.id).ok());
    auto again = t.m.w.resume(t.bob, "b2");
    CHECK(again->names == strings{"call_session_ended", "callState"});
  }
}

TEST_CASE("a lost socket is relayed to for as long as it may resume", "[session_call]") {
  actors::engine_settings how;
  how.calls.reconnect_grace = seconds{300};
  talk t{how};
  t.m.w.lose(t.bob);
  t.m.w.run(seconds{119});
  CHECK(t.m.relay(t.alice, t.id, "b1").ok());
  t.m.w.run(seconds{60});
  CHECK(word_of(t.m.relay(t.alice, t.id, "b1")) == "target_not_in_session");
  CHECK(t.alice->count("user_left_call") == 0);
}

TEST_CASE("a session to which nobody came ends with the ring timeout", "[session_call]") {
  meeting m;
  auto at_rest = m.w.running_actors();
  auto bob = m.connect("b1");
  m.know("ac");
  auto id = m.open('a', "bc");
  m.w.run(seconds{44});
  CHECK(bob->count("call_session_ended") == 0);
  m.w.run(seconds{2});
  auto end = bob->last("call_session_ended");
  CHECK(values_of(end, "reason") == strings{"no-answer"});
  CHECK(values_of(end, "endedBy") == strings{"null"});
  CHECK(word_of(m.join(bob, id)) == "call_not_found");
  CHECK(m.details('c', id).view.call.people[1].invited == invitation::expired);
  m.w.disconnect(bob);
  CHECK(m.w.running_actors() == at_rest);
}

TEST_CASE("a session ends with the call timeout", "[session_call]") {
  actors::engine_settings how;
  how.calls.session_timeout = std::chrono::minutes{2};
  talk t{how};
  t.m.w.run(seconds{119});
  CHECK(t.alice->count("call_session_ended") == 0);
  t.m.w.run(seconds{2});
  CHECK(values_of(t.alice->last("call_session_ended"), "reason") == strings{"timeout"});
  CHECK(values_of(t.alice->last("call_session_ended"), "duration") == strings{"120"});
}

TEST_CASE("the initiator and admins end a session", "[session_call]") {
  talk t;
  CHECK(word_of(t.m.end('b', t.id)) == "not_authorized");
  CHECK(word_of(t.m.end('d', t.id)) == "not_authorized");
  CHECK(t.alice->count("call_session_ended") == 0);
  char by = 'a';
  SECTION("the initiator") { REQUIRE(t.m.end(by, t.id).ok()); }
  SECTION("the initiator, who has left") {
    REQUIRE(t.m.leave(t.alice, t.id).ok());
    REQUIRE(t.m.end(by, t.id).ok());
  }
  SECTION("an admin, who was not named") {
    by = 'd';
    REQUIRE(t.m.end(by, t.id, true).ok());
  }
  for (const auto& one : {t.alice, t.bob, t.carol}) {
    CHECK(one->count("call_session_ended") == 1);
    CHECK(values_of(one->last("call_session_ended"), "endedBy") == strings{user_of(by)});
    CHECK_FALSE(one->in_call);
  }
  CHECK(word_of(t.m.end('a', t.id)) == "call_not_found");
  CHECK(word_of(t.m.join(t.carol, t.id)) == "call_not_found");
}

TEST_CASE("a stranger can neither join nor receive nor send", "[session_call]") {
  talk t;
  auto dave = t.m.connect("d1");
  CHECK(word_of(t.m.join(dave, t.id)) == "not_invited");
  CHECK(word_of(t.m.relay(dave, t.id, "a1")) == "not_authorized");
  CHECK(word_of(t.m.relay(t.carol, t.id, "a1")) == "not_authorized"); // has not joined
  CHECK(word_of(t.m.relay(t.alice, t.id, "d1")) == "target_not_in_session");
  CHECK(word_of(t.m.leave(dave, t.id)) == "not_authorized");
  CHECK(word_of(t.m.w.read(query::details{user_id{"dave"}, false, t.id})) == "not_invited");
  CHECK(t.m.w.read(query::details{user_id{"dave"}, true, t.id}).ok());
  REQUIRE(t.m.end('a', t.id).ok());
  CHECK(dave->names == strings{"callState"});
}

TEST_CASE("each family finds only its own calls", "[session_call]") {
  talk t;
  auto erin = t.m.connect("e1");
  auto dave = t.m.connect("d1");
  auto direct = t.m.w.call(dave, "erin");
  CHECK(word_of(t.m.w.ask(t.alice, command::end{t.alice->who, t.id})) == "call_not_found");
  CHECK(word_of(t.m.join(erin, direct)) == "call_not_found");
  CHECK(word_of(t.m.end('d', direct)) == "call_not_found");
  CHECK(word_of(t.m.w.read(query::details{user_id{"dave"}, false, direct})) == "call_not_found");
  REQUIRE(t.m.w.ask(dave, command::end{dave->who, direct}).ok());
  CHECK(word_of(t.m.end('d', direct)) == "call_not_found");
  CHECK(t.alice->count("call_session_ended") == 0);
  REQUIRE(t.m.end('a', t.id).ok());
  CHECK(word_of(t.m.w.ask(t.alice, command::end{t.alice->who, t.id})) == "call_not_found");
}
