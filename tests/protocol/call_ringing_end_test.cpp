#include "tests/catch.hpp"
#include "tests/protocol/call_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

// How a call can end before it was accepted, and who hears what of it.

namespace {

call_line ringing() {
  call_line line{"a1", "a2", "b1", "b2"};
  line.initiate("a1");
  line.hush();
  return line;
}

} // namespace

TEST_CASE("a reject: each side hears its own word, once", "[call]") {
  auto line = ringing();
  CHECK(line.reject("b1") == "ok");
  CHECK(line.heard("b1") == words{"rejected-confirm"});
  CHECK(line.heard("a1") == words{"rejected bob"});
  CHECK(line.heard("b2") == words{"ended rejected by bob 0s"});
  CHECK(line.silent());
  CHECK(word(line.record()) == "rejected rejected 0s");
  CHECK(line.record().ended_by == user_id{"bob"});
  CHECK(line.ends() == 1);
  CHECK(line.accept("b2") == "already_processed");
  CHECK(line.reject("b2") == "already_processed");
  CHECK(line.silent());
}

TEST_CASE("a reject over REST is told to the devices of both", "[call]") {
  auto line = ringing();
  CHECK(line.reject("bob") == "ok");
  CHECK(line.heard("a1") == words{"rejected bob"});
  CHECK(line.heard("b1") == words{"ended rejected by bob 0s"});
  CHECK(line.heard("b2") == words{"ended rejected by bob 0s"});
  CHECK(line.silent());
}

TEST_CASE("a receiver who ends while it rings rejects, and is confirmed as an ender", "[call]") {
  auto line = ringing();
  CHECK(line.end("b2") == "ok");
  CHECK(line.heard("b2") == words{"rejected-confirm", "ended-confirm rejected 0s"});
  CHECK(line.heard("a1") == words{"rejected bob"});
  CHECK(line.heard("b1") == words{"ended rejected by bob 0s"});
  CHECK(line.silent());
  CHECK(word(line.record()) == "rejected rejected 0s");
}

TEST_CASE("a caller who ends while it rings cancels, and the receiver has missed it", "[call]") {
  auto line = ringing();
  line.pass(12s);
  CHECK(line.end("a1") == "ok");
  CHECK(line.heard("b1") == words{"ended cancelled by alice 0s"});
  CHECK(line.heard("b2") == words{"ended cancelled by alice 0s"});
  CHECK(line.heard("a1") == words{"ended-confirm cancelled 0s"});
  CHECK(line.silent());
  CHECK(word(line.record()) == "cancelled cancelled 0s missed");
  CHECK(line.record().ended_by == user_id{"alice"});
  CHECK_FALSE(line.record().ring_deadline);
}

TEST_CASE("a caller cancels over REST: every device that knows of the call hears it", "[call]") {
  auto line = ringing();
  CHECK(line.end("alice") == "ok");
  CHECK(line.heard("a1") == words{"ended cancelled by alice 0s"});
  CHECK(line.heard("b1") == words{"ended cancelled by alice 0s"});
  CHECK(line.heard("b2") == words{"ended cancelled by alice 0s"});
  CHECK(line.silent());
}

TEST_CASE("a cancel before the accept: the accept is too late", "[call]") {
  auto line = ringing();
  CHECK(line.end("a1") == "ok");
  line.hush();
  CHECK(line.accept("b1") == "already_processed");
  CHECK(line.silent());
  CHECK(word(line.record()) == "cancelled cancelled 0s missed");
}

TEST_CASE("an accept before the cancel: the cancel hangs up", "[call]") {
  auto line = ringing();
  CHECK(line.accept("b1") == "ok");
  line.hush();
  CHECK(line.end("a1") == "ok");
  CHECK(line.heard("a1") == words{"ended hung-up by alice 0s", "ended-confirm completed 0s"});
  CHECK(line.heard("b1") == words{"ended hung-up by alice 0s"});
  CHECK(word(line.record()) == "completed hung-up 0s");
}

