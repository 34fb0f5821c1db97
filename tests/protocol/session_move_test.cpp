#include "tests/catch.hpp"
#include "tests/protocol/session_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

/// Alice on a1 and Bob on b1 are in; Bob has b2, too.
session_line talk() {
  session_line line{"a1", "b1", "b2", "c1"};
  line.open();
  line.join("a1");
  line.join("b1", "p");
  line.hush();
  return line;
}

} // namespace

TEST_CASE("joining on another device moves the leg", "[session]") {
  auto line = talk();
  line.pass(5s);
  CHECK(line.join("b2", "q") == "ok");
  CHECK(line.heard("b2") == words{"joined v4: a1 b2"});
  CHECK(line.heard("b1") == words{"taken by b2"});
  CHECK(line.heard("a1") == words{"user-joined b2 was b1 v4"});
  CHECK(line.silent());
  CHECK(line.person("b").device == device_id{"b2"});
  CHECK(line.person("b").peer_id == "q");
  CHECK(line.person("b").present == 0s); // the same stay
  CHECK(line.person("b").entered_at == line.now() - 5s);
  CHECK(line.leave("b1") == "not_authorized");
  CHECK(line.set("b1", {.audio = false}) == "not_authorized");
  CHECK(line.relay("b1", "a1", "1") == "not_authorized");
  CHECK(line.relay("a1", "b1", "1") == "target_not_in_session");
  CHECK(line.relay("a1", "b2", "1") == "ok");
  line.detach("b1");
  line.pass(1h - 6s);
  CHECK(line.in() == "a1 b2");
}

TEST_CASE("nobody is told of a drop before the grace is over", "[session]") {
  auto line = talk();
  line.detach("b1");
  CHECK(line.silent());
  CHECK(line.machine().next_deadline() == line.now() + 30s);
  CHECK_FALSE(line.machine().occupies(user_of("b")));
  line.pass(30s - 1ms);
  CHECK(line.silent());
  CHECK(line.in() == "a1 b1");
  line.pass(1ms);
  CHECK(line.heard("a1") == words{"user-left b1 dropped v4"});
  CHECK(line.silent());
  CHECK(line.person("b").dropped);
  CHECK(line.person("b").left_at == line.now());
  CHECK(line.person("b").present == 30s);
  CHECK(line.in() == "a1");
}

TEST_CASE("a lost leg moves to the next device that connects", "[session]") {
  auto line = talk();
  line.detach("b1");
  line.pass(10s);
  line.attach("b3");
  CHECK(line.heard("b3") == words{"states active in", "joined v4: a1 b3"});
  CHECK(line.heard("b2") == words{"taken by b3"});
  CHECK(line.heard("a1") == words{"user-joined b3 was b1 v4"});
  CHECK(line.silent());
  CHECK(line.person("b").peer_id == "p"); // until it says otherwise
  CHECK(line.machine().occupies(user_of("b")));

  SECTION("where joining then changes nothing but the peer id") {
    CHECK(line.join("b3", "q") == "ok");
    CHECK(line.heard("a1") == words{"user-joined b3 was b3 v5"});
  }
  SECTION("and stays there") {
    line.pass(30s);
    line.attach("b4");
    CHECK(line.in() == "a1 b3");
    CHECK(line.heard("b4") == words{"states active in"});
  }
}

TEST_CASE("a device that was there all the time takes a lost leg by joining", "[session]") {
  auto line = talk();
  line.detach("b1");
  CHECK(line.in() == "a1 b1");
  CHECK(line.join("b2") == "ok");
  CHECK(line.heard("a1") == words{"user-joined b2 was b1 v4"});
  line.pass(30s);
  CHECK(line.in() == "a1 b2");
}

TEST_CASE("a socket that resumes is back without a word", "[session]") {
  auto line = talk();
  line.lose("b1");
  line.pass(10s);
  CHECK(line.relay("a1", "b1", "7") == "ok");
  CHECK(line.set("a1", {.video = false}) == "ok");
  line.resume("b1");
  CHECK(line.heard("b1") == words{"offer alice 7", "media a1 audio", "states active in"});
  CHECK(line.silent());
  CHECK(line.machine().occupies(user_of("b")));
  line.pass(10min);
  CHECK(line.in() == "a1 b1");
}

TEST_CASE("a socket that resumes too late learns what happened", "[session]") {
  auto line = talk();

  SECTION("its leg is out") {
    line.lose("b1");
    line.pass(30s);
    line.resume("b1");
    CHECK(line.heard("b1") == words{"user-left b1 dropped v4", "states active"});
    CHECK(line.join("b1") == "ok");
    CHECK(line.heard("a1") == words{"user-left b1 dropped v4", "user-joined b1 v5"});
  }
  SECTION("another device has the leg") {
    line.lose("b1");
    line.attach("b3");
    line.resume("b1");
    CHECK(line.heard("b1") == words{"taken by b3", "states active in"});
    CHECK(line.in() == "a1 b3");
  }
  SECTION("the session is over") {
    line.lose("b1");
    line.end("a1");
    line.resume("b1");
    CHECK(line.heard("b1") == words{"session-ended hung-up by alice 0s", "states"});
  }
}

