#include "protocol/policies/session.hpp"
#include "tests/catch.hpp"
#include "tests/protocol/session_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("after a restart the legs that were in wait for a device", "[session]") {
  session_line line{"a1", "b1", "c1"};
  line.open();
  line.join("a1");
  line.join("b1", "p");
  auto before = line.record();
  line.restart(3s);
  CHECK(line.silent());
  CHECK(line.machine().next_deadline() == line.now() + 30s);
  CHECK(line.machine().record().people == before.people);
  CHECK(line.machine().state() == call_state::active);
  CHECK(line.machine().summary_for(user_of("b")).joined);
  CHECK(line.machine().summary_for(user_of("b")).device.empty());

  line.pass(10s);
  line.attach("a2");
  auto version = line.record().version;
  auto list = "joined v" + std::to_string(version) + ": a2 b1";
  CHECK(line.heard("a2") == words{"states active mine in", list});
  CHECK(version > before.version + 65536);
  line.pass(20s);
  CHECK(line.heard("a2") == words{"user-left b1 dropped v" + std::to_string(version + 1)});
  CHECK(line.in() == "a2");
  CHECK(line.person("b").present == 33s);
}

TEST_CASE("after a restart pending invitations are told again", "[session]") {
  session_line line{"b1"};
  line.open();
  line.restart(10s);
  line.attach("b2");
  CHECK(line.heard("b2") == words{"states waiting invited", "invited by alice"});
  line.attach("a1");
  CHECK(line.heard("a1") == words{"states waiting mine"});
  line.pass(35s);
  CHECK(word(line.record()) == "ended no-answer 0s");
}

TEST_CASE("a session whose time came while the server was away ends at the start", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  SECTION("nobody was in") {
    auto due = *line.record().ring_deadline;
    line.restart(10min);
    CHECK(word(line.record()) == "ended no-answer 0s");
    CHECK(line.record().ended_at == due);
  }
  SECTION("its call timeout passed") {
    line.join("a1");
    line.join("b1");
    auto due = *line.record().call_deadline;
    line.restart(2h);
    CHECK(word(line.record()) == "ended timeout 3600s");
    CHECK(line.record().ended_at == due);
    CHECK(line.person("a").present == 1h);
  }
}

TEST_CASE("when nobody comes back after a restart the session is over", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  line.join("a1");
  line.join("b1");
  line.restart();
  line.pass(30s);
  CHECK(word(line.record()) == "ended connection-lost 30s");
}

TEST_CASE("who is in a restored session may join at once", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  line.join("a1");
  line.join("b1");
  line.restart();
  line.attach("b2");
  line.hush();
  CHECK(line.join("b2", "q") == "ok");
  CHECK(line.person("b").peer_id == "q");
  CHECK(line.in() == "a1 b2");
  CHECK(line.ask("carol") == "ok");
}

TEST_CASE("what was due before the last change ends after it, over a restart, too", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  auto due = *line.record().ring_deadline;
  auto& machine = line.machine();
  auto joined = machine.apply(command::join{from("b1", call_kind::session), line.id, {}},
                              due + 60min); // no timer came
  auto users = joined.record->users();
  auto restored = call::restore(
      {}, *joined.record, {view_of(users[0]), view_of(users[1]), view_of(users[2])}, due + 61min);
  auto out = restored.expire(due + 61min);
  CHECK(out.ended);
  CHECK(restored.record().ended_at == due + 60min);
  CHECK(restored.record().find(user_of("b"))->present == 0s);
}

TEST_CASE("versions grow over restarts, whatever was committed", "[session]") {
  call_record record;
  record.created_at = from_epoch_ms(1'700'000'000'000);
  record.version = 7;
  auto at = [&](milliseconds age) {
    return version_after_restart(record, record.created_at + age);
  };
  CHECK(at(0ms) == 7 + 65536);
  CHECK(at(1s) == at(0ms) + 100); // a second crash before the next commit
  CHECK(at(-1h) == at(0ms));      // clocks are set back
  CHECK(at(48h) == at(24h));
  // Hundreds of restarts of one session fit.
  CHECK(at(24h) < 8'800'000);
  record.version = at(24h);
  CHECK(at(24h) > record.version);
}
