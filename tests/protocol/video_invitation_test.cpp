#include "tests/catch.hpp"
#include "tests/protocol/video_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("members accept and decline", "[video]") {
  video_line line{"a1", "b1", "c1"};
  line.create();
  line.hush();
  line.pass(1s);
  CHECK(line.accept("bob") == "ok");
  CHECK(line.person("b").invited == invitation::accepted);
  CHECK(line.person("b").responded_at == line.now());
  CHECK_FALSE(line.person("b").joined_at);
  CHECK(line.record().call_deadline);
  line.pass(1s);
  CHECK(line.decline("c1") == "ok");
  CHECK(line.person("c").invited == invitation::declined);
  CHECK_FALSE(line.record().call_deadline); // nobody is to answer any more
  CHECK(line.record().at_rest());
  for (auto device : {"a1", "b1", "c1"})
    CHECK(line.heard(device) == words{"updated created v2", "updated created v3"});
}

TEST_CASE("the same answer again is the same", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.accept("b1");
  auto then = line.now();
  line.hush();
  line.pass(3h);
  line.hush();
  auto count = line.written().size();
  CHECK(line.accept("b1") == "ok");
  CHECK(line.person("b").responded_at == then);
  CHECK(line.silent());
  CHECK(line.written().size() == count);
}

TEST_CASE("an answer may change", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.decline("b1");
  line.pass(1s);
  CHECK(line.accept("b1") == "ok");
  CHECK(line.person("b").invited == invitation::accepted);
  CHECK(line.person("b").responded_at == line.now());
  line.pass(1s);
  CHECK(line.decline("b1") == "ok");
  CHECK(line.person("b").invited == invitation::declined);

  SECTION("but nobody declines from inside") {
    line.enter("b1");
    CHECK(line.decline("b1") == "invalid_status_change");
    CHECK(line.accept("b1") == "ok");
    line.enter("a1");
    line.leave("b1");
    CHECK(line.decline("b1") == "ok");
  }
  SECTION("nor when the time is over") {
    line.pass(3h);
    CHECK(line.accept("b1") == "invitation_expired");
  }
}

TEST_CASE("only who is invited answers", "[video]") {
  video_line line{"a1"};
  line.create();
  CHECK(line.accept("alice") == "not_invited_to_call");
  CHECK(line.decline("a1") == "not_invited_to_call");
  CHECK(line.accept("zoe") == "call_not_found");
  video_line open{{"a1"}, facts_with("")};
  open.create();
  CHECK(open.accept("zoe") == "not_invited_to_call");
  open.enter("zoe");
  CHECK(open.accept("zoe") == "not_invited_to_call");
}

TEST_CASE("invitations expire in time", "[video]") {
  video_line line{"a1", "b1", "c1"};
  line.create();
  line.accept("b1");
  line.hush();
  line.pass(2h - 1ms);
  CHECK(line.silent());
  line.pass(1ms);
  CHECK(line.person("c").invited == invitation::expired);
  CHECK_FALSE(line.person("c").responded_at);
  CHECK(line.person("b").invited == invitation::accepted);
  CHECK(line.record().at_rest());
  CHECK(line.record().status == call_status::created);
  for (auto device : {"a1", "b1", "c1"})
    CHECK(line.heard(device) == words{"updated created v3"});
  CHECK(line.accept("c1") == "invitation_expired");
  CHECK(line.decline("c1") == "invitation_expired");
  line.attach("c2");
  CHECK(line.heard("c2") == words{"states created"});
}

TEST_CASE("an answer that comes before a late timer is too late, too", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  auto& machine = line.machine();
  command::answer_invitation yes{from("b1", call_kind::video), line.id, true};
  CHECK(word(machine.apply(yes, line.now() + 2h).reply) == "invitation_expired");
  CHECK(word(machine.apply(yes, line.now() + 2h - 1ms).reply) == "ok");
}

TEST_CASE("nobody answers when the call is over", "[video]") {
  video_line line{"a1", "b1", "c1"};
  line.create();
  line.accept("b1");
  line.set("alice", call_status::cancelled);
  CHECK(line.accept("b1") == "call_over");
  CHECK(line.decline("c1") == "call_over");
  CHECK(line.accept("alice") == "not_invited_to_call");
  CHECK(line.person("c").invited == invitation::expired);
}

TEST_CASE("a device that connects is told of an invitation that is pending", "[video]") {
  video_line line{"a1", "b1", "c1"};
  line.create();
  line.set("alice", call_status::active);
  line.decline("c1");
  line.hush();
  line.attach("b2");
  CHECK(line.heard("b2") == words{"states active invited", "created by alice v3"});
  CHECK(line.last().events[0].durable);
  line.attach("c2");
  CHECK(line.heard("c2") == words{"states active"});
  line.attach("a2");
  CHECK(line.heard("a2") == words{"states active mine"});
  CHECK(line.silent());
}

TEST_CASE("sessions know what the call is to their user", "[video]") {
  video_line line{{"a1", "b1"}, facts_with("!bCd")};
  line.create();
  auto of = [&](std::string_view who) { return line.machine().summary_for(user_of(who)); };
  CHECK(of("a").shown_as == "standup");
  CHECK(of("a").call == line.id);
  CHECK(of("a").kind == call_kind::video);
  CHECK(of("a").is_caller);
  CHECK(of("a").role == participant_role::admin);
  CHECK_FALSE(of("a").ring_deadline);
  CHECK_FALSE(of("b").is_caller);
  CHECK(of("b").role == participant_role::admin);
  CHECK(of("b").ring_deadline == line.now() + 2h);
  CHECK(of("c").role == participant_role::moderator);
  CHECK(of("d").role == participant_role::participant);
  CHECK_FALSE(of("d").joined);
  CHECK_FALSE(of("d").type);
  line.enter("dave");
  CHECK(of("d").joined);
  CHECK(of("d").device.empty());
  CHECK_FALSE(of("d").ring_deadline);
}
