#include "tests/catch.hpp"
#include "tests/protocol/session_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("opening a session invites those that it names, on each device", "[session]") {
  session_line line{"a1", "b1", "b2", "c1"};
  CHECK(line.open() == "ok");
  CHECK(line.heard("b1") == words{"invited by alice"});
  CHECK(line.heard("b2") == words{"invited by alice"});
  CHECK(line.heard("c1") == words{"invited by alice"});
  CHECK(line.silent()); // Alice has the answer to her request

  const auto& record = line.record();
  CHECK(record.id == line.id);
  CHECK(record.kind() == call_kind::session);
  CHECK(record.version == 1);
  CHECK(record.caller == user_of("a"));
  CHECK(record.status == call_status::waiting);
  CHECK(record.created_at == line.now());
  CHECK(record.ring_deadline == line.now() + 45s);
  CHECK(record.call_deadline == line.now() + 60min);
  CHECK(record.session().invited_until == line.now() + 45s);
  REQUIRE(record.people.size() == 3);
  CHECK(line.person("a").role == participant_role::initiator);
  CHECK(line.person("a").invited == invitation::none);
  for (auto who : {"b", "c"}) {
    CHECK(line.person(who).role == participant_role::participant);
    CHECK(line.person(who).invited == invitation::pending);
    CHECK_FALSE(line.person(who).joined_at);
  }
  CHECK(record.count_in() == 0);
  CHECK_FALSE(line.machine().occupies(user_of("a")));
}

TEST_CASE("the invitation is told to devices that connect while it is pending", "[session]") {
  session_line line{"b1"};
  line.open();
  line.hush();
  line.attach("b2");
  CHECK(line.heard("b2") == words{"states waiting invited", "invited by alice"});
  line.attach("c1");
  CHECK(line.heard("c1") == words{"states waiting invited", "invited by alice"});
  line.attach("a1");
  CHECK(line.heard("a1") == words{"states waiting mine"});

  SECTION("not after it was accepted") {
    line.join("b1");
    line.hush();
    line.attach("b3");
    CHECK(line.heard("b3") == words{"states waiting in"});
  }
  SECTION("not after it expired, but the session still shows") {
    line.join("a1");
    line.pass(45s);
    line.hush();
    line.attach("c2");
    CHECK(line.heard("c2") == words{"states waiting"});
  }
  SECTION("not twice to a device that was only away for a moment") {
    line.lose("b2");
    line.hush();
    line.resume("b2");
    CHECK(line.heard("b2") == words{"states waiting invited"});
  }
}

TEST_CASE("invitations expire without a word", "[session]") {
  session_line line{"a1", "b1", "c1"};
  line.open();
  line.join("b1");
  line.hush();
  line.pass(44s);
  CHECK(line.person("c").invited == invitation::pending);
  auto version = line.record().version;
  line.pass(1s);
  CHECK(line.silent());
  CHECK(line.record().version == version + 1);
  CHECK_FALSE(line.record().ring_deadline);
  CHECK(line.person("c").invited == invitation::expired);
  CHECK(line.person("c").version == version + 1);
  CHECK(line.person("b").invited == invitation::accepted);
  CHECK(line.person("b").version < version + 1);
  CHECK(line.machine().state() == call_state::ringing); // somebody waits alone

  SECTION("but not the right to join") {
    line.pass(10min);
    CHECK(line.ask("c1") == "ok");
    CHECK(line.join("c1") == "ok");
    CHECK(line.person("c").invited == invitation::accepted);
    CHECK(line.person("c").responded_at == line.now());
  }
}

TEST_CASE("a session that nobody joins ends with the ring timeout", "[session]") {
  session_line line{"a1", "b1", "c1"};
  line.open();
  line.hush();
  line.pass(45s);
  CHECK(word(line.record()) == "ended no-answer 0s");
  for (auto device : {"a1", "b1", "c1"})
    CHECK(line.heard(device) == words{"session-ended no-answer by nobody 0s"});
  CHECK(line.record().ended_by.empty());
  CHECK(line.person("b").invited == invitation::expired);
  CHECK(line.ends() == 1);
  CHECK_FALSE(line.machine().next_deadline());
  CHECK(line.ask("b1") == "call_not_found");
  CHECK(line.join("b1") == "call_not_found");
}

