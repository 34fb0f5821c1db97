#include "tests/actors/chats.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

} // namespace

TEST_CASE("a channel is closed when its call ends", "[channel_end]") {
  chats t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto id = t.w.call(alice, "bob");
  REQUIRE(t.w.ask(bob, command::accept{bob->who, id}).ok());
  auto end = [&] { return t.w.ask(alice, command::end{alice->who, id}); };
  auto is_closed = [&] {
    CHECK(word_of(t.say('b', id, "too late")) == "channel_closed");
    CHECK(t.read(bob, id, "m1").ok());
    CHECK(alice->count("message.read") == 1);
    CHECK(word_of(t.say('c', id, "anybody?")) == "not_authorized");
  };
  SECTION("while it is in use") {
    REQUIRE(t.say('a', id, "one").ok());
    REQUIRE(end().ok());
    is_closed();
    CHECK(t.told('b', id) == "one");
  }
  SECTION("when nobody said anything") {
    REQUIRE(end().ok());
    is_closed();
    CHECK(t.told('b', id).empty());
  }
  SECTION("also when that meets its first message") {
    t.w.submit(bob, t.says('b', id, "one"), 2);
    t.w.submit(alice, command::end{alice->who, id}, 2);
    t.w.run();
    REQUIRE(alice->answers.at(2).ok());
    auto answer = word_of(bob->answers.at(2));
    CHECK((answer == "ok" || answer == "channel_closed"));
    CHECK(t.told('b', id) == (answer == "ok" ? "one" : ""));
    CHECK(heard(alice).size() == (answer == "ok" ? 1U : 0U));
    is_closed();
  }
  SECTION("also before its first message") {
    t.w.submit(alice, command::end{alice->who, id}, 2);
    t.w.submit(bob, t.says('b', id, "one"), 2);
    t.w.run();
    CHECK(word_of(bob->answers.at(2)) == "channel_closed");
    CHECK(t.told('b', id).empty());
  }
  SECTION("what is on its way to the store is told") {
    REQUIRE(t.say('a', id, "one").ok());
    t.w.submit(bob, t.says('b', id, "two"), 2);
    t.w.scheduler().run(); // no time passes: it is not committed
    t.w.submit(alice, command::end{alice->who, id}, 2);
    t.w.run();
    CHECK(said(bob->answers.at(2)).text == "two");
    CHECK(heard(alice) == strings{"one", "two"});
    is_closed();
  }
}

TEST_CASE("an end that nobody asked for closes a channel, too", "[channel_end]") {
  chats t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto id = t.w.call(alice, "bob");
  REQUIRE(t.say('b', id, "busy").ok());
  t.w.run(seconds{46}, seconds{1});
  CHECK(bob->count("callEnded") == 1);
  CHECK(word_of(t.say('b', id, "now?")) == "channel_closed");
}

TEST_CASE("call/end ends a direct call as the asker may", "[channel_end]") {
  chats t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  t.know("c");
  auto id = t.w.call(alice, "bob");
  REQUIRE(t.say('a', id, "one").ok());
  CHECK(word_of(t.close('c', id)) == "not_authorized");
  auto status = call_status::completed;
  SECTION("the caller cancels") {
    CHECK(t.close('a', id).ok());
    status = call_status::cancelled;
  }
  SECTION("the receiver rejects") {
    CHECK(t.close('b', id).ok());
    status = call_status::rejected;
  }
  SECTION("either ends") {
    REQUIRE(t.w.ask(bob, command::accept{bob->who, id}).ok());
    CHECK(t.close('a', id).ok());
    CHECK(bob->count("callEnded") == 1);
  }
  CHECK(t.w.history("alice")->calls.at(0).call.status == status);
  CHECK(word_of(t.say('a', id, "two")) == "channel_closed");
  CHECK(t.close('b', id).ok()); // again
  CHECK(word_of(t.close('c', id)) == "not_authorized");
  t.w.restart();
  CHECK(t.close('b', id).ok());
  CHECK(word_of(t.close('c', id)) == "not_authorized");
}

TEST_CASE("call/end ends a session for its initiator and admins", "[channel_end]") {
  chats t;
  auto alice = t.connect("a1");
  t.know("bc");
  auto id = t.gather('a', "b");
  CHECK(word_of(t.close('b', id)) == "not_authorized");
  CHECK(word_of(t.close('c', id)) == "not_authorized");
  SECTION("initiator") { CHECK(t.close('a', id).ok()); }
  SECTION("admin") { CHECK(t.close('c', id, true).ok()); }
  CHECK(alice->count("call_session_ended") == 1);
  CHECK(t.close('b', id).ok()); // it is over
  CHECK(word_of(t.close('c', id)) == "not_authorized");
  CHECK(word_of(t.say('b', id, "hello")) == "channel_closed");
}

TEST_CASE("call/end knows what is not there", "[channel_end]") {
  chats t;
  t.know("a");
  CHECK(word_of(t.close('a', call_id{"nowhere"})) == "call_not_found");
  t.w.stores->away = true;
  CHECK(word_of(t.close('a', call_id{"nowhere"})) == "store_unavailable");
}
