#include "tests/catch.hpp"
#include "tests/protocol/session_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("the joiner gets the list, the others hear who came", "[session]") {
  session_line line{"a1", "b1", "c1"};
  line.open();
  line.hush();
  CHECK(line.join("a1", "peer-a") == "ok");
  CHECK(line.heard("a1") == words{"joined v2: a1"});
  CHECK(line.silent());
  CHECK(line.record().status == call_status::waiting);
  CHECK(line.person("a").peer_id == "peer-a");
  CHECK(line.person("a").joined_at == line.now());
  CHECK(line.person("a").entered_at == line.now());

  line.pass(2s);
  CHECK(line.join("b1") == "ok");
  CHECK(line.heard("b1") == words{"joined v3: a1 b1"});
  CHECK(line.heard("a1") == words{"user-joined b1 v3"});
  CHECK(line.silent());
  CHECK(line.record().status == call_status::active);
  CHECK(line.record().started_at == line.now());
  CHECK(line.person("b").invited == invitation::accepted);
  CHECK(line.person("b").responded_at == line.now());
  CHECK(line.person("b").version == 3);
  CHECK(line.person("a").version == 2);

  line.join("c1");
  CHECK(line.heard("c1") == words{"joined v4: a1 b1 c1"});
  CHECK(line.heard("a1") == words{"user-joined c1 v4"});
  CHECK(line.heard("b1") == words{"user-joined c1 v4"});
  CHECK(line.last().reply->value() == line.record());
}

TEST_CASE("the list carries the names and what each one sends", "[session]") {
  session_facts facts;
  facts.audio = false;
  session_line line{{"a1", "b1"}, "b", facts};
  line.open();
  line.join("a1");
  line.join("b1", "peer-b");
  const auto& list = *std::get<event::session_joined>(line.last().events[0].what).now;
  CHECK(list.call == line.id);
  CHECK(list.facts == line.record().session().facts);
  CHECK(list.names == std::vector<std::string>{"alice", "bob"});
  REQUIRE(list.in.size() == 2);
  CHECK(list.in[1] == line.person("b"));
  CHECK(list.in[1].media == media_state{true, false, false});
  const auto& arrival = std::get<event::user_joined>(line.last().events.back().what);
  CHECK(arrival.who == line.person("b"));
  CHECK(arrival.name == "bob");
}

TEST_CASE("only who was named may join", "[session]") {
  session_line line{"a1", "b1", "z1"};
  line.open();
  line.join("a1");
  line.hush();
  CHECK(line.join("z1") == "not_invited");
  CHECK(line.silent());
  CHECK(line.last().reply->error().call == line.id);
  CHECK(line.join("alice") == "not_authorized"); // a leg needs a socket
}

TEST_CASE("a full session takes nobody more until somebody leaves", "[session]") {
  session_facts facts;
  facts.seats = 2;
  session_line line{{"a1", "b1", "c1"}, "bc", facts};
  line.open();
  line.join("a1");
  line.join("b1");
  CHECK(line.join("c1") == "session_full");
  CHECK(line.join("b1") == "ok"); // is in

  SECTION("leaving frees the seat") {
    line.leave("a1");
    CHECK(line.join("c1") == "ok");
    CHECK(line.join("a1") == "session_full");
  }
  SECTION("a lost device keeps it for the grace") {
    line.detach("b1");
    line.pass(29s);
    CHECK(line.join("c1") == "session_full");
    line.pass(1s);
    CHECK(line.join("c1") == "ok");
  }
}

TEST_CASE("joining twice on the same device only gives the list again", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  line.join("a1", "p");
  line.join("b1");
  line.hush();
  auto count = line.written().size();
  line.pass(1s);
  CHECK(line.join("a1", "p") == "ok");
  CHECK(line.join("a1") == "ok");
  CHECK(line.heard("a1") == words{"joined v3: a1 b1", "joined v3: a1 b1"});
  CHECK(line.silent());
  CHECK(line.written().size() == count);
  CHECK(line.person("a").peer_id == "p");

  SECTION("a new peer id is told to the others") {
    CHECK(line.join("a1", "q") == "ok");
    CHECK(line.heard("a1") == words{"joined v4: a1 b1"});
    CHECK(line.heard("b1") == words{"user-joined a1 was a1 v4"});
    CHECK(line.person("a").peer_id == "q");
  }
}

TEST_CASE("the user's other devices hear that the invitation was answered", "[session]") {
  session_line line{"b1", "b2", "c1"};
  line.open();
  line.hush();
  line.join("b2");
  CHECK(line.heard("b2") == words{"joined v2: b2"});
  CHECK(line.heard("b1") == words{"taken by b2"});
  CHECK(line.silent());
}

TEST_CASE("who comes back has the same entry, and the times add up", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  auto begin = line.now();
  line.join("a1");
  line.join("b1", "p");
  line.pass(10s);
  line.leave("b1");
  CHECK(line.person("b").left_at == line.now());
  CHECK(line.person("b").present == 10s);
  line.pass(20s);
  CHECK(line.join("b1") == "ok");
  CHECK(line.person("b").joined_at == begin);
  CHECK(line.person("b").entered_at == line.now());
  CHECK_FALSE(line.person("b").left_at);
  CHECK(line.person("b").responded_at == begin);
  CHECK(line.person("b").peer_id.empty());
  line.pass(5s);
  CHECK(line.person("b").time_in(line.now()) == 15s);
  line.end("a1");
  CHECK(line.person("b").present == 15s);
  CHECK(line.person("a").present == 35s);
  CHECK(word(line.record()) == "ended hung-up 35s");
}

TEST_CASE("a session stays active when one of two leaves", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  line.join("a1");
  line.join("b1");
  line.leave("b1");
  CHECK(line.record().status == call_status::active);
  CHECK(line.machine().state() == call_state::active);
}

TEST_CASE("a join that was under way when the device was lost waits for it", "[session]") {
  session_line line{"a1", "b1", "b2"};
  line.open();
  line.join("a1");
  line.detach("b1");
  line.hush();
  CHECK(line.join("b1") == "ok");
  CHECK(line.heard("a1") == words{"user-joined b1 v3"});
  CHECK(line.machine().next_deadline() == line.now() + 30s);
  line.pass(30s);
  CHECK(line.heard("a1") == words{"user-left b1 dropped v4"});
}

TEST_CASE("a join may come before the news of its device", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  line.join("a1");
  line.hush();
  CHECK(line.join("b2") == "ok");
  CHECK(line.heard("a1") == words{"user-joined b2 v3"});
  line.attach("b2");
  CHECK(line.heard("a1").empty());
  CHECK(line.machine().occupies(user_of("b")));
  line.pass(10min);
  CHECK(line.heard("a1").empty());
  CHECK(line.in() == "a1 b2");
}
