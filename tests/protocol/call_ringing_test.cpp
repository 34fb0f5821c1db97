#include "tests/catch.hpp"
#include "tests/protocol/call_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("an initiate rings every device of the receiver and confirms to the caller", "[call]") {
  call_line line{"a1", "a2", "b1", "b2"};
  auto before = line.now();
  CHECK(line.initiate("a1") == "ok");
  CHECK(line.heard("a1") == words{"initiated bob"});
  CHECK(line.heard("a2").empty());
  CHECK(line.heard("b1") == words{"incoming alice video"});
  CHECK(line.heard("b2") == words{"incoming alice video"});

  const auto& record = line.record();
  CHECK(word(record) == "ringing none 0s");
  CHECK(record.id == line.id);
  CHECK(record.caller == user_id{"alice"});
  CHECK(record.direct().receiver == user_id{"bob"});
  CHECK(record.direct().type == media_type::video);
  CHECK(record.version == 1);
  CHECK(record.created_at == before);
  CHECK(record.ring_deadline == before + 45s);
  CHECK_FALSE(record.started_at);
  CHECK_FALSE(record.ended_at);
  CHECK_FALSE(record.direct().via_rest);
  CHECK(line.machine().next_deadline() == before + 45s);
}

TEST_CASE("the confirmation of an initiate waits for the commit, the ring does not", "[call]") {
  call machine{call_settings{}};
  auto now = from_epoch_ms(1'000'000);
  auto out =
      machine.apply(command::place{from("a1"), call_id{"c"}, view_of(user_of("a")),
                                   view_of(user_of("b")), media_type::audio, placement::ring},
                    now);
  REQUIRE(out.record);
  REQUIRE(out.events.size() == 2);
  for (const auto& [to, what, durable] : out.events)
    CHECK(durable == std::holds_alternative<event::initiated>(what));
}

TEST_CASE("a call begun over REST is told to every device of the caller", "[call]") {
  call_line line{"a1", "a2", "b1"};
  CHECK(line.initiate("alice") == "ok");
  CHECK(line.heard("a1") == words{"initiated bob"});
  CHECK(line.heard("a2") == words{"initiated bob"});
  CHECK(line.heard("b1") == words{"incoming alice video"});
  CHECK(line.record().direct().via_rest);
}

TEST_CASE("a receiver without a device: the caller hears only that, and it is missed", "[call]") {
  call_line line{"a1", "a2"};
  CHECK(line.initiate("a1", placement::receiver_offline) == "user_offline");
  CHECK(line.heard("a1") == words{"not-available bob"});
  CHECK(line.silent());
  REQUIRE(line.written().size() == 1);
  CHECK(word(line.record()) == "missed offline 0s missed");
  CHECK(line.record().version == 1);
  CHECK(line.record().ended_at == line.now());
  CHECK(line.ends() == 1);
  CHECK_FALSE(line.machine().next_deadline());
}

TEST_CASE("a receiver who is in a call: the caller hears only busy, and it is missed", "[call]") {
  call_line line{"a1", "a2", "b1"};
  CHECK(line.initiate("a1", placement::receiver_busy) == "user_busy");
  CHECK(line.heard("a1") == words{"rejected bob busy"});
  CHECK(line.silent());
  REQUIRE(line.written().size() == 1);
  CHECK(word(line.record()) == "missed busy 0s missed");
  CHECK(line.ends() == 1);
}

TEST_CASE("an initiate over REST that finds nobody is refused and tells no socket", "[call]") {
  auto verdict = GENERATE(placement::receiver_offline, placement::receiver_busy);
  call_line line{"a1", "b1"};
  line.initiate("alice", verdict);
  CHECK(line.silent());
  CHECK(line.record().direct().missed);
  REQUIRE(line.last().reply);
  CHECK_FALSE(line.last().reply->ok());
  CHECK(line.last().reply->error().call == line.id);
}

TEST_CASE("a receiver who connects while it rings hears callState, then incomingCall", "[call]") {
  call_line line{"a1"};
  CHECK(line.initiate("a1") == "ok"); // the operator rings users without a device
  line.attach("b1");
  CHECK(line.heard("b1") == words{"states ringing from alice", "incoming alice video"});
  line.attach("b2");
  CHECK(line.heard("b2") == words{"states ringing from alice", "incoming alice video"});
  CHECK(line.heard("b1").empty());
  CHECK(line.accept("b2") == "ok");
  CHECK(line.heard("b1") == words{"elsewhere"});
}

TEST_CASE("the same initiate again while it rings is the same call, without a second ring",
          "[call]") {
  call_line line{"a1", "a2", "b1"};
  line.initiate("a1");
  line.hush();
  CHECK(line.again("a1") == "ok");
  CHECK(line.last().reply->value().id == line.id);
  CHECK(line.heard("a1") == words{"initiated bob"});
  CHECK(line.again("a2") == "ok");
  CHECK(line.heard("a2") == words{"initiated bob"});
  CHECK(line.again("alice") == "ok");
  CHECK(line.silent());
  CHECK(line.written().size() == 1);
  CHECK(line.machine().state() == call_state::ringing);
}

