#include "actors/directory.hpp"

#include "bench/micro/inputs.hpp"
#include "bench/micro/measure.hpp"
#include "protocol/delivery.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <vector>

namespace carillon::micro {

namespace {

using actors::call_actor;
using actors::call_message;
using actors::user_session_actor;

user_session_actor::behavior_type silent_session() {
  return {[](const actors::attach_device&) {}, [](const actors::detach_device&) {},
          [](const actors::look_after&) {}, [](const actors::deliver&) {}};
}

call_actor::behavior_type silent_call() {
  return {[](const call_message&) {}, [](const actors::committed&) {}, [](const actors::wake&) {},
          [](const actors::close_down&) {}, [](const actors::tell_timeline&) {}};
}

struct system_config : caf::actor_system_config {
  system_config() {
    set("scheduler.policy", caf::atom("testing"));
    set("logger.verbosity", caf::atom("quiet"));
  }
};

/// A link that is only compared.
const client_link* link_of(const void* owner) { return static_cast<const client_link*>(owner); }

/// Users with a device each and actors that do nothing; one for all threads of one benchmark.
class town {
public:
  static constexpr std::uint64_t users = 10'000;
  /// For each thread: more than are remembered after their end, so that each new one drives an old
  /// one out.
  static constexpr std::uint64_t calls = 20'000;
  static constexpr std::uint64_t most_threads = 4;

  town()
    : system(config)
    , lines({}, [this](const user_id&) {
      return actors::session_handle{system.spawn(silent_session),
                                    std::make_shared<delivery>(resume_limits{})};
    }) {
    for (std::uint64_t i = 0; i < users; ++i) {
      people.push_back(record_of(nth_user(i)));
      const auto& id = people.back()->id;
      keep(lines.attach(id, alice().device, nullptr));
      // Whoever had two devices once has room for them.
      keep(lines.attach(id, bob().device, link_of(this)));
      keep(lines.detach(id, link_of(this)));
    }
    for (std::uint64_t i = 0; i < most_threads * calls; ++i)
      call_ids.push_back(nth_call(i));
    // Here, because this scheduler is for one thread.
    for (std::uint64_t i = 0; i < most_threads; ++i)
      actors.push_back(system.spawn(silent_call));
    scheduler().run();
  }

  ~town() {
    lines.clear();
    actors.clear();
    scheduler().run();
  }

  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  }

