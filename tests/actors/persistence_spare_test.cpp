// What may wait: timelines, which are written between the batches that somebody waits for.

#include "actors/persistence_actor.hpp"
#include "tests/actors/world.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>

using namespace carillon;
using namespace carillon::test;

namespace {

using strings = std::vector<std::string>;

/// A persistence actor with a writer that is done when the test says so.
struct desk {
  explicit desk(persistence::batch_limits limits = {}) {
    auto& system = *static_cast<caf::actor_system*>(w.engine().system_for_tests());
    writer = system.spawn([this](actors::writer_actor::pointer) {
      return actors::writer_actor::behavior_type{
          [this](const actors::write_order& order) {
            auto spare = std::count_if(order.ops->begin(), order.ops->end(), [](const auto& op) {
              return std::holds_alternative<timeline_ptr>(op);
            });
            auto rows = static_cast<std::ptrdiff_t>(order.ops->size());
            batches.push_back((spare == rows ? "spare "
                               : spare == 0  ? "rows "
                                             : "mixed ")
                              + std::to_string(rows));
            under_way = order;
            if (prompt)
              finish();
          },
          [](const actors::replay_order&) {},
          [](const actors::sweep&) {},
      };
    });
    reader = system.spawn([this](actors::reader_actor::pointer) {
      return actors::reader_actor::behavior_type{[this](const actors::read&) { ++reads; }};
    });
    flusher = system.spawn([this](actors::shutdown_actor::pointer) {
      return actors::shutdown_actor::behavior_type{
          [](const actors::begin_shutdown&) {},
          [this](const actors::flushed&) { ++flushes; },
          [](const actors::tick&) {},
      };
    });
    actors::persistence_parts parts;
    parts.limits = limits;
    parts.counts = &counts;
    parts.writer = writer;
    parts.readers = {reader};
    persistence = system.spawn(actors::persistence_behavior, parts);
    w.run();
  }

  ~desk() {
    for (const auto& who :
         {caf::actor_cast<caf::actor>(persistence), caf::actor_cast<caf::actor>(writer),
          caf::actor_cast<caf::actor>(reader), caf::actor_cast<caf::actor>(flusher)})
      caf::anon_send_exit(who, caf::exit_reason::user_shutdown);
    persistence = nullptr;
    under_way = {};
    w.run();
  }

  void put_spare(int times = 1) {
    for (; times > 0; --times) {
      auto id = call_id{"c" + std::to_string(made++)};
      actors::put what{
          std::make_shared<const timeline_text>(timeline_text{id, {}, "{}"}), {}, 0, {}};
      what.may_wait = true;
      caf::anon_send(persistence, std::move(what));
    }
  }
  void put_row() {
    call_record row;
    row.id = call_id{"c" + std::to_string(made++)};
    caf::anon_send(persistence, actors::put{row, {}, 0, {}});
  }
  void read() {
    caf::anon_send(persistence,
                   actors::read{std::make_shared<const actors::read_job>(
                       actors::read_job{[](record_store&) {}, [](const failure&) {}})});
  }

  /// The batch at the writer is committed.
  void finish() {
    actors::batch_done done;
    done.what = std::make_shared<const result<std::vector<bool>>>(
        std::vector<bool>(under_way.ops->size(), true));
    caf::anon_send(under_way.from, std::move(done));
  }
  void finish_and_run() {
    finish();
    w.run();
  }

  world w;
  counters counts;
  actors::writer_actor writer;
  actors::reader_actor reader;
  actors::shutdown_actor flusher;
  actors::persistence_actor persistence;
  actors::write_order under_way;
  strings batches;
  bool prompt = true;
  int made = 0;
  int reads = 0;
  int flushes = 0;
};

} // namespace