TEST_CASE("both reject and cancel: the first of them stands", "[call]") {
  auto line = ringing();
  SECTION("reject first") {
    line.reject("b1");
    line.hush();
    CHECK(line.end("a1") == "ok");
    CHECK(line.heard("a1") == words{"ended-confirm rejected 0s"});
    CHECK(line.silent());
    CHECK(word(line.record()) == "rejected rejected 0s");
  }
  SECTION("cancel first") {
    line.end("a1");
    line.hush();
    CHECK(line.reject("b1") == "already_processed");
    CHECK(line.silent());
    CHECK(word(line.record()) == "cancelled cancelled 0s missed");
  }
}

TEST_CASE("confirmations of an end wait for the commit, what the others hear does not", "[call]") {
  auto line = ringing();
  SECTION("reject") { line.reject("b1"); }
  SECTION("decline by ending") { line.end("b1"); }
  SECTION("cancel") { line.end("a1"); }
  SECTION("hang up") {
    line.accept("b1");
    line.end("b1");
  }
  REQUIRE(line.last().record);
  for (const auto& [to, what, durable] : line.last().events)
    CHECK(durable
          == (std::holds_alternative<event::ended_confirm>(what)
              || std::holds_alternative<event::rejected_confirm>(what)));
}

TEST_CASE("the caller's device drops while it rings and does not come back", "[call]") {
  auto line = ringing();
  line.pass(2s);
  line.detach("a1");
  CHECK(line.silent());
  CHECK(line.machine().next_deadline() == line.now() + 15s);
  line.pass(15s - 1ms);
  CHECK(line.silent());
  line.pass(1ms);
  CHECK(line.heard("b1") == words{"ended connection-lost by alice 0s"});
  CHECK(line.heard("b2") == words{"ended connection-lost by alice 0s"});
  CHECK(line.silent());
  CHECK(word(line.record()) == "cancelled connection-lost 0s missed");
  CHECK(line.ends() == 1);
}

TEST_CASE("the caller's device drops while it rings and another comes in time", "[call]") {
  auto line = ringing();
  line.detach("a1");
  line.pass(14s);
  line.attach("a3");
  CHECK(line.heard("a3") == words{"states ringing to bob"});
  line.pass(20s);
  CHECK(line.silent());
  CHECK(line.accept("b1") == "ok");
  CHECK(line.heard("a3") == words{"accepted bob"});
  CHECK(line.relay("a3", "bob", "1") == "ok");
}

TEST_CASE("a caller whose device dropped and who calls again from another is back", "[call]") {
  auto line = ringing();
  line.detach("a1");
  CHECK(line.again("a2") == "ok");
  CHECK(line.heard("a2") == words{"initiated bob"});
  line.pass(30s);
  CHECK(line.machine().state() == call_state::ringing);
  CHECK(line.accept("b1") == "ok");
  CHECK(line.heard("a2") == words{"accepted bob"});
}

TEST_CASE("the ring goes on through the caller's grace, up to its own end", "[call]") {
  auto line = ringing();
  line.pass(40s);
  line.detach("a1");
  line.pass(5s);
  CHECK(line.heard("b1") == words{"ended no-answer by nobody 0s"});
  CHECK(word(line.record()) == "missed no-answer 0s missed");
}

TEST_CASE("a caller who drops before the call hears of its devices is noticed", "[call]") {
  call machine{call_settings{}};
  auto now = from_epoch_ms(1'000'000);
  (void)machine.apply(command::place{from("a1"), call_id{"c"}, view_of(user_of("a")),
                                     view_of(user_of("b")), media_type::audio, placement::ring},
                      now);
  (void)machine.apply(command::presence{user_of("a"), {}}, now + 1s);
  CHECK(machine.next_deadline() == now + 1s + 15s);
}

TEST_CASE("a caller over REST needs no socket while it rings", "[call]") {
  call_line line{"a1", "b1"};
  line.initiate("alice");
  line.detach("a1");
  line.hush();
  line.pass(44s);
  CHECK(line.silent());
  CHECK(line.machine().state() == call_state::ringing);
}

TEST_CASE("the receiver may lose all devices while it rings", "[call]") {
  auto line = ringing();
  line.detach("b1");
  line.detach("b2");
  line.pass(20s);
  CHECK(line.silent());
  line.attach("b3");
  CHECK(line.heard("b3") == words{"states ringing from alice", "incoming alice video"});
  CHECK(line.accept("b3") == "ok");
  CHECK(line.heard("a1") == words{"accepted bob"});
}
