#include "tests/catch.hpp"
#include "tests/protocol/video_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

/// Alice on a1 and Bob on b1 are in; Bob has b2, too.
video_line talk() {
  video_line line{"a1", "b1", "b2", "c1"};
  line.create();
  line.set("alice", call_status::active);
  line.enter("a1");
  line.enter("b1");
  line.hush();
  return line;
}

} // namespace

TEST_CASE("who drops leaves after the grace", "[video]") {
  auto line = talk();
  line.pass(10s);
  line.detach("b1");
  CHECK(line.silent());
  CHECK(line.machine().next_deadline() == line.now() + 30s);
  CHECK(line.machine().leg_is_live_or_in_grace(user_of("b"), line.now()));
  line.pass(30s - 1ms);
  CHECK(line.silent());
  line.pass(1ms);
  for (auto device : {"a1", "b2", "c1"})
    CHECK(line.heard(device) == words{"out bob connection-lost v5"});
  CHECK(line.person("b").dropped);
  CHECK(line.person("b").left_at == line.now());
  CHECK(line.person("b").present == 40s);
  CHECK(line.in() == "a1");
}

TEST_CASE("a lost leg moves to the next device that connects, without a word", "[video]") {
  auto line = talk();
  line.detach("b1");
  line.pass(10s);
  line.attach("b3");
  CHECK(line.heard("b3") == words{"states active in"});
  CHECK(line.silent());
  CHECK(line.person("b").device == device_id{"b3"});
  CHECK(line.machine().summary_for(user_of("b")).device == device_id{"b3"});
  line.pass(10min);
  CHECK(line.in() == "a1 b3");
}

TEST_CASE("a device that was there takes a lost leg by joining", "[video]") {
  auto line = talk();
  line.detach("b1");
  CHECK(line.enter("b2") == "ok");
  CHECK(line.in() == "a1 b2");
  line.pass(10min);
  CHECK(line.in() == "a1 b2");
  CHECK(line.silent());
}

TEST_CASE("joining a video call again while lost does not make the grace longer", "[video]") {
  auto line = talk();
  line.detach("b1");
  line.pass(20s);
  CHECK(line.enter("b1") == "ok"); // was under way
  CHECK(line.enter("bob") == "ok");
  CHECK_FALSE(line.person("b").lease_until);
  line.pass(10s);
  CHECK(line.heard("a1") == words{"out bob connection-lost v5"});
}

TEST_CASE("a socket that resumes keeps its leg", "[video]") {
  auto line = talk();
  line.lose("b1");
  line.pass(29s);
  line.leave("a1");
  line.resume("b1");
  CHECK(line.heard("b1") == words{"out alice left v5", "states active in"});
  line.pass(10min);
  CHECK(line.in() == "b1");
}

TEST_CASE("a lost device may join a video call before the news that it resumed", "[video]") {
  auto line = talk();
  line.lose("b1");
  CHECK(line.enter("b1") == "ok");
  line.resume("b1");
  line.pass(10min);
  CHECK(line.in() == "a1 b1");
}

TEST_CASE("who joins with a device that is gone has the grace", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.enter("a1");
  line.detach("b1");
  CHECK(line.enter("b1") == "ok");
  CHECK(line.machine().next_deadline() == line.now() + 30s);
  line.pass(30s);
  CHECK(line.in() == "a1");

  video_line open{{"a1"}, facts_with("")};
  open.create();
  open.enter("a1");
  CHECK(open.enter("z1") == "ok"); // its session tells that there is no such device
  CHECK(open.machine().next_deadline() == open.now() + 30s);
}

TEST_CASE("when the last one does not come back the call is over", "[video]") {
  auto line = talk();
  line.leave("a1");
  line.hush();
  line.detach("b1");
  line.pass(30s);
  CHECK(word(line.record()) == "ended connection-lost 30s");
  CHECK(line.record().ended_by == user_of("b"));
  for (auto device : {"a1", "b2", "c1"})
    CHECK(line.heard(device)
          == words{"out bob connection-lost v6", "over ended connection-lost by bob v7"});
}

TEST_CASE("a leg that REST began lives as long as its user has devices", "[video]") {
  video_line line{"a1", "b1", "b2"};
  line.create();
  line.enter("a1");
  CHECK(line.enter("bob") == "ok");
  CHECK(line.person("b").device.empty());
  CHECK_FALSE(line.person("b").lease_until);
  line.hush();
  line.detach("b1");
  CHECK_FALSE(line.machine().next_deadline() == line.now() + 30s);
  line.attach("b3");
  line.detach("b2");
  line.pass(1h);
  CHECK(line.in() == "a1 bob");
  line.detach("b3");
  CHECK(line.machine().next_deadline() == line.now() + 30s);

  SECTION("all are gone for too long") {
    line.pass(30s);
    CHECK(line.heard("a1") == words{"out bob connection-lost v4"});
  }
  SECTION("one comes in time") {
    line.pass(29s);
    line.attach("b4");
    line.attach("b5");
    line.detach("b4");
    line.pass(10min);
    CHECK(line.in() == "a1 bob"); // any of them will do
  }
  SECTION("joining with one of them binds it") {
    line.attach("b4");
    line.attach("b5");
    line.enter("b5");
    CHECK(line.in() == "a1 b5");
    line.detach("b5");
    line.pass(30s);
    CHECK(line.in() == "a1");
  }
}

TEST_CASE("a socket that resumes keeps a leg that REST began", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.enter("a1");
  line.enter("bob");
  line.lose("b1");
  line.pass(29s);
  line.resume("b1");
  line.pass(10min);
  CHECK(line.in() == "a1 bob");
}

TEST_CASE("several things that are due in a video call happen in their order", "[video]") {
  auto line = talk();
  line.detach("b1");
  line.pass(1s);
  line.detach("a1");
  line.hush();
  auto begin = line.now();
  auto late = line.machine().expire(begin + 10min);
  CHECK(late.ended);
  const auto& record = line.machine().record();
  CHECK(record.ended_at == begin + 30s);
  CHECK(record.find(user_of("b"))->left_at == begin + 29s);
  CHECK(record.find(user_of("a"))->left_at == begin + 30s);
  std::vector<std::string> to_carol;
  for (const auto& sent : late.events)
    if (sent.to.user == user_of("c"))
      to_carol.push_back(word(sent.what));
  CHECK(to_carol
        == words{"out bob connection-lost v5", "out alice connection-lost v6",
                 "over ended connection-lost by alice v7"});
}

TEST_CASE("what happens late in a video call does not happen before what it follows", "[video]") {
  auto line = talk();
  line.detach("b1"); // until 30 s; but the timer is late
  auto begin = line.now();
  auto& machine = line.machine();
  (void)machine.apply(command::answer_invitation{from("carol", call_kind::video), line.id, false},
                      begin + 40s);
  (void)machine.expire(begin + 50s);
  CHECK(machine.record().find(user_of("b"))->left_at == begin + 40s);
  CHECK(machine.record().find(user_of("b"))->present == 40s);
}