TEST_CASE("what may wait is written by itself about a second later", "[persistence_actor]") {
  desk d;
  d.put_spare(2);
  d.w.run(milliseconds{500});
  d.put_spare();
  d.put_row();
  d.w.run(milliseconds{100});
  CHECK(d.batches == strings{"rows 1"});
  d.w.run(milliseconds{500});
  CHECK(d.batches == strings{"rows 1", "spare 3"});
  d.put_spare();
  d.w.run(milliseconds{900});
  CHECK(d.batches.size() == 2);
  d.w.run(milliseconds{200});
  CHECK(d.batches.back() == "spare 1");
}

TEST_CASE("nobody waits for what may wait", "[persistence_actor]") {
  desk d;
  d.prompt = false;
  d.put_spare();
  d.read();
  d.w.run();
  CHECK(d.reads == 1);
  d.w.run(seconds{1});
  CHECK(d.batches == strings{"spare 1"});
  d.read(); // while it is at the writer
  d.w.run();
  CHECK(d.reads == 2);
  d.put_row();
  d.read();
  d.w.run();
  CHECK(d.reads == 2);
  d.finish_and_run();
  CHECK(d.batches == strings{"spare 1", "rows 1"});
  CHECK(d.reads == 2);
  d.finish_and_run();
  CHECK(d.reads == 3);
}

TEST_CASE("what somebody waits for goes first, until too much may wait", "[persistence_actor]") {
  desk d;
  d.prompt = false;
  d.put_spare(600);
  d.w.run(milliseconds{1'100});
  CHECK(d.batches == strings{"spare 500"});
  auto next = [&] {
    d.put_row();
    d.w.run(milliseconds{10}); // it is due when the batch is done
    d.finish_and_run();
    return d.batches.back();
  };
  CHECK(next() == "rows 1");
  CHECK(next() == "rows 1");
  d.put_spare(950); // 1,050 wait
  CHECK(next() == "spare 500");
  CHECK(next() == "rows 2");
  d.finish_and_run();
  CHECK(d.batches.back() == "spare 500");
  d.finish_and_run();
  CHECK(d.batches.back() == "spare 50");
}

TEST_CASE("a flush writes all of it", "[persistence_actor]") {
  desk d;
  d.put_spare(600);
  d.put_row();
  caf::anon_send(d.persistence, actors::flush{d.flusher});
  d.w.run();
  CHECK(d.batches == strings{"rows 1", "spare 500", "spare 100"});
  CHECK(d.flushes == 1);
  d.put_spare(); // what was to come after a second comes once
  d.w.run(seconds{3});
  CHECK(d.batches.back() == "spare 1");
  CHECK(d.batches.size() == 4);
}

TEST_CASE("long timelines make short batches", "[persistence_actor]") {
  desk d{{.rows = 500, .bytes = 1'000, .age = milliseconds{5}}};
  d.put_spare(20);
  d.w.run(seconds{2});
  REQUIRE(d.batches.size() > 1);
  CHECK(d.batches.front() != "spare 20");
}

TEST_CASE("what waits for the store is measured", "[persistence_actor]") {
  desk d;
  d.prompt = false;
  const auto& now = d.counts.now;
  CHECK(now.store_queue == 0);
  CHECK(now.oldest_put_ms == 0);
  d.w.run(seconds{5});
  d.put_row();
  d.put_spare();
  d.read();
  d.w.run();
  auto began = now.oldest_put_ms.load();
  CHECK(began >= 5'000);
  CHECK(now.store_queue == 1);
  CHECK(now.reads_waiting == 1);
  d.w.run(milliseconds{300});
  d.put_row();
  d.w.run();
  CHECK(now.store_queue == 2);
  CHECK(now.oldest_put_ms == began);
  d.finish_and_run();
  CHECK(now.store_queue == 1);
  CHECK(now.oldest_put_ms > began);
  CHECK(now.reads_waiting == 0);
  d.finish_and_run();
  CHECK(now.store_queue == 0);
  CHECK(now.oldest_put_ms == 0);
  auto sizes = now.batches.read();
  CHECK(sizes.counts[0] == 2);
  auto times = now.commits.read();
  CHECK(times.total() == 2);
  CHECK(times.sum >= 300'000'000);
  CHECK_FALSE(now.store_away);
}
