#include "tests/actors/chats.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

result<reply_value> change(chats& t, char who, profile_changes changes) {
  return t.w.ask_rest(command::upsert_user{in_chat(who), std::move(changes)});
}

user_record row(const result<reply_value>& what) {
  REQUIRE(what.ok());
  return *std::get<user_ptr>(*what);
}

user_record stored(chats& t, char who) {
  auto store = t.w.stores->open();
  REQUIRE(store.ok());
  auto found = (*store)->load_user(user_id{user_of(who)});
  REQUIRE(found.ok());
  REQUIRE(found->has_value());
  return **found;
}

/// The name that others see in a call.
std::string shown_name(chats& t) {
  auto bob = t.connect("b9");
  auto alice = t.connect("a9");
  REQUIRE(t.w.ask(alice, t.w.initiate(alice, "bob")).ok());
  return values_of(bob->last("incomingCall"), "username").at(0);
}

} // namespace

TEST_CASE("a profile is changed, confirmed when it is stored, and stays", "[door_profile]") {
  chats t;
  t.know("ab");
  auto ear = std::make_shared<device>(user_id{"rest"}, device_id{});
  t.w.submit(ear, command::upsert_user{in_chat('a'), {"Al", {}, "http://x/y.png", {}}}, 2);
  t.w.scheduler().run();
  CHECK(ear->answers.count(2) == 0);
  t.w.run();
  auto changed = row(ear->answers.at(2));
  CHECK(changed.display_name() == "Al");
  CHECK(changed.profile.image == "http://x/y.png");
  CHECK(stored(t, 'a') == changed);

  SECTION("what is not given stays") {
    auto again = row(change(t, 'a', {{}, "al@example.org", {}, {}}));
    CHECK(again.display_name() == "Al");
    CHECK(again.profile.email == "al@example.org");
  }
  SECTION("the token that was seen before does not undo it") {
    CHECK(shown_name(t) == "Al");
    CHECK(stored(t, 'a').profile.name == "Al");
  }
  SECTION("a token that says something new does") {
    auto token = std::make_shared<device>(user_id{"rest"}, device_id{});
    t.w.sink().seen({user_id{"alice"}, {"Alicia", {}, {}, {}}}, {token, 3});
    t.w.run();
    auto now = row(token->answers.at(3));
    CHECK(now.display_name() == "Alicia");
    CHECK(now.profile.image == "http://x/y.png");
  }
  SECTION("also over a restart") {
    t.w.restart();
    CHECK(shown_name(t) == "Al");
  }
  SECTION("the same again is the same") {
    CHECK(row(change(t, 'a', {"Al", {}, {}, {}})) == changed);
    CHECK(stored(t, 'a') == changed);
  }
}

TEST_CASE("a profile that is not in memory is read first", "[door_profile]") {
  chats t;
  t.know("a");
  t.w.restart();
  CHECK(row(change(t, 'a', {{}, {}, "http://x/y.png", {}})).display_name() == "alice's name");
  CHECK(word_of(change(t, 'b', {"Bo", {}, {}, {}})) == "not_authenticated");
}

TEST_CASE("a user served by the token alone changes nothing", "[door_profile]") {
  chats t;
  t.w.stores->away = true;
  auto alice = t.connect("a1");
  CHECK(word_of(change(t, 'a', {"Al", {}, {}, {}})) == "store_unavailable");
}
