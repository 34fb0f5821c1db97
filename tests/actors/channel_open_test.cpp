#include "tests/actors/chats.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

channel_record channel_in(const result<reply_value>& what) {
  REQUIRE(what.ok());
  return std::get<channel_record>(*what);
}

std::string members_of(const result<reply_value>& what) {
  std::string names;
  for (const auto& one : channel_in(what).members)
    names += one.str()[0];
  return names;
}

} // namespace

TEST_CASE("a channel can be made without a call", "[channel_open]") {
  chats t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  t.know("c");
  call_id id{"room"};
  auto made = channel_in(t.open('a', "room", "b"));
  CHECK(made.call_type == "default");
  CHECK(members_of(t.open('b', "room", "c")) == "ab"); // the first one holds
  CHECK(word_of(t.open('c', "room", "ab")) == "not_authorized");
  REQUIRE(t.say('a', id, "one").ok());
  t.w.restart();
  alice = t.connect("a1");
  CHECK(members_of(t.open('b', "room")) == "ab");
  REQUIRE(t.say('b', id, "two").ok());
  CHECK(heard(alice) == strings{"two"});
  CHECK(word_of(t.close('c', id)) == "not_authorized");
  CHECK(channel_in(t.close('b', id)).closed_at);
  CHECK(t.close('a', id).ok());
  CHECK(word_of(t.say('a', id, "three")) == "channel_closed");
  CHECK(t.stored(id)->closed_at);
  t.w.restart();
  CHECK(word_of(t.say('a', id, "three")) == "channel_closed");
  CHECK(t.told('a', id) == "one,two");
}

TEST_CASE("a channel is confirmed when it is stored", "[channel_open]") {
  chats t;
  auto alice = t.connect("a1");
  t.w.submit(alice, command::open_channel{in_chat('a'), call_id{"room"}, {}, {}}, 2);
  t.w.submit(alice, t.says('a', call_id{"room"}, "one"), 3);
  t.w.scheduler().run();
  CHECK(alice->answers.count(2) == 0);
  t.w.run();
  CHECK(alice->answers.at(2).ok());
  CHECK(said(alice->answers.at(3)).text == "one");
}

TEST_CASE("all who are named for a channel must be known", "[channel_open]") {
  chats t;
  t.know("ab");
  auto refused = t.w.ask_rest(command::open_channel{
      in_chat('a'), call_id{"room"}, {}, {user_id{"bob"}, user_id{"nobody"}}});
  CHECK(word_of(refused) == "unknown_participant");
  CHECK(refused.error().detail == "nobody");
  CHECK(word_of(t.say('a', call_id{"room"}, "one")) == "channel_not_found");
}

TEST_CASE("call/create gives a call's own channel", "[channel_open]") {
  chats t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  t.know("c");
  auto id = t.w.call(alice, "bob");
  CHECK(members_of(t.open('b', id.str(), "c")) == "ab");
  CHECK(word_of(t.open('c', id.str(), "a")) == "not_authorized");
  CHECK(word_of(t.say('c', id, "me")) == "not_authorized");
  REQUIRE(t.w.ask(alice, command::end{alice->who, id}).ok());
  CHECK(channel_in(t.open('a', id.str())).closed_at);
}

TEST_CASE("while the store is away", "[channel_open]") {
  chats t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto used = t.w.call(alice, "bob");
  t.know("cd");
  REQUIRE(t.open('c', "unused", "d").ok());
  t.w.run(std::chrono::minutes{11}, seconds{1});
  used = t.w.call(alice, "bob");
  REQUIRE(t.say('a', used, "one").ok());
  t.w.stores->away = true;

  SECTION("a channel that is in use goes on") {
    CHECK(said(t.say('b', used, "two", "m2")).text == "two");
    CHECK(said(t.say('b', used, "three")).text == "three");
    CHECK(heard(alice) == strings{"one", "two", "three"});
    CHECK(word_of(t.page('a', used)) == "store_unavailable");
    CHECK(t.w.counts.batches_spooled > 0);
    t.w.stores->away = false;
    t.w.run(seconds{5});
    CHECK(t.told('a', used) == "one,two,three");
    CHECK(said(t.say('b', used, "again", "m2")).text == "two");
    CHECK(heard(alice).size() == 3);
  }
  SECTION("others have to wait") {
    auto refused = t.say('c', call_id{"unused"}, "hello");
    CHECK(word_of(refused) == "store_unavailable");
    CHECK(refused.error().call == call_id{"unused"});
    CHECK(word_of(t.open('c', "another")) == "store_unavailable");
    t.w.stores->away = false;
    t.w.run(seconds{5});
    CHECK(t.say('c', call_id{"unused"}, "hello").ok());
    CHECK(t.told('d', call_id{"unused"}) == "hello");
  }
}

TEST_CASE("a device that was lost has the messages when it is back", "[channel_open]") {
  chats t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto id = t.w.call(alice, "bob");
  REQUIRE(t.say('a', id, "one").ok());
  t.w.lose(bob);
  REQUIRE(t.say('a', id, "two").ok());
  REQUIRE(t.say('a', id, "three").ok());
  auto back = t.w.resume(bob, "b2");
  REQUIRE(back->welcome().recovered);
  CHECK(heard(bob) == strings{"one"});
  CHECK(heard(back) == strings{"two", "three"});
  for (std::size_t i = 0; i < back->names.size(); ++i)
    if (back->names[i] == "message.new")
      CHECK(back->offsets[i] > bob->offset());
}
