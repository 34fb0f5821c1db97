#include "tests/catch.hpp"
#include "tests/protocol/call_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

// What becomes of a call when the server restarts.

TEST_CASE("a ringing call past its deadline is missed after the restart", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  auto deadline = *line.record().ring_deadline;
  line.restart(1h);
  CHECK(word(line.record()) == "missed no-answer 0s missed");
  CHECK(line.record().version == 2);
  CHECK(line.record().ended_at == deadline);
  CHECK(line.record().ended_by.empty());
  CHECK(line.accept("bob") == "already_processed");
  line.attach("b2");
  CHECK(line.heard("b2") == words{"states"});
}

TEST_CASE("a ringing call goes on ringing until its own deadline", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  auto deadline = *line.record().ring_deadline;
  line.restart(20s);
  CHECK(line.machine().state() == call_state::ringing);
  line.attach("a2");
  CHECK(line.heard("a2") == words{"states ringing to bob"});
  line.attach("b2");
  CHECK(line.heard("b2") == words{"states ringing from alice", "incoming alice video"});
  CHECK(line.machine().next_deadline() == deadline);

  SECTION("answered") {
    line.pass(20s);
    CHECK(line.accept("b2") == "ok");
    CHECK(line.record().version == 2);
    CHECK(line.heard("a2") == words{"accepted bob"});
    CHECK(line.relay("a2", "bob", "1") == "ok");
    CHECK(line.relay("b2", "alice", "2") == "ok");
  }
  SECTION("not answered") {
    line.pass(25s);
    CHECK(word(line.record()) == "missed no-answer 0s missed");
    CHECK(line.heard("a2") == words{"ended no-answer by nobody 0s"});
    CHECK(line.heard("b2") == words{"ended no-answer by nobody 0s"});
  }
}

TEST_CASE("a caller who does not come back after the restart has cancelled", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.restart(5s);
  line.attach("b2");
  line.hush();
  line.pass(15s);
  CHECK(word(line.record()) == "cancelled connection-lost 0s missed");
  CHECK(line.heard("b2") == words{"ended connection-lost by alice 0s"});
}

TEST_CASE("a call rung over REST needs no device of the caller after the restart", "[call]") {
  call_line line{"b1"};
  line.initiate("alice");
  line.restart(5s);
  line.attach("b2");
  line.pass(39s);
  CHECK(line.machine().state() == call_state::ringing);
  CHECK(line.accept("b2") == "ok");
}

TEST_CASE("an active call is kept for the reconnect grace", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.accept("b1");
  line.pass(60s);
  line.restart(10min);
  CHECK(line.machine().state() == call_state::active);
  CHECK(line.machine().next_deadline() == line.now() + 30s);

  SECTION("both come back") {
    line.attach("a2");
    line.pass(20s);
    line.attach("b2");
    CHECK(line.heard("a2").back() == "reconnected bob");
    CHECK_FALSE(line.machine().next_deadline());
    CHECK(line.relay("a2", "bob", "1") == "ok");
    CHECK(line.heard("b2").back() == "candidate alice 1");
    line.pass(1h);
    CHECK(line.machine().state() == call_state::active);
    CHECK(line.end("b2") == "ok");
    CHECK(word(line.record()) == "completed hung-up 4280s");
    CHECK(line.record().version == 3);
  }
  SECTION("one comes back") {
    line.attach("a2");
    line.hush();
    line.pass(30s);
    CHECK(word(line.record()) == "completed connection-lost 690s");
    CHECK(line.record().ended_by == user_of("b"));
    CHECK(line.heard("a2") == words{"ended connection-lost by bob 690s"});
  }
  SECTION("nobody comes back") {
    line.pass(30s);
    CHECK(word(line.record()) == "completed connection-lost 690s");
    CHECK(line.written().size() == 3);
  }
}

TEST_CASE("each leg has its own grace after the restart", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.accept("b1");
  line.restart();
  line.pass(10s);
  line.attach("b2");
  CHECK(line.heard("b2").back() == "reconnecting alice");
  line.pass(20s);
  CHECK(line.machine().state() == call_state::ended);
  CHECK(line.record().ended_by == user_of("a"));
}

TEST_CASE("a call timeout that passed while the server was away counts from its deadline",
          "[call]") {
  call_settings settings;
  settings.call_timeout = 5min;
  call_line line{{"a1", "b1"}, settings};
  line.initiate("a1");
  line.accept("b1");
  line.restart(1h);
  CHECK(word(line.record()) == "completed timeout 300s");
}

TEST_CASE("a call can be ended over REST right after the restart", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.accept("b1");
  line.pass(3s);
  line.restart();
  CHECK(line.end("bob") == "ok");
  CHECK(word(line.record()) == "completed hung-up 3s");
}

TEST_CASE("a restored machine has the record that was written, to the letter", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  if (GENERATE(false, true))
    line.accept("b1");
  auto restored = call::restore(call_settings{}, line.record(),
                                {view_of(user_of("a")), view_of(user_of("b"))}, line.now() + 1s);
  CHECK(restored.record() == line.record());
  CHECK(restored.leg_is_live_or_in_grace(user_of("a"), line.now() + 1s));
}
