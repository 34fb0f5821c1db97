#include "protocol/stream_requests.hpp"
#include "protocol/video.hpp"
#include "tests/actors/chats.hpp"
#include "tests/actors/video_calls.hpp"

#include <algorithm>
#include <map>
#include <memory>

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

struct mirrored : chats {
  mirrored()
    : chats({}, true) {}

  /// The kinds of the entries of this lane, in order.
  strings lane(const std::string& name) {
    strings kinds;
    for (const auto& entry : outbox())
      if (entry.ends_with(" " + name))
        kinds.push_back(entry.substr(0, entry.find(' ')));
    return kinds;
  }
  strings of(const call_id& call) { return lane("c" + call.str()); }

  /// The bodies of the entries of a kind.
  strings bodies(outbox_kind kind) {
    strings all;
    auto store = w.stores->open();
    REQUIRE(store.ok());
    auto found = (*store)->outbox(0, 1000);
    REQUIRE(found.ok());
    for (const auto& entry : *found)
      if (entry.kind == kind)
        all.push_back(entry.body);
    return all;
  }
};

} // namespace

TEST_CASE("a call and its chat are told to Stream", "[mirror_feed]") {
  mirrored t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto id = t.w.call(alice, "bob");
  CHECK(t.of(id) == strings{"users", "open"});
  CHECK(values_of(t.bodies(outbox_kind::users).at(0), "name")
        == strings{"alice's name", "bob's name"});
  CHECK(t.bodies(outbox_kind::open).at(0).find(R"("members":["alice","bob"])")
        != std::string::npos);
  SECTION("nobody says anything") {
    REQUIRE(t.w.ask(alice, command::end{alice->who, id}).ok());
    CHECK(t.of(id) == strings{"users", "open", "close"});
  }
  SECTION("they chat; the end comes behind the last message") {
    REQUIRE(t.say('a', id, "one", "m1").ok());
    t.w.submit(bob, t.says('b', id, "two"), 2);
    t.w.scheduler().run();
    t.w.submit(alice, command::end{alice->who, id}, 2);
    t.w.run();
    CHECK(t.of(id) == strings{"users", "open", "users", "open", "message", "message", "close"});
    CHECK(values_of(t.bodies(outbox_kind::message).at(0), "id").at(0) == id.str() + "-m1");
  }
  SECTION("the end meets the first message") {
    t.w.submit(bob, t.says('b', id, "one"), 2);
    t.w.submit(alice, command::end{alice->who, id}, 2);
    t.w.run();
    CHECK(t.of(id).back() == "close");
    auto all = t.of(id);
    CHECK(std::count(all.begin(), all.end(), "close") == 1);
  }
  auto positions = t.positions();
  CHECK(std::is_sorted(positions.begin(), positions.end()));
}

TEST_CASE("a channel whose end was seen when it was read tells it all the same", "[mirror_feed]") {
  mirrored t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto id = t.w.call(alice, "bob");
  t.w.submit(alice, command::end{alice->who, id}, 2);
  t.w.submit(bob, t.says('b', id, "one"), 2);
  t.w.run();
  auto all = t.of(id);
  CHECK(std::count(all.begin(), all.end(), "close") == 1);
  CHECK(all.back() == "close");
}

TEST_CASE("a channel that cannot be read tells the end of its call", "[mirror_feed]") {
  mirrored t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto id = t.w.call(alice, "bob");
  t.w.stores->away = true;
  t.w.submit(bob, t.says('b', id, "one"), 2);
  t.w.submit(alice, command::end{alice->who, id}, 2);
  t.w.run();
  t.w.stores->away = false;
  t.w.run(seconds{5});
  CHECK(t.of(id) == strings{"users", "open", "close"});
}

TEST_CASE("a session is told to Stream, and a refused call is not", "[mirror_feed]") {
  mirrored t;
  auto alice = t.connect("a1");
  t.know("bc");
  SECTION("session") {
    auto id = t.gather('a', "bc");
    CHECK(t.of(id) == strings{"users", "open"});
    REQUIRE(t.close('a', id).ok());
    CHECK(t.of(id) == strings{"users", "open", "close"});
  }
  SECTION("refused") {
    CHECK(word_of(t.w.ask(alice, t.w.initiate(alice, "bob"))) == "user_offline");
    CHECK(t.outbox().empty());
  }
}

TEST_CASE("a channel that is made, and closed", "[mirror_feed]") {
  mirrored t;
  t.know("ab");
  call_id id{"room"};
  REQUIRE(t.open('a', "room", "b").ok());
  CHECK(t.of(id) == strings{"users", "open"});
  REQUIRE(t.say('b', id, "one").ok());
  REQUIRE(t.close('a', id).ok());
  REQUIRE(t.close('a', id).ok());
  CHECK(t.of(id) == strings{"users", "open", "message", "close"});
}

