#include "tests/actors/chats.hpp"

#include <string>

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

std::string number(int i) { return std::to_string(i); }

} // namespace

TEST_CASE("a message is told and confirmed when it is stored", "[channel_actor]") {
  chats t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto id = t.w.call(alice, "bob");
  auto now = [&] { t.w.scheduler().run(); }; // no time passes: nothing is committed
  alice->answers.clear();
  t.w.submit(alice, t.says('a', id, "hello", "m1"), 2);
  t.w.submit(alice, t.says('a', id, "hello?", "m1"), 3);
  now();
  CHECK(alice->answers.count(2) == 0);
  CHECK(heard(bob).empty());
  t.w.run();
  CHECK(said(alice->answers.at(2)).text == "hello");
  CHECK(said(alice->answers.at(2)).id == "m1");
  CHECK(said(alice->answers.at(3)) == said(alice->answers.at(2)));
  CHECK(heard(alice) == strings{"hello"});
  CHECK(heard(bob) == strings{"hello"});
  CHECK(values_of(bob->last("message.new"), "channelId").at(0) == "messaging:call-" + id.str());
  CHECK(t.told('b', id) == "hello");
}

TEST_CASE("every device of every member hears the same order", "[channel_actor]") {
  chats t;
  std::vector<device_ptr> devices;
  for (auto name : {"a1", "a2", "b1", "b2", "c1", "c2"})
    devices.push_back(t.connect(name));
  auto id = t.gather('a', "bc");
  constexpr int rounds = 20;
  std::uint64_t token = 10;
  for (int i = 0; i < rounds; ++i) {
    for (const auto& one : devices)
      t.w.submit(one, t.says(one->who.user.str()[0], id, one->who.device.str() + "-" + number(i)),
                 ++token);
    if (i % 3 == 0)
      t.w.run(milliseconds{2}, milliseconds{1});
  }
  t.w.run();
  auto first = heard(devices.front());
  CHECK(first.size() == rounds * devices.size());
  for (const auto& one : devices) {
    CHECK(heard(one) == first);
    for (int i = 1; i < rounds; ++i) { // and each sender's in the order in which they were said
      auto at = [&](int n) {
        return std::find(first.begin(), first.end(), one->who.device.str() + "-" + number(n));
      };
      REQUIRE(at(i) != first.end());
      CHECK(at(i - 1) < at(i));
    }
  }
  std::string stored;
  for (std::size_t i = first.size() - 100; i < first.size(); ++i)
    stored += (stored.empty() ? "" : ",") + first[i];
  CHECK(t.told('c', id) == stored);
}

TEST_CASE("a channel is for those whom its call concerns", "[channel_actor]") {
  chats t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto carol = t.connect("c1");
  auto id = t.w.call(alice, "bob");
  CHECK(word_of(t.say('b', id, "while it rings")) == "ok");
  CHECK(word_of(t.say('c', id, "me too")) == "not_authorized");
  CHECK(word_of(t.read(carol, id, "m1")) == "not_authorized");
  CHECK(word_of(t.page('c', id)) == "not_authorized");
  CHECK(heard(carol).empty());
  CHECK(heard(alice) == strings{"while it rings"});
}

TEST_CASE("there is no channel without a call that rang", "[channel_actor]") {
  chats t;
  auto alice = t.connect("a1");
  t.know("b");
  t.count_others();
  auto missing = t.say('a', call_id{"nowhere"}, "hello");
  CHECK(word_of(missing) == "channel_not_found");
  CHECK(missing.error().call == call_id{"nowhere"});
  CHECK_FALSE(t.in_use());
  CHECK(word_of(t.w.ask(alice, t.w.initiate(alice, "bob"))) == "user_offline");
  auto refused = t.w.history("alice")->calls.at(0).call.id;
  CHECK(word_of(t.say('a', refused, "hello")) == "channel_not_found");
  CHECK(word_of(t.page('a', refused)) == "channel_not_found");
  CHECK_FALSE(t.in_use());
}

TEST_CASE("read marks go to the others", "[channel_actor]") {
  chats t;
  auto alice = t.connect("a1");
  auto second = t.connect("a2");
  auto bob = t.connect("b1");
  auto id = t.w.call(alice, "bob");
  REQUIRE(t.read(alice, id, "m7").ok());
  CHECK(alice->count("message.read") == 0);
  CHECK(second->count("message.read") == 0);
  CHECK(bob->last("message.read")
        == R"({"channelId":"messaging:call-)" + id.str() + R"(","id":"m7","userId":"alice"})");
}

TEST_CASE("saying something again under its id says it once", "[channel_actor]") {
  chats t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto id = t.w.call(alice, "bob");
  auto first = said(t.say('a', id, "hello", "m1"));
  SECTION("while the channel is in use") {
    CHECK(said(t.say('a', id, "something else", "m1")) == first);
    CHECK(word_of(t.say('b', id, "mine", "m1")) == "message_id_taken");
    CHECK(said(t.say('b', id, "mine", "m2")).text == "mine");
    CHECK(heard(bob) == strings{"hello", "mine"});
  }
  SECTION("after a restart") {
    t.w.restart();
    bob = t.connect("b1");
    CHECK(said(t.say('a', id, "something else", "m1")) == first);
    CHECK(word_of(t.say('b', id, "mine", "m1")) == "message_id_taken");
    CHECK(said(t.say('b', id, "mine", "m2")).seq > first.seq);
    CHECK(heard(bob) == strings{"mine"});
    CHECK(t.told('a', id) == "hello,mine");
  }
  SECTION("after the end") {
    REQUIRE(t.w.ask(alice, command::end{alice->who, id}).ok());
    CHECK(said(t.say('a', id, "something else", "m1")) == first);
    CHECK(word_of(t.say('a', id, "something else", "m2")) == "channel_closed");
  }
}

TEST_CASE("a channel is left after some time without a command, and found again",
          "[channel_actor]") {
  chats t;
  auto alice = t.connect("a1");
  t.know("b");
  REQUIRE(t.open('a', "room", "b").ok());
  t.w.run(std::chrono::minutes{11}, seconds{1});
  t.count_others();
  call_id id{"room"};
  auto first = said(t.say('a', id, "one"));
  CHECK(t.in_use());
  t.w.run(std::chrono::minutes{4}, seconds{1});
  CHECK(t.in_use());
  t.w.run(std::chrono::minutes{7}, seconds{1});
  CHECK_FALSE(t.in_use());
  CHECK(said(t.say('b', id, "two")).seq == first.seq + 1);
  CHECK(heard(alice) == strings{"one", "two"});
  CHECK(t.told('b', id) == "one,two");
}

TEST_CASE("a message that meets a channel that leaves is not lost", "[channel_actor]") {
  chats t;
  auto alice = t.connect("a1");
  t.know("b");
  REQUIRE(t.open('a', "room", "b").ok());
  auto id = call_id{"room"};
  auto& jobs = t.w.scheduler();
  t.w.run(seconds{299}, seconds{1});
  for (auto i = 0; i < 4; ++i) {
    jobs.advance_time(seconds{300}); // something came since the last look
    jobs.run();
    jobs.advance_time(seconds{300}); // nothing came
    // The look lies in the mailbox; the message comes behind it or finds the channel gone.
    if (i % 2 == 0)
      jobs.run();
    t.w.submit(alice, t.says('a', id, "still there?"), 5);
    t.w.run();
    CHECK(said(alice->answers.at(5)).text == "still there?");
    alice->answers.clear();
  }
  CHECK(heard(alice).size() == 4);
  CHECK(std::get<message_page>(*t.page('b', id)).messages.back().seq == 4);
}