TEST_CASE("an initiate between two who are talking is refused as busy", "[call]") {
  auto who = GENERATE("a1", "a2", "b1", "b2", "alice", "bob");
  call_line line{"a1", "a2", "b1", "b2"};
  line.initiate("a1");
  line.accept("b1");
  line.hush();
  CHECK(line.again(who) == "caller_busy");
  CHECK(line.silent());
  CHECK(line.machine().state() == call_state::active);
}

TEST_CASE("when both call each other the second initiate is the accept of the first", "[call]") {
  call_line line{"a1", "b1", "b2"};
  line.initiate("a1");
  line.hush();
  CHECK(line.again("b2") == "ok");
  CHECK(line.last().reply->value().id == line.id);
  CHECK(line.heard("b2") == words{"initiated alice glare", "accepted-confirm"});
  CHECK(line.heard("b1") == words{"elsewhere"});
  CHECK(line.heard("a1") == words{"accepted bob"});
  CHECK(word(line.record()) == "active none 0s");
  CHECK(line.accept("b1") == "already_processed");
}

TEST_CASE("an initiate over REST can be the accept of the other's call, too", "[call]") {
  call_line line{"a1", "b1", "b2"};
  line.initiate("a1");
  line.hush();
  CHECK(line.again("bob") == "ok");
  CHECK(line.heard("b1").back() == "accepted-confirm");
  CHECK(line.heard("b2").back() == "accepted-confirm");
  CHECK(line.heard("a1") == words{"accepted bob"});
}

TEST_CASE("one accept wins, the other devices hear that it was answered elsewhere", "[call]") {
  call_line line{"a1", "a2", "b1", "b2", "b3"};
  line.initiate("a1");
  line.hush();
  line.pass(3s);
  CHECK(line.accept("b2") == "ok");
  CHECK(line.heard("b2") == words{"accepted-confirm"});
  CHECK(line.heard("b1") == words{"elsewhere"});
  CHECK(line.heard("b3") == words{"elsewhere"});
  CHECK(line.heard("a1") == words{"accepted bob"});
  CHECK(line.silent());
  CHECK(word(line.record()) == "active none 0s");
  CHECK(line.record().version == 2);
  CHECK(line.record().started_at == line.now());
  CHECK_FALSE(line.record().ring_deadline);

  for (const auto* late : {"b1", "b2", "b3", "bob"}) {
    CHECK(line.accept(late) == "already_processed");
    CHECK(line.reject(late) == "already_processed");
  }
  CHECK(line.silent());
  CHECK(line.machine().state() == call_state::active);
  CHECK(line.written().size() == 2);
}

TEST_CASE("an accept over REST tells every device of both sides that is concerned", "[call]") {
  call_line line{"a1", "a2", "b1", "b2"};
  line.initiate("a1");
  line.hush();
  CHECK(line.accept("bob") == "ok");
  CHECK(line.heard("b1") == words{"accepted-confirm"});
  CHECK(line.heard("b2") == words{"accepted-confirm"});
  CHECK(line.heard("a1") == words{"accepted bob"});
  CHECK(line.silent());
}

TEST_CASE("only the receiver may accept or reject", "[call]") {
  auto who = GENERATE("a1", "alice", "c1", "carol");
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.hush();
  CHECK(line.accept(who) == "not_authorized");
  CHECK(line.reject(who) == "not_authorized");
  CHECK(line.last().reply->error().call == line.id);
  CHECK(line.silent());
  CHECK(line.machine().state() == call_state::ringing);
}

TEST_CASE("a stranger may not end a call", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  CHECK(line.end("c1") == "not_authorized");
  line.accept("b1");
  CHECK(line.end("c1") == "not_authorized");
  line.end("a1");
  line.hush();
  CHECK(line.end("carol") == "not_authorized");
  CHECK(line.silent());
}

TEST_CASE("no answer in time: both sides hear it, nobody ended it, the receiver missed it",
          "[call]") {
  call_line line{"a1", "b1", "b2"};
  line.initiate("a1");
  auto deadline = line.now() + 45s;
  line.hush();
  line.pass(45s - 1ms);
  CHECK(line.silent());
  CHECK(line.machine().state() == call_state::ringing);
  line.pass(1ms);
  for (const auto* device : {"a1", "b1", "b2"})
    CHECK(line.heard(device) == words{"ended no-answer by nobody 0s"});
  CHECK(word(line.record()) == "missed no-answer 0s missed");
  CHECK(line.record().ended_by.empty());
  CHECK(line.record().ended_at == deadline);
  CHECK(line.ends() == 1);
  CHECK(line.accept("b1") == "already_processed");
  CHECK(line.written().size() == 2);
}

TEST_CASE("the ring timeout is the operator's", "[call]") {
  call_settings settings;
  settings.ring_timeout = 7s;
  call_line line{{"a1", "b1"}, settings};
  line.initiate("a1");
  line.pass(7s - 1ms);
  CHECK(line.machine().state() == call_state::ringing);
  line.pass(1ms);
  CHECK(line.machine().state() == call_state::ended);
}
