#include "tests/catch.hpp"
#include "tests/protocol/video_fixture.hpp"

using namespace carillon;
using namespace carillon::test;

TEST_CASE("creating a video call tells all for whom it is", "[video]") {
  video_line line{"a1", "b1", "b2", "z1"};
  CHECK(line.create() == "ok");
  const auto& record = line.record();
  CHECK(record.id == line.id);
  CHECK(record.caller == user_of("a"));
  CHECK(record.status == call_status::created);
  CHECK(record.state() == call_state::ringing);
  CHECK(record.version == 1);
  CHECK(record.created_at == line.now());
  CHECK(record.video().updated_at == line.now());
  CHECK(record.video().invited_until == line.now() + 2h);
  CHECK(record.call_deadline == line.now() + 2h);
  CHECK_FALSE(record.ring_deadline);
  CHECK_FALSE(record.at_rest());
  CHECK(record.count_in() == 0);
  CHECK(line.last().reply->value() == record);
  for (auto device : {"a1", "b1", "b2"})
    CHECK(line.heard(device) == words{"created by alice v1"});
  CHECK(line.silent());
  for (const auto& sent : line.last().events)
    CHECK(sent.durable);
}

TEST_CASE("members have the roles that they were given", "[video]") {
  video_line line{{}, facts_with("!bCd")};
  line.create();
  CHECK(line.person("a").role == participant_role::admin);
  CHECK(line.person("a").invited == invitation::none);
  CHECK(line.person("b").role == participant_role::admin);
  CHECK(line.person("c").role == participant_role::moderator);
  CHECK(line.person("d").role == participant_role::participant);
  for (auto who : {"b", "c", "d"}) {
    CHECK(line.person(who).invited == invitation::pending);
    CHECK_FALSE(line.person(who).joined_at);
    CHECK(line.person(who).version == 1);
  }
}

TEST_CASE("only admin and moderator are roles with more rights", "[video]") {
  video_facts facts;
  facts.call_id = "standup";
  for (auto [name, role] :
       {std::pair{"b", "call_member"}, {"c", "participant"}, {"d", "initiator"}})
    facts.members.push_back({user_of(name), role});
  video_line line{{}, facts};
  line.create();
  for (auto who : {"b", "c", "d"})
    CHECK(line.person(who).role == participant_role::participant);
}

TEST_CASE("a call without members is at rest from the beginning", "[video]") {
  video_line line{{"a1"}, facts_with("")};
  line.create();
  CHECK(line.record().at_rest());
  CHECK_FALSE(line.machine().next_deadline());
  CHECK(line.heard("a1") == words{"created by alice v1"});
}

TEST_CASE("creating again gives the first call as it is", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.enter("b1");
  line.hush();
  auto count = line.written().size();
  line.pass(1s);

  SECTION("while it lives") {
    CHECK(line.create() == "ok");
    CHECK(line.last().reply->value() == line.record());
  }
  SECTION("and when it is over") {
    line.leave("b1");
    line.hush();
    count = line.written().size();
    CHECK(line.create() == "ok");
    CHECK(line.last().reply->value().status == call_status::ended);
  }
  SECTION("but not to another user") {
    CHECK(line.create("bob") == "call_exists");
    CHECK(line.create("zoe") == "call_exists");
  }
  CHECK(line.silent());
  CHECK(line.written().size() == count);
}

TEST_CASE("a call found in the store that is over only answers", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.enter("b1");
  line.leave("b1");
  auto closed = call::closed({}, line.record());
  auto ask = [&](call_command cmd) { return word(closed.apply(std::move(cmd), line.now()).reply); };
  auto by = [](std::string_view who) { return from(who, call_kind::video); };
  auto facts = line.record().video().facts;
  CHECK(ask(command::create{by("alice"), line.id, facts, {view_of(user_of("a"))}}) == "ok");
  CHECK(ask(command::create{by("bob"), line.id, facts, {view_of(user_of("b"))}}) == "call_exists");
  CHECK(ask(command::leave{by("bob"), line.id}) == "ok");
  CHECK(ask(command::leave{by("carol"), line.id}) == "not_in_call");
  CHECK(ask(command::leave{by("zoe"), line.id}) == "call_not_found");
  CHECK(ask(command::enter_call{by("bob"), line.id, view_of(user_of("b"))}) == "call_over");
  CHECK(ask(command::enter_call{by("zoe"), line.id, view_of(user_of("z"))}) == "call_not_found");
  CHECK(ask(command::set_status{by("alice"), line.id}) == "invalid_status_change");
  CHECK(ask(command::answer_invitation{by("carol"), line.id}) == "call_over");
  CHECK(ask(command::kick{by("alice"), line.id, user_of("b")}) == "not_in_call");
  CHECK(closed.record() == line.record());
}

TEST_CASE("a video call has words of its own", "[video]") {
  video_line line{"a1", "b1"};
  line.create();
  line.hush();
  auto by = from("b1", call_kind::video);
  CHECK(line.run(command::accept{by, line.id}) == "call_not_found");
  CHECK(line.run(command::join{by, line.id, {}}) == "call_not_found");
  CHECK(line.run(command::set_media{by, line.id, true, {}, {}}) == "call_not_found");
  CHECK(line.run(command::end{by, line.id, true}) == "call_not_found");
  CHECK(line.run(command::relay{by, line.id, user_of("a"), relay_kind::offer, "1"})
        == "call_not_found");
  by.family = call_kind::direct;
  CHECK(line.run(command::leave{by, line.id}) == "call_not_found");
  CHECK(line.silent());
  CHECK(line.machine().routes().empty());
}

TEST_CASE("no call of another kind takes a video call's words", "[video]") {
  call_stage direct{call_kind::direct, {}};
  direct.run(command::place{from("a1"), call_id{"c"}, view_of(user_of("a")), view_of(user_of("b")),
                            media_type::audio, placement::ring});
  auto facts = std::make_shared<const video_facts>(facts_with(""));
  CHECK(direct.run(command::create{
            from("alice", call_kind::video), call_id{"c"}, facts, {view_of(user_of("a"))}})
        == "call_not_found");
  CHECK(direct.run(command::enter_call{from("b1"), call_id{"c"}, view_of(user_of("b"))})
        == "call_not_found");
}
