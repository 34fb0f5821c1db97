#include "protocol/video.hpp"
#include "tests/actors/chats.hpp"
#include "tests/actors/video_calls.hpp"

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

/// A video call `talk` of alice with bob.
struct talk {
  talk() {
    t.know("abc");
    REQUIRE(create('a', "b").ok());
  }

  result<reply_value> create(char by, std::string_view members, std::string_view call = "talk") {
    return t.w.ask_rest(video_calls::creates(by, call, members));
  }
  result<reply_value> join(char who) {
    return t.w.ask_rest(command::enter_call{in_video(who), video_call_id("talk")});
  }

  chats t;
  call_id id{"talk"};
};

} // namespace

TEST_CASE("the chat of a video call goes by the id of its clients", "[channel_video]") {
  talk v;
  auto& t = v.t;
  auto bob = t.connect("b1");
  REQUIRE(t.say('a', v.id, "one").ok());
  CHECK(heard(bob) == strings{"one"});
  CHECK(values_of(bob->last("message.new"), "callId").at(0) == "talk");
  CHECK(word_of(t.say('c', v.id, "me")) == "not_authorized");
  CHECK(word_of(t.close('b', v.id)) == "not_authorized");
  CHECK(word_of(t.close('c', v.id)) == "call_not_found"); // it is not for carol to see
  SECTION("the creator ends it") { REQUIRE(t.close('a', v.id).ok()); }
  SECTION("an admin ends it") { REQUIRE(t.close('c', v.id, true).ok()); }
  SECTION("while it rests") {
    t.w.run(std::chrono::minutes{130}, seconds{5});
    REQUIRE(t.close('a', v.id).ok());
  }
  CHECK(bob->names.back() == "call.ended");
  CHECK(t.close('b', v.id).ok()); // it is over
  CHECK(word_of(t.say('b', v.id, "two")) == "channel_closed");
  CHECK(t.told('b', v.id) == "one");
}

TEST_CASE("whoever joins a video call is in its chat", "[channel_video]") {
  talk v;
  REQUIRE(v.create('a', "", "open").ok());
  call_id id{"open"};
  auto& t = v.t;
  auto carol = t.connect("c1");
  REQUIRE(t.say('a', id, "one").ok());
  CHECK(word_of(t.say('c', id, "two")) == "not_authorized");
  REQUIRE(t.w.ask_rest(command::enter_call{in_video('c'), video_call_id("open")}).ok());
  CHECK(t.say('c', id, "two").ok());
  CHECK(heard(carol) == strings{"two"});
}

TEST_CASE("a channel that was made before its video call", "[channel_video]") {
  talk v;
  auto& t = v.t;
  call_id id{"plan"};
  REQUIRE(t.open('a', "plan", "b").ok());
  REQUIRE(t.say('a', id, "secret").ok());
  auto used = GENERATE(true, false);
  if (!used)
    t.w.run(std::chrono::minutes{130}, seconds{5});
  SECTION("by one of its members") {
    REQUIRE(v.create('b', "ac", "plan").ok());
    CHECK(t.told('c', id) == "secret");
    CHECK(t.say('c', id, "hello").ok());
    REQUIRE(t.close('b', id).ok());
    CHECK(word_of(t.say('a', id, "two")) == "channel_closed");
  }
  SECTION("by one of its members, without who made it") {
    CHECK(word_of(v.create('b', "c", "plan")) == "call_exists");
    CHECK(word_of(t.page('c', id)) == "not_authorized");
  }
  SECTION("by a stranger") {
    CHECK(word_of(v.create('c', "", "plan")) == "call_exists");
    CHECK(word_of(t.page('c', id)) == "not_authorized");
    CHECK(word_of(t.say('c', id, "hello")) == "not_authorized");
    CHECK(t.say('b', id, "hello").ok());
  }
}

TEST_CASE("a channel is missing until its call begins", "[channel_video]") {
  chats t;
  auto alice = t.connect("a1");
  call_id id{"soon"};
  auto create = video_calls::creates('a', "soon");
  SECTION("one after the other") {
    CHECK(word_of(t.say('a', id, "one")) == "channel_not_found");
    REQUIRE(t.w.ask_rest(create).ok());
    CHECK(t.say('a', id, "one").ok());
  }
  SECTION("at once") {
    t.w.submit(alice, t.says('a', id, "one"), 2);
    t.w.submit(alice, create, 3);
    t.w.submit(alice, t.says('a', id, "two"), 4);
    t.w.run();
    REQUIRE(alice->answers.at(3).ok());
    auto told = t.told('a', id);
    auto expected = std::string{};
    for (auto token : {2, 4})
      if (alice->answers.at(static_cast<std::uint64_t>(token)).ok())
        expected += (expected.empty() ? "" : ",") + std::string{token == 2 ? "one" : "two"};
      else
        CHECK(word_of(alice->answers.at(static_cast<std::uint64_t>(token))) == "channel_not_found");
    CHECK(told == expected);
    CHECK(t.say('a', id, "three").ok());
  }
}
