#include "tests/actors/meeting.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

session_facts therapy(std::string id) {
  session_facts facts;
  facts.type = session_type::therapy;
  facts.therapy_session = std::move(id);
  return facts;
}

} // namespace

TEST_CASE("everybody named is invited on every device, also on one that comes later",
          "[session_open]") {
  meeting m;
  auto alice = m.connect("a1");
  auto phone = m.connect("b1");
  auto laptop = m.connect("b2");
  m.know("c");
  auto stranger = m.connect("d1");
  auto opened = call_of(m.try_open('a', "bc"));
  const auto& id = opened.call.id;
  CHECK(opened.call.status == call_status::waiting);
  CHECK(opened.call.session().facts->seats == 8);
  REQUIRE(opened.users.size() == 3);
  CHECK(opened.users[1].online);
  CHECK_FALSE(opened.users[2].online);
  CHECK(since(phone, 1) == strings{"call_invitation"});
  CHECK(since(laptop, 1) == strings{"call_invitation"});
  CHECK(values_of(phone->last("call_invitation"), "sessionId") == strings{id.str()});
  CHECK(since(alice, 1).empty());

  m.w.run(seconds{30});
  auto late = m.connect("c1");
  CHECK(late->names == strings{"callState", "call_invitation"});
  CHECK(values_of(late->last("callState"), "callId") == strings{id.str()});
  CHECK(since(stranger, 1).empty());
}

TEST_CASE("an invitation expires silently, the right to join does not", "[session_open]") {
  meeting m;
  auto alice = m.connect("a1");
  auto phone = m.connect("b1");
  m.know("c");
  auto id = m.open('a', "bc");
  REQUIRE(m.join(alice, id).ok());
  auto seen = phone->names.size();
  m.w.run(seconds{46});
  CHECK(phone->names.size() == seen);

  auto laptop = m.connect("b2");
  CHECK(laptop->names == strings{"callState"});
  CHECK(values_of(laptop->last("callState"), "callId") == strings{id.str()});
  REQUIRE(m.join(laptop, id).ok());
  CHECK(since(laptop, 1) == strings{"call_session_joined"});
  CHECK(phone->names.back() == "call_answered_elsewhere");
  auto bob = m.record('a', id).people[1];
  CHECK(bob.invited == invitation::accepted);
}

TEST_CASE("who is named has to be known", "[session_open]") {
  meeting m;
  auto alice = m.connect("a1");
  auto bob = m.connect("b1");
  auto actors = m.w.running_actors();
  auto refused = m.try_open('a', "bc");
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == error_code::unknown_participant);
  CHECK(refused.error().detail == "carol");
  CHECK(m.try_open('d', "b").error().code == error_code::not_authenticated);
  CHECK(m.w.running_actors() == actors);
  CHECK(since(bob, 1).empty());
}

TEST_CASE("a user is read from the store where it has to be", "[session_open]") {
  meeting m;
  m.know("bc");
  m.w.restart();
  auto alice = m.connect("a1");
  auto opened = call_of(m.try_open('a', "bc"));
  CHECK(opened.users[2].user->display_name() == "carol's name");
  auto bob = m.connect("b1");
  CHECK(bob->count("call_invitation") == 1);
}

TEST_CASE("a session has so many seats", "[session_open]") {
  actors::engine_settings how;
  how.calls.max_participants = 3;
  meeting m{how};
  auto alice = m.connect("a1");
  auto bob = m.connect("b1");
  auto carol = m.connect("c1");
  m.know("d");
  CHECK(m.try_open('a', "bcd").error().code == error_code::too_many_participants);
  session_facts facts;
  facts.seats = 4;
  CHECK(m.try_open('a', "bc", facts).error().detail == "maxParticipants");
  facts.seats = 2;
  auto id = m.open('a', "bc", facts);
  REQUIRE(m.join(alice, id).ok());
  REQUIRE(m.join(bob, id).ok());
  CHECK(word_of(m.join(carol, id)) == "session_full");
  REQUIRE(m.leave(alice, id).ok());
  CHECK(m.join(carol, id).ok());
  CHECK(m.record('a', m.open('a', "bc")).session().facts->seats == 3);
}

TEST_CASE("a therapy session is live once at a time", "[session_open]") {
  meeting m;
  auto alice = m.connect("a1");
  auto bob = m.connect("b1");
  auto carol = m.connect("c1");
  auto id = m.open('a', "b", therapy("t-1"));
  auto actors = m.w.running_actors();
  CHECK(word_of(m.try_open('c', "b", therapy("t-1"))) == "therapy_session_live");
  CHECK(m.w.running_actors() == actors);
  CHECK(bob->count("call_invitation") == 1);
  CHECK(m.try_open('c', "b", therapy("t-2")).ok());
  auto group = therapy("t-1");
  group.type = session_type::group;
  CHECK(m.try_open('c', "b", group).ok());

  SECTION("until it ends") { REQUIRE(m.end('a', id).ok()); }
  SECTION("until nobody came") { m.w.run(seconds{46}); }
  SECTION("over a restart, too") {
    REQUIRE(m.join(alice, id).ok());
    m.w.restart(seconds{5});
    CHECK(word_of(m.try_open('c', "b", therapy("t-1"))) == "therapy_session_live");
    m.w.run(seconds{31});
  }
  CHECK(m.try_open('c', "b", therapy("t-1")).ok());
  CHECK(word_of(m.try_open('a', "b", therapy("t-1"))) == "therapy_session_live");
}

TEST_CASE("of two who begin a therapy session in one moment one does", "[session_open]") {
  meeting m;
  auto alice = m.connect("a1");
  auto bob = m.connect("b1");
  m.w.submit(alice, m.gather('a', "b", therapy("t-1")));
  m.w.submit(bob, m.gather('b', "a", therapy("t-1")));
  m.w.run();
  CHECK(word_of(alice->answers.at(1)) == "ok");
  CHECK(word_of(bob->answers.at(1)) == "therapy_session_live");
}
