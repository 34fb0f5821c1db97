#include "actors/io_scheduler.hpp"

#include <caf/actor_system.hpp>
#include <caf/resumable.hpp>

#include <algorithm>
#include <future>

namespace carillon::actors {

namespace {

/// Actors that run in a row before the thread looks at its sockets again.
constexpr std::size_t drain_budget = 64;

} // namespace

// -- one thread's run queue --------------------------------------------------

void io_scheduler::lane::exec_later(caf::resumable* job) {
  jobs_.push_back(job);
  schedule();
}

void io_scheduler::lane::schedule() {
  if (scheduled_ || jobs_.empty())
    return;
  scheduled_ = true;
  owner_.threads_.defer(index_, [this] { drain(); });
}

void io_scheduler::lane::drain() {
  for (std::size_t n = 0; n < drain_budget && !jobs_.empty(); ++n)
    run_one();
  scheduled_ = false;
  schedule();
}

void io_scheduler::lane::run_one() {
  auto* job = jobs_.front();
  jobs_.pop_front();
  switch (job->resume(this, owner_.max_throughput())) {
  case caf::resumable::resume_later:
    jobs_.push_back(job); // behind the others: a flooded actor gets its turn like any
    break;
  case caf::resumable::done:
  case caf::resumable::awaiting_message:
  case caf::resumable::shutdown_execution_unit:
    caf::intrusive_ptr_release(job);
    break;
  }
}

void io_scheduler::lane::release_all() {
  for (auto* job : std::exchange(jobs_, {}))
    abstract_coordinator::cleanup_and_release(job);
}

// -- the module --------------------------------------------------------------

io_scheduler::io_scheduler(caf::actor_system& system, io_threads& threads)
  : abstract_coordinator(system)
  , threads_(threads)
  , clock_(threads) {
  for (std::size_t i = 0; i < threads.size(); ++i)
    lanes_.push_back(std::make_unique<lane>(&system, *this, i));
}

io_scheduler::~io_scheduler() = default;

void io_scheduler::enqueue(caf::resumable* job) {
  if (auto index = threads_.current()) {
    lanes_[*index]->exec_later(job);
    return;
  }
  auto index = next_.fetch_add(1, std::memory_order_relaxed) % lanes_.size();
  threads_.post(index, [to = lanes_[index].get(), job] { to->exec_later(job); });
}

void io_scheduler::start() { abstract_coordinator::start(); }

// The actors have ended when CAF calls this, but the threads may still hold the last turn of some.
void io_scheduler::stop() {
  stop_actors();
  clock_.cancel_all();
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    std::promise<void> idle;
    threads_.post(i, [&] {
      lanes_[i]->drain();
      lanes_[i]->release_all();
      idle.set_value();
    });
    idle.get_future().wait();
  }
}

} // namespace carillon::actors
