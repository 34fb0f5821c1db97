#pragma once

#include "protocol/io_threads.hpp"

#include <caf/detail/simple_actor_clock.hpp>

#include <mutex>

namespace carillon::actors {

/// CAF's clock without a thread of its own: the schedule is CAF's, behind a mutex, and one timer of
/// the first I/O thread wakes it for the earliest entry. Timers are few (a handful a call), so one
/// lock and one thread for all of them is enough. Thread-safe.
class io_clock final : public caf::detail::simple_actor_clock {
public:
  explicit io_clock(io_threads& threads)
    : threads_(threads) {}

  void set_ordinary_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                            std::uint64_t id) override;
  void set_multi_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                         std::uint64_t id) override;
  void set_request_timeout(time_point t, caf::abstract_actor* self, caf::message_id id) override;
  void cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) override;
  void cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) override;
  void cancel_timeouts(caf::abstract_actor* self) override;
  void schedule_message(time_point t, caf::strong_actor_ptr receiver,
                        caf::mailbox_element_ptr content) override;
  void schedule_message(time_point t, caf::group target, caf::strong_actor_ptr sender,
                        caf::message content) override;
  void cancel_all() override;

private:
  using base = caf::detail::simple_actor_clock;

  template <class F>
  void change(F&& step);
  void arm();      ///< on the first I/O thread
  void on_timer(); ///< on the first I/O thread

  io_threads& threads_;
  /// Recursive: delivering a timeout to an actor that has ended may cancel its others.
  std::recursive_mutex mutex_;
  std::optional<time_point> armed_; ///< what the timer is, or is about to be, set to
};

} // namespace carillon::actors
