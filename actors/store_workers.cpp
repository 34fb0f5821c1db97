#include "actors/store_workers.hpp"

#include "actors/guard.hpp"
#include "config/log.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace carillon::actors {

namespace {

/// Rows that one clean-up step deletes: some milliseconds of work, so that batches do not wait
/// longer.
constexpr std::size_t sweep_rows = 1000;

/// A connection that is opened when it is first needed and again after it could not be.
class lazy_store {
public:
  explicit lazy_store(std::shared_ptr<store_factory> stores)
    : stores_(std::move(stores)) {}

  /// The connection, or why there is none.
  result<record_store*> get() {
    if (!store_) {
      auto opened = stores_->open();
      if (!opened)
        return opened.error();
      store_ = std::move(*opened);
    }
    return store_.get();
  }

private:
  std::shared_ptr<store_factory> stores_;
  std::unique_ptr<record_store> store_;
};

void clean_up(writer_actor::pointer self, lazy_store& stores, const sweep& what) {
  auto store = stores.get();
  if (!store) {
    log::warn("clean_up_postponed", {{"why", store.error().message()}});
    return;
  }
  auto erased = (*store)->erase_old(what.before, sweep_rows);
  if (!erased) {
    log::warn("clean_up_postponed", {{"why", erased.error().message()}});
    return;
  }
  if (*erased > 0)
    log::info("calls_erased", {{"rows", *erased}});
  if (*erased == sweep_rows)
    self->send(self, what); // behind the batches that came meanwhile
}

} // namespace

writer_actor::behavior_type writer_behavior(writer_actor::pointer self,
                                            std::shared_ptr<persistence::durable_writer> writer,
                                            std::shared_ptr<store_factory> stores) {
  guard(self);
  auto cleaner = std::make_shared<lazy_store>(std::move(stores));
  return {
      [self, writer](const write_order& order) {
        using changes = result<std::vector<bool>>;
        auto done = writer->write(*order.ops);
        batch_done report;
        if (done) {
          report.spooled = done->spooled;
          report.refused = std::move(done->refused);
          report.what = std::make_shared<const changes>(std::move(done->changed));
        } else {
          report.what = std::make_shared<const changes>(done.error());
        }
        self->send(order.from, std::move(report));
      },
      [self, writer](const replay_order& order) {
        self->send(order.from, replayed{writer->replay()});
      },
      [self, cleaner](const sweep& what) { clean_up(self, *cleaner, what); },
  };
}

reader_actor::behavior_type reader_behavior(reader_actor::pointer self,
                                            std::shared_ptr<store_factory> stores) {
  guard(self);
  auto connection = std::make_shared<lazy_store>(std::move(stores));
  return {[connection](const read& what) {
    auto store = connection->get();
    if (store)
      what.job->run(**store);
    else
      what.job->fail(store.error());
  }};
}

} // namespace carillon::actors
