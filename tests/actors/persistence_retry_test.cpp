#include "actors/persistence_actor.hpp"
#include "tests/actors/world.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

using namespace carillon;
using namespace carillon::test;

TEST_CASE("after a batch that could not even be spooled, the spool is replayed all the same",
          "[persistence_actor]") {
  world w;
  auto& system = *static_cast<caf::actor_system*>(w.engine().system_for_tests());
  using changes = result<std::vector<bool>>;
  int batches = 0;
  int replays = 0;
  int reads = 0;
  int refused = 0;
  // Its first batch is written nowhere, its second one is spooled; then the store is back.
  auto writer = system.spawn([&](actors::writer_actor::pointer self) {
    return actors::writer_actor::behavior_type{
        [&, self](const actors::write_order& order) {
          actors::batch_done done;
          done.spooled = ++batches > 1;
          done.what = std::make_shared<const changes>(
              done.spooled ? changes{std::vector<bool>{true}} : changes{error_code::internal});
          self->send(order.from, std::move(done));
        },
        [&, self](const actors::replay_order& order) {
          ++replays;
          self->send(order.from, actors::replayed{true});
        },
        [](const actors::sweep&) {},
    };
  });
  auto reader = system.spawn([&](actors::reader_actor::pointer) {
    return actors::reader_actor::behavior_type{[&](const actors::read&) { ++reads; }};
  });
  actors::persistence_parts parts;
  parts.counts = &w.counts;
  parts.writer = writer;
  parts.readers = {reader};
  auto persistence = system.spawn(actors::persistence_behavior, parts);

  caf::anon_send(persistence, actors::put{call_record{}, {}, 0, {}});
  w.run(seconds{3});
  CHECK(batches == 2);
  CHECK(replays == 1);
  auto job = std::make_shared<const actors::read_job>(
      actors::read_job{[](record_store&) {}, [&](const failure&) { ++refused; }});
  caf::anon_send(persistence, actors::read{job});
  w.run();
  CHECK(reads == 1);
  CHECK(refused == 0);

  for (const auto& who : {caf::actor_cast<caf::actor>(persistence),
                          caf::actor_cast<caf::actor>(writer), caf::actor_cast<caf::actor>(reader)})
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  w.run();
}

TEST_CASE("what changed nothing is refused only where something had to change",
          "[persistence_actor]") {
  world w;
  auto& system = *static_cast<caf::actor_system*>(w.engine().system_for_tests());
  using changes = result<std::vector<bool>>;
  auto writer = system.spawn([](actors::writer_actor::pointer self) {
    return actors::writer_actor::behavior_type{
        [self](const actors::write_order& order) {
          actors::batch_done done;
          done.what = std::make_shared<const changes>(std::vector<bool>(order.ops->size(), false));
          self->send(order.from, std::move(done));
        },
        [](const actors::replay_order&) {},
        [](const actors::sweep&) {},
    };
  });
  actors::persistence_parts parts;
  parts.counts = &w.counts;
  parts.writer = writer;
  auto persistence = system.spawn(actors::persistence_behavior, parts);
  auto ear = std::make_shared<device>(user_id{"alice"}, device_id{"a1"});
  // A sample that is in the store already: a batch was written twice.
  caf::anon_send(persistence, actors::put{quality_sample{}, {}, 0, {ear, 1}});
  caf::anon_send(persistence, actors::put{hide_op{}, {}, 0, {ear, 2}});
  w.run();
  CHECK(ear->answers.at(1).ok());
  CHECK(ear->answers.at(2).error().code == error_code::call_not_found);

  for (const auto& who :
       {caf::actor_cast<caf::actor>(persistence), caf::actor_cast<caf::actor>(writer)})
    caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
  w.run();
}