TEST_CASE("who waits alone does so until the call timeout", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  line.pass(10s);
  line.join("a1");
  line.pass(60min - 11s);
  CHECK(line.machine().state() == call_state::ringing);
  line.hush();
  line.pass(1s);
  CHECK(word(line.record()) == "ended timeout 0s");
  CHECK(line.heard("b1") == words{"session-ended timeout by nobody 0s"});
  CHECK(line.person("a").present == 60min - 10s);
}

TEST_CASE("once active the call timeout counts from the second join", "[session]") {
  session_line line{"a1", "b1", "c1"};
  line.open();
  line.join("a1");
  line.pass(20min);
  line.join("b1");
  CHECK(line.record().call_deadline == line.now() + 60min);
  line.pass(30min);
  line.join("c1"); // the third one changes nothing
  line.pass(30min - 1ms);
  CHECK(line.machine().state() == call_state::active);
  line.pass(1ms);
  CHECK(word(line.record()) == "ended timeout 3600s");
  CHECK(line.heard("c1").back() == "session-ended timeout by nobody 3600s");
}

TEST_CASE("without a call timeout only the ring timeout is due", "[session]") {
  call_settings settings;
  settings.session_timeout = std::chrono::minutes{0};
  session_line line{{"a1", "b1"}, "b", {}, settings};
  line.open();
  CHECK_FALSE(line.record().call_deadline);
  line.join("a1");
  line.pass(45s);
  CHECK_FALSE(line.machine().next_deadline());
  line.join("b1");
  CHECK_FALSE(line.machine().next_deadline());
  line.pass(24h);
  CHECK(line.machine().state() == call_state::active);
}

TEST_CASE("whether one may join can be asked without joining", "[session]") {
  session_facts facts;
  facts.seats = 2;
  session_line line{{"a1", "b1", "c1"}, "bc", facts};
  line.open();
  CHECK(line.ask("bob") == "ok");
  CHECK(line.ask("alice") == "ok");
  CHECK(line.ask("zoe") == "not_invited");
  CHECK(line.written().size() == 1);
  line.join("a1");
  line.join("b1");
  line.hush();
  CHECK(line.ask("carol") == "session_full");
  CHECK(line.ask("bob") == "ok"); // is in
  CHECK(line.ask("zoe") == "not_invited");
  CHECK(line.silent());
}

TEST_CASE("a session does not know the commands of direct calls", "[session]") {
  session_line line{"a1", "b1"};
  line.open();
  line.join("a1");
  line.join("b1");
  line.hush();
  auto count = line.written().size();
  CHECK(line.run(command::accept{from("b1"), line.id}) == "call_not_found");
  CHECK(line.run(command::reject{from("b1"), line.id}) == "call_not_found");
  CHECK(line.run(command::end{from("a1"), line.id}) == "call_not_found");
  CHECK(line.run(command::again{from("b1"), user_of("a")}) == "call_not_found");
  CHECK(line.run(command::relay{from("a1"), line.id, user_of("b"), relay_kind::offer, "1"})
        == "call_not_found");
  CHECK(line.run(command::accept{from("b1", call_kind::session), line.id}) == "call_not_found");
  CHECK(line.silent());
  CHECK(line.written().size() == count);
}

TEST_CASE("a direct call does not know the commands of sessions", "[session]") {
  call_stage line{call_kind::direct, {}};
  call_id id{"0123456789abcdef01234567"};
  line.attach("b1");
  line.run(command::place{from("a1"), id, view_of(user_of("a")), view_of(user_of("b"))});
  line.hush();
  auto by = from("b1", call_kind::session);
  CHECK(line.run(command::end{by, id}) == "call_not_found");
  CHECK(line.run(command::end{by, id, true}) == "call_not_found");
  CHECK(line.run(command::join{by, id, {}}) == "call_not_found");
  CHECK(line.run(command::join{from("b1"), id, {}}) == "call_not_found");
  CHECK(line.run(command::leave{by, id}) == "call_not_found");
  CHECK(line.run(command::ask_to_join{by, id}) == "call_not_found");
  CHECK(line.run(command::set_media{by, id, true, {}, {}}) == "call_not_found");
  CHECK(line.silent());
  CHECK(line.written().size() == 1);
}
