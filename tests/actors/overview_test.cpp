#include "actors/overview.hpp"

#include "tests/actors/ladders.hpp"
#include "tests/actors/video_calls.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

std::string people(world& w, std::initializer_list<const char*> ids) {
  query::people what;
  for (const auto* id : ids)
    what.ids.emplace_back(id);
  auto answer = w.read(what);
  REQUIRE(answer.ok());
  std::string all;
  for (const auto& one : std::get<people_list>(*answer).users)
    all += one.user->id.str() + (one.online ? "+ " : "- ");
  return all;
}

} // namespace

TEST_CASE("people who are asked for, with whether they are online", "[overview]") {
  world w;
  auto alice = w.connect("alice", "a1");
  w.know("bob");
  CHECK(people(w, {"bob", "nobody", "alice"}) == "bob- alice+ ");
  w.disconnect(alice);
  CHECK(people(w, {"alice"}) == "alice- ");
  w.run(seconds{1});
  w.restart(); // nobody is in the book now
  CHECK(people(w, {"alice", "bob", "nobody"}) == "alice- bob- ");
  w.stores->away = true;
  CHECK(people(w, {"alice", "nobody"}) == "alice- ");
}

TEST_CASE("the calls of one user come from the store", "[overview]") {
  meeting m;
  auto alice = m.connect("a1");
  auto bob = m.connect("b1");
  auto carol = m.connect("c1");
  auto first = m.w.call(alice, "bob");
  REQUIRE(m.w.ask(alice, command::end{alice->who, first}).ok());
  m.w.run(seconds{1});
  auto second = m.open('a', "bc");
  REQUIRE(m.end('a', second).ok());
  m.w.run(seconds{1});
  auto live = m.open('a', "b");
  query::calls what;
  what.user = user_id{"alice"};
  auto answer = m.w.read(what);
  REQUIRE(answer.ok());
  auto found = std::get<card_list>(*answer);
  CHECK(found.live.empty());
  REQUIRE(found.ended.size() == 2); // the live one is on the board
  CHECK(found.ended[0].card.call == second);
  CHECK(found.ended[0].names.size() == 3);
  CHECK(found.ended[1].card.call == first);
  CHECK(found.ended[1].names == std::vector<std::string>{"alice's name", "bob's name"});
  what.limit = 1;
  CHECK(std::get<card_list>(m.w.read(what).value()).ended.size() == 1);
  what.user = user_id{"dave"};
  CHECK(std::get<card_list>(m.w.read(what).value()).ended.empty());
  CHECK(board_of(m.w).live.at(0).card.call == live);
  m.w.stores->away = true;
  CHECK(m.w.read(what).error().code == error_code::store_unavailable);
  CHECK(board_of(m.w, 1).ended.size() == 1);
}

TEST_CASE("of a user's video calls the creator comes first", "[overview]") {
  video_calls v;
  v.know("ab");
  auto id = v.create('a', "standup", "b");
  REQUIRE(v.join('b', id).ok());
  REQUIRE(v.leave('b', id).ok());
  v.w.run(seconds{1});
  query::calls what;
  what.user = user_id{user_of('b')};
  auto found = std::get<card_list>(v.w.read(what).value());
  REQUIRE(found.ended.size() == 1);
  CHECK(found.ended[0].card.call == id);
  REQUIRE(found.ended[0].card.people.size() == 2);
  CHECK(found.ended[0].card.people[0] == user_id{user_of('a')});
}

TEST_CASE("the server is ready while its store answers", "[overview]") {
  world w;
  CHECK(w.read(query::readiness{}).ok());
  w.stores->away = true;
  CHECK(w.read(query::readiness{}).error().code == error_code::store_unavailable);
  w.stores->away = false;
  CHECK(w.read(query::readiness{}).ok());
}
