#include "tests/catch.hpp"
#include "tests/protocol/call_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

// Devices that drop and come back during an accepted call. Each test runs for both sides.

namespace {

struct sides {
  const char* user; ///< whose device drops
  const char* device;
  const char* other; ///< the other user's device
  const char* next;  ///< the device that comes back
  const char* spare; ///< another one of the same user
};

sides any_side() {
  return GENERATE(sides{"alice", "a1", "b1", "a3", "a4"}, sides{"bob", "b1", "a1", "b3", "b4"});
}

call_line talking(call_settings settings = {}) {
  call_line line{{"a1", "b1"}, settings};
  line.initiate("a1");
  line.accept("b1");
  line.hush();
  return line;
}

std::string other_user(const sides& side) { return user_of(side.other).str(); }

} // namespace

TEST_CASE("a device drops: the other side hears it and the call waits", "[call]") {
  auto side = any_side();
  auto line = talking();
  line.pass(10s);
  line.detach(side.device);
  CHECK(line.heard(side.other) == words{std::string{"reconnecting "} + side.user});
  CHECK(line.machine().next_deadline() == line.now() + 30s);
  line.pass(30s - 1ms);
  CHECK(line.silent());
  CHECK(line.machine().state() == call_state::active);
}

TEST_CASE("a device drops and none comes: the call ends as completed, lost by that user",
          "[call]") {
  auto side = any_side();
  auto line = talking();
  line.pass(10s);
  line.detach(side.device);
  line.hush();
  line.pass(30s);
  CHECK(line.heard(side.other)
        == words{std::string{"ended connection-lost by "} + side.user + " 40s"});
  CHECK(line.silent());
  CHECK(word(line.record()) == "completed connection-lost 40s");
  CHECK(line.record().ended_by == user_id{side.user});
  CHECK(line.ends() == 1);
}

TEST_CASE("the leg moves to the next device that connects", "[call]") {
  auto side = any_side();
  auto line = talking();
  line.detach(side.device);
  line.hush();
  line.pass(29s);
  line.attach(side.next);
  CHECK(line.heard(side.next)[0].substr(0, 13) == "states active");
  CHECK(line.heard(side.other) == words{std::string{"reconnected "} + side.user});
  CHECK(line.machine().summary_for(user_id{side.user}).device == device_id{side.next});
  CHECK_FALSE(line.machine().next_deadline());

  line.attach(side.spare);
  line.hush();
  CHECK(line.relay(side.next, side.other, "1") == "ok");
  CHECK(line.heard(side.other).size() == 1);
  CHECK(line.relay(side.other, side.user, "2") == "ok");
  CHECK(line.heard(side.next).size() == 1);
  CHECK(line.relay(side.spare, side.other, "3") == "not_authorized");
  CHECK(line.relay(side.device, side.other, "4") == "not_authorized");
  CHECK(line.silent());
  line.pass(10min);
  CHECK(line.machine().state() == call_state::active);
}

TEST_CASE("a leg that moved can be lost and move again, with a whole grace each time", "[call]") {
  auto side = any_side();
  auto line = talking();
  line.detach(side.device);
  line.pass(20s);
  line.attach(side.next);
  line.pass(20s);
  line.hush();
  line.detach(side.next);
  CHECK(line.heard(side.other) == words{std::string{"reconnecting "} + side.user});
  line.pass(30s - 1ms);
  CHECK(line.machine().state() == call_state::active);
  line.pass(1ms);
  CHECK(line.machine().state() == call_state::ended);
}

TEST_CASE("a device that is there already is not the next that connects", "[call]") {
  call_line line{"a1", "a2", "b1", "b2"};
  line.initiate("a1");
  line.accept("b1");
  line.hush();
  auto [drops, idle, other] = GENERATE(
      table<const char*, const char*, const char*>({{"a1", "a2", "b1"}, {"b1", "b2", "a1"}}));
  line.detach(drops);
  line.hush();
  CHECK(line.relay(idle, other, "1") == "not_authorized");
  line.pass(30s);
  CHECK(line.machine().state() == call_state::ended);
}

TEST_CASE("a reload: the new device came before the old one was found lost", "[call]") {
  auto side = any_side();
  auto line = talking();
  line.attach(side.next);
  line.pass(20s);
  line.detach(side.device);
  line.hush();
  CHECK(line.relay(side.next, side.other, "1") == "ok");
  CHECK(line.heard(side.other).front() == std::string{"reconnected "} + side.user);
  CHECK_FALSE(line.machine().next_deadline());
}

TEST_CASE("devices that are not in the call come and go unnoticed", "[call]") {
  call_line line{"a1", "a2", "b1", "b2"};
  line.initiate("a1");
  line.accept("b1");
  line.hush();
  line.detach("a2");
  line.detach("b2");
  line.attach("a3");
  line.attach("b3");
  CHECK(line.heard("a3") == words{"states active to bob"});
  CHECK(line.heard("b3") == words{"states active from alice"});
  CHECK(line.silent());
  CHECK_FALSE(line.machine().next_deadline());
}

TEST_CASE("both drop: the call ends with the grace of the first", "[call]") {
  auto side = any_side();
  auto line = talking();
  line.detach(side.device);
  line.pass(10s);
  line.detach(side.other);
  line.pass(20s - 1ms);
  CHECK(line.machine().state() == call_state::active);
  line.pass(1ms);
  CHECK(word(line.record()) == "completed connection-lost 30s");
  CHECK(line.record().ended_by == user_id{side.user});
}

