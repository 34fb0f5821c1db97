#pragma once

#include "actors/io_clock.hpp"
#include "protocol/io_threads.hpp"

#include <caf/execution_unit.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <atomic>
#include <deque>
#include <memory>
#include <vector>

namespace carillon::actors {

/// Runs actors on the I/O threads instead of on workers of CAF's own: a message from a connection
/// is then handled by the thread that read it, right after the handler that submitted it, without a
/// hand-over (a hop costs some 0.4 µs, waking another thread 4 to 35; see docs/architecture.md).
///
/// What is enqueued on an I/O thread goes to that thread's run queue; what comes from elsewhere is
/// posted to the threads in turn. The threads must run from before the actor system starts until
/// after it has stopped.
class io_scheduler final : public caf::scheduler::abstract_coordinator {
public:
  io_scheduler(caf::actor_system& system, io_threads& threads);
  ~io_scheduler() override;

  void enqueue(caf::resumable* job) override;
  caf::actor_clock& clock() noexcept override { return clock_; }

protected:
  void start() override;
  void stop() override;

private:
  /// The run queue of one thread; touched by that thread only.
  class lane final : public caf::execution_unit {
  public:
    lane(caf::actor_system* system, io_scheduler& owner, std::size_t index)
      : execution_unit(system)
      , owner_(owner)
      , index_(index) {}

    void exec_later(caf::resumable* job) override;
    void drain();
    void release_all();

  private:
    void run_one();
    void schedule();

    io_scheduler& owner_;
    std::size_t index_;
    std::deque<caf::resumable*> jobs_;
    bool scheduled_ = false; ///< a drain is on its way
  };

  io_threads& threads_;
  io_clock clock_;
  std::vector<std::unique_ptr<lane>> lanes_;
  std::atomic<std::size_t> next_{0};
};

} // namespace carillon::actors
