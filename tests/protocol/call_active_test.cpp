#include "tests/catch.hpp"
#include "tests/protocol/call_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

// The accepted call: who may end it, what each device hears of the end, and what comes after.

namespace {

call_line talking(call_settings settings = {}) {
  call_line line{{"a1", "a2", "b1", "b2"}, settings};
  line.initiate("a1");
  line.accept("b1");
  line.hush();
  return line;
}

} // namespace

TEST_CASE("the end of a call goes once to every device that knows of it", "[call]") {
  auto line = talking();
  line.pass(125s + 999ms);
  CHECK(line.end("a1") == "ok");
  CHECK(line.heard("a1") == words{"ended hung-up by alice 125s", "ended-confirm completed 125s"});
  CHECK(line.heard("b1") == words{"ended hung-up by alice 125s"});
  CHECK(line.heard("b2") == words{"ended hung-up by alice 125s"}); // it rang, so it knows
  CHECK(line.silent());                                            // a2 never heard of the call
  CHECK(word(line.record()) == "completed hung-up 125s");
  CHECK(line.record().ended_by == user_id{"alice"});
  CHECK(line.record().version == 3);
  CHECK(line.record().ended_at == line.now());
  CHECK(line.ends() == 1);
  CHECK_FALSE(line.machine().next_deadline());
}

TEST_CASE("the receiver hangs up", "[call]") {
  auto line = talking();
  line.pass(10s);
  CHECK(line.end("b1") == "ok");
  CHECK(line.heard("a1") == words{"ended hung-up by bob 10s"});
  CHECK(line.heard("b1") == words{"ended hung-up by bob 10s", "ended-confirm completed 10s"});
  CHECK(line.heard("b2") == words{"ended hung-up by bob 10s"});
  CHECK(line.record().ended_by == user_id{"bob"});
}

TEST_CASE("either user hangs up over REST", "[call]") {
  auto [who, id] = GENERATE(table<const char*, const char*>({{"alice", "alice"}, {"bob", "bob"}}));
  auto line = talking();
  line.pass(1s);
  CHECK(line.end(who) == "ok");
  auto expected = words{"ended hung-up by " + std::string{id} + " 1s"};
  CHECK(line.heard("a1") == expected);
  CHECK(line.heard("b1") == expected);
  CHECK(line.heard("b2") == expected);
  CHECK(line.silent());
}

TEST_CASE("an end after the end gives the same confirmation and nothing to anyone else", "[call]") {
  auto line = talking();
  line.pass(61s);
  line.end("a1");
  line.hush();
  auto record = line.record();
  line.pass(100s);
  for (const auto* device : {"a1", "b1", "b2"}) {
    CHECK(line.end(device) == "ok");
    CHECK_FALSE(line.last().record);
    CHECK_FALSE(line.last().ended);
    CHECK(line.last().reply->value() == record);
    CHECK(line.heard(device) == words{"ended-confirm completed 61s"});
    CHECK(line.silent());
  }
  CHECK(line.end("bob") == "ok");
  CHECK(line.silent());
  CHECK(line.written().size() == 3);
}

TEST_CASE("a call that is over only answers, also from its stored record", "[call]") {
  auto line = talking();
  line.pass(9s);
  line.end("b1");
  auto record = line.record();
  auto over = call::closed(call_settings{}, record);
  auto now = line.now() + 24h;
  CHECK(over.state() == call_state::ended);
  CHECK_FALSE(over.next_deadline());
  auto word_of = [&](call_command cmd) {
    auto out = over.apply(std::move(cmd), now);
    CHECK_FALSE(out.record);
    CHECK_FALSE(out.ended);
    return word(out.reply);
  };
  CHECK(word_of(command::accept{from("b1"), line.id}) == "already_processed");
  CHECK(word_of(command::reject{from("b1"), line.id}) == "already_processed");
  CHECK(word_of(command::accept{from("a1"), line.id}) == "not_authorized");
  CHECK(word_of(command::again{from("a1"), user_of("b")}) == "call_not_found");
  CHECK(word_of(command::relay{from("a1"), line.id, user_of("b"), relay_kind::offer, "{}"})
        == "call_not_found");
  CHECK(word_of(command::end{from("c1"), line.id}) == "not_authorized");
  CHECK(word_of(command::presence{user_of("a"), {}}) == "none");

  auto out = over.apply(command::end{from("a1"), line.id}, now);
  REQUIRE(out.events.size() == 1);
  CHECK(word(out.events[0].what) == "ended-confirm completed 9s");
  CHECK(out.events[0].to.to == address::scope::one);
  CHECK(out.events[0].to.device == device_id{"a1"});
  CHECK(out.reply->value() == record);
  CHECK(over.expire(now).events.empty());
}