TEST_CASE("both drop and the first comes back: it hears that the other is away", "[call]") {
  auto side = any_side();
  auto line = talking();
  line.detach(side.device);
  line.pass(10s);
  line.detach(side.other);
  line.attach(side.next);
  CHECK(line.heard(side.next).back() == "reconnecting " + other_user(side));
  line.pass(30s);
  CHECK(line.heard(side.next) == words{"ended connection-lost by " + other_user(side) + " 40s"});
  CHECK(line.record().ended_by == user_of(side.other));
}

TEST_CASE("a call can be hung up while the other side is away", "[call]") {
  auto side = any_side();
  auto line = talking();
  line.pass(5s);
  line.detach(side.device);
  line.hush();
  CHECK(line.end(side.other) == "ok");
  CHECK(word(line.record()) == "completed hung-up 5s");
  CHECK(line.heard(side.other).size() == 2);
  line.attach(side.next);
  CHECK(line.heard(side.next) == words{"states"});
  CHECK(line.silent());
}

TEST_CASE("the call timeout goes on through a grace", "[call]") {
  call_settings settings;
  settings.call_timeout = 1min;
  auto side = any_side();
  auto line = talking(settings);
  line.pass(50s);
  line.detach(side.device);
  line.pass(10s);
  CHECK(word(line.record()) == "completed timeout 60s");
}

TEST_CASE("accepted while the caller was away: the usual grace begins", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("a1");
  line.detach("a1");
  line.pass(10s);
  line.hush();
  CHECK(line.accept("b1") == "ok");
  CHECK(line.heard("b1") == words{"accepted-confirm", "reconnecting alice"});
  CHECK(line.machine().next_deadline() == line.now() + 30s);
  line.pass(20s);
  line.attach("a2");
  CHECK(line.heard("a2").front() == "states active to bob");
  CHECK(line.heard("b1") == words{"reconnected alice"});
}

TEST_CASE("a leg over REST lives on any device and is lost with the last", "[call]") {
  call_line line{"a1", "a2", "b1"};
  line.initiate("alice");
  line.accept("b1");
  line.hush();
  line.detach("a1");
  CHECK(line.silent());
  line.detach("a2");
  CHECK(line.heard("b1") == words{"reconnecting alice"});
  line.pass(29s);
  line.attach("a3");
  CHECK(line.heard("b1") == words{"reconnected alice"});
  CHECK(line.relay("b1", "alice", "1") == "ok");
  CHECK(line.heard("a3").back() == "candidate bob 1");
}

TEST_CASE("a leg over REST of a user without a device has only the grace", "[call]") {
  call_line line{"b1"};
  line.initiate("alice");
  line.accept("bob");
  line.hush();
  CHECK(line.machine().next_deadline() == line.now() + 30s);
  line.pass(30s);
  CHECK(line.heard("b1") == words{"ended connection-lost by alice 30s"});
}

// Commands and the news of devices take different ways to the machine, so either can come first.

TEST_CASE("an accept by a device that has already gone starts its grace", "[call]") {
  auto how = GENERATE(0, 1);
  call_line line{"a1", "b1", "b2"};
  line.initiate("a1");
  line.detach("b1");
  line.hush();
  CHECK((how == 0 ? line.accept("b1") : line.again("b1")) == "ok");
  CHECK(line.heard("a1") == words{"accepted bob", "reconnecting bob"});
  CHECK(line.machine().next_deadline() == line.now() + 30s);
  line.pass(30s);
  CHECK(word(line.record()) == "completed connection-lost 30s");
}

TEST_CASE("a leg over REST that a gone device claims starts its grace", "[call]") {
  call_line line{"a1", "a2", "b1"};
  line.initiate("alice");
  line.accept("b1");
  line.detach("a1");
  line.relay("a1", "bob", "1");
  auto due = line.machine().next_deadline();
  auto still = line.machine().leg_is_live_or_in_grace(user_of("a"), line.now());
  CHECK(still);
  if (due)
    CHECK(*due == line.now() + 30s);
}

TEST_CASE("an accept that comes before the news of its device is only unsettled by it", "[call]") {
  call machine{call_settings{}};
  auto now = from_epoch_ms(1'000'000);
  auto tell = [&](const char* who, std::vector<device_id> devices) {
    return machine.apply(command::presence{user_of(who), std::move(devices)}, now);
  };
  (void)machine.apply(command::place{from("a1"), call_id{"c"}, view_of(user_of("a")),
                                     view_of(user_of("b")), media_type::audio, placement::ring},
                      now);
  (void)tell("alice", {device_id{"a1"}});
  (void)tell("bob", {});
  CHECK(word(machine.apply(command::accept{from("b1"), call_id{"c"}}, now).reply) == "ok");
  (void)tell("bob", {device_id{"b1"}});
  CHECK_FALSE(machine.next_deadline());
  CHECK(machine.summary_for(user_of("b")).device == device_id{"b1"});
}

TEST_CASE("a socket that resumes keeps a leg that is bound to none", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("alice");
  line.accept("b1");
  line.lose("a1");
  CHECK(line.machine().next_deadline() == line.now() + 30s);
  line.pass(29s);
  line.hush();
  line.resume("a1");
  CHECK(line.heard("b1") == words{"reconnected alice"});
  line.pass(10min);
  CHECK(line.machine().state() == call_state::active);
}