TEST_CASE("a lost participant may leave", "[session]") {
  auto line = talk();
  line.detach("b1");
  CHECK(line.leave("b1") == "ok");
  CHECK(line.heard("a1") == words{"user-left b1 v4"});
  CHECK_FALSE(line.person("b").dropped);
  line.pass(30s);
  CHECK(line.silent());
}

TEST_CASE("joining again while lost does not make the grace longer", "[session]") {
  auto line = talk();
  line.detach("b1");
  line.pass(20s);
  CHECK(line.join("b1") == "ok"); // was under way
  CHECK(line.heard("a1").empty());
  line.pass(10s);
  CHECK(line.heard("a1") == words{"user-left b1 dropped v4"});
}

TEST_CASE("a join of the same device may come before the news that it resumed", "[session]") {
  auto line = talk();
  line.lose("b1");
  CHECK(line.join("b1", "p") == "ok");
  line.resume("b1");
  CHECK(line.heard("a1").empty());
  line.pass(30s);
  CHECK(line.in() == "a1 b1");
}

TEST_CASE("when the last one does not come back the session is over", "[session]") {
  auto line = talk();
  line.leave("a1");
  line.detach("b1");
  line.pass(10s);
  line.hush();
  line.pass(20s);
  CHECK(word(line.record()) == "ended connection-lost 30s");
  CHECK(line.record().ended_by == user_of("b"));
  CHECK(line.person("b").dropped);
  for (auto device : {"a1", "b2", "c1"})
    CHECK(line.heard(device) == words{"session-ended connection-lost by bob 30s"});
}

TEST_CASE("all may drop at once and come back one by one", "[session]") {
  auto line = talk();
  line.detach("a1");
  line.detach("b1");
  line.pass(10s);
  line.attach("a2");
  line.pass(20s);
  CHECK(line.in() == "a2");
  CHECK(line.heard("a2")
        == words{"states active mine in", "joined v4: a2 b1", "user-left b1 dropped v5"});
}

TEST_CASE("several things that are due happen in their order", "[session]") {
  session_line line{"a1", "b1", "c1"};
  line.open();
  line.join("a1");
  line.join("b1");
  line.pass(15s);
  line.detach("b1"); // until 45 s, when the invitation of Carol expires too
  line.pass(1s);
  line.detach("a1"); // until 46 s
  line.hush();
  auto late = line.machine().expire(line.now() + 10min);
  CHECK(late.ended);
  CHECK(line.machine().record().ended_at == line.record().created_at + 46s);
  CHECK(word(line.machine().record()) == "ended connection-lost 46s");
  CHECK(line.machine().record().version == line.record().version + 3);
  CHECK(line.machine().record().find(user_of("c"))->invited == invitation::expired);
  CHECK(word(late.events.front().what) == "user-left b1 dropped v4");
}

TEST_CASE("a device that was there before does not take a lost leg by coming back", "[session]") {
  auto line = talk();
  line.lose("b1");
  line.lose("b2");
  line.resume("b2");
  CHECK(line.heard("b2") == words{"states active in"});
  CHECK(line.silent());
  line.resume("b1");
  CHECK(line.heard("b1") == words{"states active in"});
  CHECK(line.silent());
  CHECK(line.in() == "a1 b1");
}

TEST_CASE("a leg whose own device is back stays there, whatever came with it", "[session]") {
  auto line = talk();
  line.lose("b1");
  line.hush();
  auto together = std::vector{device_id{"b2"}, device_id{"b3"}, device_id{"b1"}};
  CHECK(line.run(command::presence{user_of("b"), together}) == "none");
  CHECK(line.in() == "a1 b1");
  CHECK(line.silent());
}

TEST_CASE("what happens late does not happen before what it follows", "[session]") {
  session_line line{"a1", "b1", "c1"};
  line.open();
  line.join("a1");
  line.detach("a1"); // until 30 s; but the timer is late
  auto begin = line.now();
  auto& machine = line.machine();
  auto by = [](std::string_view who) { return from(who, call_kind::session); };
  (void)machine.apply(command::join{by("b1"), line.id, {}}, begin + 40s);
  (void)machine.apply(command::leave{by("b1"), line.id}, begin + 42s);
  auto out = machine.expire(begin + 50s);
  CHECK(out.ended);
  CHECK(machine.record().started_at == begin + 40s);
  CHECK(machine.record().ended_at == begin + 42s);
  CHECK(machine.record().duration_s == 2);
}
