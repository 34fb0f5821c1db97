#include "actors/directory.hpp"
#include "protocol/delivery.hpp"
#include "tests/catch.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace carillon;

namespace {

struct system_config : caf::actor_system_config {
  system_config() {
    set("scheduler.policy", caf::atom("testing"));
    set("logger.verbosity", caf::atom("quiet"));
  }
};

actors::user_session_actor::behavior_type silent_session() {
  return {[](const actors::attach_device&) {}, [](const actors::detach_device&) {},
          [](const actors::look_after&) {}, [](const actors::deliver&) {}};
}

actors::call_actor::behavior_type silent_call() {
  return {[](const actors::call_message&) {}, [](const actors::committed&) {},
          [](const actors::wake&) {}, [](const actors::close_down&) {},
          [](const actors::tell_timeline&) {}};
}

user_ptr user(const std::string& id) {
  user_record made;
  made.id = user_id{id};
  return std::make_shared<const user_record>(std::move(made));
}

/// A directory of actors that do nothing: one session for all users, one actor for all calls.
struct town {
  ~town() {
    lines.clear();
    found = {};
    session = nullptr;
    call = nullptr;
    dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler()).run();
  }

  bool gather(const std::vector<user_ptr>& people, const std::string& id,
              const std::string& therapy = {}) {
    return lines.gather(people, call_id{id}, therapy,
                        [this](const verdict&, const actors::gathered& who) {
                          found = who;
                          return call;
                        });
  }

  verdict_kind call_between(const user_ptr& from, const user_ptr& to) {
    return lines
        .engage(from, to, call_id{"direct"},
                [this](const verdict&, const actors::gathered&) { return call; })
        .kind;
  }

  static call_record record(const std::vector<user_ptr>& people, const std::string& id,
                            const std::string& therapy = {}) {
    session_facts facts;
    facts.type = therapy.empty() ? session_type::group : session_type::therapy;
    facts.therapy_session = therapy;
    call_record made;
    made.id = call_id{id};
    made.caller = people.front()->id;
    for (const auto& one : people)
      made.people.emplace_back().user = one->id;
    made.part = session_part{std::make_shared<const session_facts>(facts), {}};
    return made;
  }

  system_config config;
  caf::actor_system system{config};
  actors::user_session_actor session = system.spawn(silent_session);
  actors::call_actor call = system.spawn(silent_call);
  actors::directory lines{
      {}, [this](const user_id&) {
        return actors::session_handle{session, std::make_shared<delivery>(resume_limits{})};
      }};
  actors::gathered found;
};

} // namespace

TEST_CASE("a session holds all its users until it is released", "[directory]") {
  town t;
  std::vector<user_ptr> people{user("alice"), user("bob"), user("carol")};
  REQUIRE(t.lines.attach(people[1]->id, device_id{"b1"}, nullptr).ok());
  REQUIRE(t.gather(people, "s1"));
  REQUIRE(t.found.users.size() == 3);
  REQUIRE(t.found.sessions.size() == 3);
  CHECK(t.found.users[2].user == people[2]);
  CHECK_FALSE(t.found.users[0].online);
  CHECK(t.found.users[1].online);
  for (const auto& one : people) {
    CHECK(t.lines.session_of(one->id));
    CHECK_FALSE(t.lines.retire(one->id));
  }
  CHECK(t.lines.send(call_id{"s1"}, actors::call_message{}));

  auto record = town::record(people, "s1");
  t.lines.release(record);
  CHECK(t.lines.retire(people[0]->id));
  CHECK_FALSE(t.lines.retire(people[1]->id)); // has a device
  record.ended_at = from_epoch_ms(1);
  t.lines.forget(record);
  CHECK_FALSE(t.lines.send(call_id{"s1"}, actors::call_message{}));
  CHECK_FALSE(t.lines.ended(call_id{"s1"}));
}

TEST_CASE("a session takes up a line only where it says so", "[directory]") {
  town t;
  auto alice = user("alice");
  auto bob = user("bob");
  auto dave = user("dave");
  for (const auto& one : {alice, bob, dave})
    REQUIRE(t.lines.attach(one->id, device_id{"x"}, nullptr).ok());
  REQUIRE(t.gather({alice, bob}, "s1"));
  t.lines.occupy(bob->id, call_id{"s1"}, true);
  t.lines.occupy(bob->id, call_id{"another"}, false);
  CHECK(t.call_between(dave, bob) == verdict_kind::receiver_busy);
  CHECK(t.call_between(bob, dave) == verdict_kind::caller_busy);
  t.lines.occupy(bob->id, call_id{"s1"}, false);
  CHECK(t.call_between(dave, bob) == verdict_kind::ring);
}

TEST_CASE("a session neither is a duplicate nor makes glare", "[directory]") {
  town t;
  auto alice = user("alice");
  auto bob = user("bob");
  for (const auto& one : {alice, bob})
    REQUIRE(t.lines.attach(one->id, device_id{"x"}, nullptr).ok());
  REQUIRE(t.gather({alice, bob}, "s1"));
  CHECK(t.call_between(bob, alice) == verdict_kind::ring);
}

TEST_CASE("only one thread at a time gets a therapy session", "[directory]") {
  town t;
  std::atomic<int> holders{0};
  std::atomic<bool> two{false};
  std::atomic<int> wins{0};
  auto run = [&](int number) {
    std::vector<user_ptr> people{user("u" + std::to_string(number)), user("bob")};
    auto id = "s" + std::to_string(number);
    auto record = town::record(people, id, "t");
    for (int i = 0; i < 2000; ++i) {
      auto got = t.lines.gather(people, call_id{id}, "t",
                                [&](const verdict&, const actors::gathered&) { return t.call; });
      if (!got)
        continue;
      ++wins;
      if (++holders > 1)
        two = true;
      t.lines.occupy(people[0]->id, call_id{id}, true);
      --holders;
      t.lines.release(record);
      t.lines.forget(record);
    }
  };
  std::vector<std::thread> threads;
  for (int number = 0; number < 4; ++number)
    threads.emplace_back(run, number);
  for (auto& one : threads)
    one.join();
  CHECK(wins > 0);
  CHECK_FALSE(two);
  CHECK(t.lines.retire(user_id{"bob"})); // nothing is held any more
}