TEST_CASE("a device that lost the accept may not end the call, only gets its confirmation",
          "[call]") {
  auto line = talking();
  CHECK(line.end("b2") == "ok");
  CHECK(line.heard("b2") == words{"ended-confirm active 0s"});
  CHECK(line.silent());
  CHECK(line.machine().state() == call_state::active);
  CHECK(line.written().size() == 2);
  CHECK(line.reject("b2") == "already_processed");
  CHECK(line.silent());

  line.pass(4s);
  line.end("a1");
  CHECK(line.heard("b2") == words{"ended hung-up by alice 4s"});
}

TEST_CASE("the winner of a glare is bound like the winner of an accept", "[call]") {
  call_line line{"a1", "b1", "b2"};
  line.initiate("a1");
  line.again("b2");
  line.hush();
  CHECK(line.relay("b1", "alice", "1") == "not_authorized");
  CHECK(line.end("b1") == "ok");
  CHECK(line.machine().state() == call_state::active);
  CHECK(line.end("b2") == "ok");
  CHECK(line.machine().state() == call_state::ended);
}

TEST_CASE("a device that came after the accept speaks for its user", "[call]") {
  auto line = talking();
  line.attach("b3");
  CHECK(line.heard("b3") == words{"states active from alice"});
  CHECK(line.end("b3") == "ok");
  CHECK(line.machine().state() == call_state::ended);
  CHECK(line.heard("b3") == words{"ended hung-up by bob 0s", "ended-confirm completed 0s"});
}

TEST_CASE("after an accept over REST the device that signals first is the one that answered",
          "[call]") {
  call_line line{"a1", "b1", "b2"};
  line.initiate("a1");
  line.accept("bob");
  line.hush();
  CHECK(line.relay("b2", "alice", "1") == "ok");
  CHECK(line.heard("b1") == words{"elsewhere"});
  CHECK(line.heard("a1") == words{"candidate bob 1"});
  CHECK(line.end("b1") == "ok");
  CHECK(line.machine().state() == call_state::active);
}

TEST_CASE("without a call timeout a call lasts", "[call]") {
  auto line = talking();
  CHECK_FALSE(line.machine().next_deadline());
  CHECK_FALSE(line.record().call_deadline);
  line.pass(72h);
  CHECK(line.silent());
  CHECK(line.machine().state() == call_state::active);
}

TEST_CASE("a call timeout ends the call as completed", "[call]") {
  call_settings settings;
  settings.call_timeout = 2min;
  auto line = talking(settings);
  auto deadline = line.now() + 2min;
  CHECK(line.record().call_deadline == deadline);
  CHECK(line.machine().next_deadline() == deadline);
  line.pass(2min - 1ms);
  CHECK(line.silent());
  line.pass(1ms);
  for (const auto* device : {"a1", "b1", "b2"})
    CHECK(line.heard(device) == words{"ended timeout by nobody 120s"});
  CHECK(line.silent());
  CHECK(word(line.record()) == "completed timeout 120s");
  CHECK(line.record().ended_by.empty());
  CHECK(line.record().ended_at == deadline);
  CHECK_FALSE(line.record().call_deadline);
}

TEST_CASE("the call timeout counts from the accept, not from the ring", "[call]") {
  call_settings settings;
  settings.call_timeout = 1min;
  call_line line{{"a1", "b1"}, settings};
  line.initiate("a1");
  line.pass(40s);
  CHECK_FALSE(line.record().call_deadline);
  line.accept("b1");
  line.pass(59s);
  CHECK(line.machine().state() == call_state::active);
  line.pass(1s);
  CHECK(word(line.record()) == "completed timeout 60s");
}

TEST_CASE("a deadline that is noticed late still ends the call when it was due", "[call]") {
  call_settings settings;
  settings.call_timeout = 1min;
  auto line = talking(settings);
  auto start = line.now();
  auto out = line.machine().expire(start + 90s);
  REQUIRE(out.record);
  CHECK(out.record->ended_at == start + 60s);
  CHECK(out.record->duration_s == 60);
}

TEST_CASE("the session of each user holds its own side of the call", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  auto deadline = line.now() + 45s;
  CHECK(
      line.machine().summary_for(user_of("a"))
      == call_summary{line.id, call_state::ringing, true, user_of("b"), deadline, device_id{"a1"}});
  CHECK(line.machine().summary_for(user_of("b"))
        == call_summary{line.id, call_state::ringing, false, user_of("a"), deadline, {}});
  line.accept("b1");
  CHECK(line.machine().summary_for(user_of("b"))
        == call_summary{line.id, call_state::active, false, user_of("a"), {}, device_id{"b1"}});
  line.detach("b1");
  CHECK(line.machine().summary_for(user_of("b")).device.empty());
}