TEST_CASE("a video call is told to Stream when its channel is used", "[mirror_feed]") {
  mirrored t;
  t.know("abc");
  call_id id{"talk"};
  REQUIRE(t.w.ask_rest(video_calls::creates('a', "talk")).ok());
  CHECK(t.outbox().empty());
  auto end = [&] { REQUIRE(t.close('a', id).ok()); };
  SECTION("never") {
    end();
    CHECK(t.outbox().empty());
  }
  SECTION("and it ends meanwhile") {
    REQUIRE(t.say('a', id, "one").ok());
    end();
    CHECK(t.of(id) == strings{"users", "open", "message", "close"});
  }
  SECTION("and it ends long after") {
    REQUIRE(t.say('a', id, "one").ok());
    t.w.run(std::chrono::minutes{20}, seconds{5});
    end();
    CHECK(t.of(id) == strings{"users", "open", "message", "close"});
  }
  SECTION("only to be read") {
    auto alice = t.connect("a1");
    REQUIRE(t.read(alice, id, "m1").ok());
    CHECK(t.outbox().empty());
    end();
    CHECK(t.of(id) == strings{"users", "open", "close"});
  }
  SECTION("by somebody who came later, too") {
    REQUIRE(t.say('a', id, "one").ok());
    REQUIRE(t.w.ask_rest(command::enter_call{in_video('b'), video_call_id("talk")}).ok());
    REQUIRE(t.say('b', id, "two").ok());
    CHECK(t.of(id) == strings{"users", "open", "message", "users", "message"});
    CHECK(values_of(t.bodies(outbox_kind::users).at(1), "name") == strings{"bob's name"});
  }
}

TEST_CASE("profiles are told to Stream", "[mirror_feed]") {
  mirrored t;
  t.know("a");
  CHECK(t.outbox().empty());
  auto change = [&](const char* name) {
    return t.w.ask_rest(command::upsert_user{in_chat('a'), {name, {}, {}, {}}});
  };
  REQUIRE(change("Al").ok());
  CHECK(t.lane("ualice") == strings{"users"});
  REQUIRE(change("Al").ok()); // nothing new
  CHECK(t.lane("ualice").size() == 1);
  REQUIRE(change("Ally").ok());
  CHECK(t.lane("ualice").size() == 2);
}

TEST_CASE("the numbers of the outbox go on after a restart", "[mirror_feed]") {
  mirrored t;
  t.know("ab");
  REQUIRE(t.open('a', "room", "b").ok());
  auto before = t.positions();
  REQUIRE_FALSE(before.empty());
  t.w.restart();
  REQUIRE(t.say('a', call_id{"room"}, "one").ok());
  auto after = t.positions();
  REQUIRE(after.size() > before.size());
  CHECK(after[before.size()] > before.back());
  CHECK(std::is_sorted(after.begin(), after.end()));
}

TEST_CASE("a full outbox costs the mirror, not the chat", "[mirror_feed]") {
  mirrored t;
  t.know("ab");
  t.w.mirror.set_queued(mirror_status::most_queued);
  REQUIRE(t.open('a', "room", "b").ok());
  REQUIRE(t.say('a', call_id{"room"}, "one").ok());
  CHECK(t.outbox().empty());
  CHECK(t.w.mirror.dropped() > 0);
  t.w.mirror.set_queued(0);
  REQUIRE(t.say('a', call_id{"room"}, "two").ok());
  CHECK(t.of(call_id{"room"}) == strings{"users", "open", "message"});
}

TEST_CASE("many users are told in several requests", "[mirror_feed]") {
  mirrored t;
  t.know("a");
  auto create = video_calls::creates('a', "crowd");
  auto facts = std::make_shared<video_facts>(*create.facts);
  for (int i = 0; i < 130; ++i) {
    auto name = "user" + std::to_string(i);
    t.w.know(name);
    facts->members.push_back({user_id{name}, "participant"});
  }
  create.facts = facts;
  REQUIRE(t.w.ask_rest(create).ok());
  REQUIRE(t.say('a', call_id{"crowd"}, "one").ok());
  CHECK(t.of(call_id{"crowd"}) == strings{"users", "users", "open", "message"});
  auto names = values_of(t.bodies(outbox_kind::users).at(0), "name").size()
               + values_of(t.bodies(outbox_kind::users).at(1), "name").size();
  CHECK(names == 131);
  auto open = t.bodies(outbox_kind::open).at(0);
  CHECK(open.find(R"("user98")") != std::string::npos);
  CHECK(open.find(R"("user99")") == std::string::npos);
}

TEST_CASE("without a mirror a call costs what it did", "[mirror_feed]") {
  chats t;
  auto alice = t.connect("a1");
  auto bob = t.connect("b1");
  auto idle = t.w.running_actors();
  std::map<std::size_t, int> ops; // by kind
  t.w.stores->watch = [&](const write_op& op) { ++ops[op.index()]; };
  auto id = t.w.call(alice, "bob");
  CHECK(t.w.running_actors() == idle + 1);
  REQUIRE(t.w.ask(bob, command::accept{bob->who, id}).ok());
  REQUIRE(t.w.ask(alice, command::end{alice->who, id}).ok());
  t.w.run(seconds{1});
  CHECK(t.w.running_actors() == idle);
  t.w.run(seconds{1}); // its timeline may wait
  CHECK(ops == std::map<std::size_t, int>{{write_op{call_record{}}.index(), 3},
                                          {write_op{timeline_ptr{}}.index(), 1}});
  REQUIRE(t.open('a', "room", "b").ok());
  REQUIRE(t.say('a', call_id{"room"}, "one").ok());
  t.w.stores->watch = nullptr;
  CHECK(ops[write_op{outbox_entry{}}.index()] == 0);
  CHECK(t.outbox().empty());
}