  system_config config;
  caf::actor_system system;
  actors::directory lines;
  std::vector<user_ptr> people;
  std::vector<call_id> call_ids;
  std::vector<call_actor> actors; ///< one for all calls of each thread
};

std::unique_ptr<town> here;

void build(const benchmark::State&) { here = std::make_unique<town>(); }
void leave(const benchmark::State&) { here.reset(); }

/// Walks over numbers below `bound` in no order that a cache could guess, each thread its own way.
class walk {
public:
  walk(const benchmark::State& state, std::uint64_t bound)
    : at_(static_cast<std::uint64_t>(state.thread_index()) * 1'000)
    , bound_(bound) {}

  std::uint64_t next() noexcept { return at_ = (at_ + 7'919) % bound_; }

private:
  std::uint64_t at_;
  std::uint64_t bound_;
};

// Generic, since the library's releases name the type differently.
constexpr auto on_threads = [](auto* what) {
  what->Setup(build)->Teardown(leave)->UseRealTime();
  what->Threads(1)->Threads(2)->Threads(town::most_threads);
};

void directory_session_of(benchmark::State& state) {
  walk numbers{state, town::users};
  measure(state, [&] { keep(here->lines.session_of(here->people[numbers.next()]->id)); });
}
BENCHMARK(directory_session_of)->Apply(on_threads);

void directory_online(benchmark::State& state) {
  walk numbers{state, town::users};
  measure(state, [&] { keep(here->lines.online(here->people[numbers.next()]->id)); });
}
BENCHMARK(directory_online)->Apply(on_threads);

void directory_attach_detach(benchmark::State& state) {
  walk numbers{state, town::users};
  auto device = bob().device;
  const auto* link = link_of(&numbers);
  measure(state, [&] {
    const auto& user = here->people[numbers.next()]->id;
    keep(here->lines.attach(user, device, link));
    keep(here->lines.detach(user, link));
  });
}
BENCHMARK(directory_attach_detach)->Apply(on_threads);

// What the directory has to do with one call from its beginning to its end. Each thread has callers
// and receivers of its own; the actor is the same for all calls of a thread.
void directory_whole_call(benchmark::State& state) {
  auto stride = static_cast<std::uint64_t>(state.threads());
  auto pair = static_cast<std::uint64_t>(state.thread_index());
  auto first = pair * town::calls;
  std::uint64_t number = 0;
  const auto& actor = here->actors[static_cast<std::size_t>(state.thread_index())];
  std::uint64_t rings = 0;
  std::uint64_t steps = 0;
  call_record record;
  measure(state, [&] {
    const auto& caller = here->people[2 * pair];
    const auto& receiver = here->people[2 * pair + 1];
    record.id = here->call_ids[first + number];
    record.caller = caller->id;
    record.direct().receiver = receiver->id;
    record.ended_at.reset();
    auto found = here->lines.engage(caller, receiver, record.id,
                                    [&](const verdict&, const actors::gathered&) { return actor; });
    rings += found.kind == verdict_kind::ring ? 1 : 0;
    here->lines.mark_active(record);
    record.ended_at = noon();
    here->lines.release(record);
    here->lines.forget(record);
    pair = (pair + stride) % (town::users / 2);
    number = (number + 1) % town::calls;
    ++steps;
  });
  static_cast<void>(works(state, rings == steps, "a call did not ring"));
}
BENCHMARK(directory_whole_call)->Apply(on_threads);

// The same for a session of eight, each of whom comes in and goes out once.
void directory_whole_session(benchmark::State& state) {
  constexpr std::uint64_t size = 8;
  auto stride = static_cast<std::uint64_t>(state.threads());
  auto group = static_cast<std::uint64_t>(state.thread_index());
  auto first = group * town::calls;
  std::uint64_t number = 0;
  const auto& actor = here->actors[static_cast<std::size_t>(state.thread_index())];
  std::uint64_t opened = 0;
  std::uint64_t steps = 0;
  call_record record;
  record.part = session_part{std::make_shared<const session_facts>(), {}};
  record.people.resize(size);
  std::vector<user_ptr> people(size);
  measure(state, [&] {
    for (std::uint64_t i = 0; i < size; ++i) {
      people[i] = here->people[size * group + i];
      record.people[i].user = people[i]->id;
    }
    record.id = here->call_ids[first + number];
    record.caller = people.front()->id;
    record.ended_at.reset();
    opened += here->lines.gather(people, record.id, {},
                                 [&](const verdict&, const actors::gathered&) { return actor; })
                  ? 1
                  : 0;
    for (const auto& user : people)
      here->lines.occupy(user->id, record.id, true);
    for (const auto& user : people)
      here->lines.occupy(user->id, record.id, false);
    record.ended_at = noon();
    here->lines.release(record);
    here->lines.forget(record);
    group = (group + stride) % (town::users / size);
    number = (number + 1) % town::calls;
    ++steps;
  });
  static_cast<void>(works(state, opened == steps, "a session was refused"));
}
BENCHMARK(directory_whole_session)->Apply(on_threads);

// A message to a call's actor and the turn in which it is taken: one hop, without a thread.
void directory_send(benchmark::State& state) {
  const auto& actor = here->actors.front();
  auto id = the_call();
  keep(here->lines.engage(here->people[0], here->people[1], id,
                          [&](const verdict&, const actors::gathered&) { return actor; }));
  auto& scheduler = here->scheduler();
  scheduler.run();
  measure_prepared(
      state, usual_batch,
      [&] {
        return call_message{
            command::relay{alice(), id, bob().user, relay_kind::candidate, candidate_json()}, {}};
      },
      [&](call_message& what) {
        keep(here->lines.send(id, std::move(what)));
        scheduler.run();
      });
}
BENCHMARK(directory_send)->Setup(build)->Teardown(leave);

} // namespace

} // namespace carillon::micro
