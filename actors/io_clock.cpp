#include "actors/io_clock.hpp"

#include <caf/group.hpp>

namespace carillon::actors {

template <class F>
void io_clock::change(F&& step) {
  bool earlier = false;
  {
    std::lock_guard guard{mutex_};
    step();
    if (!schedule_.empty() && (!armed_ || schedule_.begin()->first < *armed_)) {
      armed_ = schedule_.begin()->first;
      earlier = true;
    }
  }
  if (!earlier)
    return;
  if (threads_.current() == 0U)
    arm();
  else
    threads_.post(0, [this] { arm(); });
}

void io_clock::arm() {
  std::lock_guard guard{mutex_};
  if (armed_)
    threads_.wake_at(0, *armed_, [this] { on_timer(); });
}

void io_clock::on_timer() {
  {
    std::lock_guard guard{mutex_};
    armed_.reset();
    trigger_expired_timeouts();
  }
  change([] {});
}

void io_clock::set_ordinary_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                                    std::uint64_t id) {
  change([&] { base::set_ordinary_timeout(t, self, type, id); });
}

void io_clock::set_multi_timeout(time_point t, caf::abstract_actor* self, caf::atom_value type,
                                 std::uint64_t id) {
  change([&] { base::set_multi_timeout(t, self, type, id); });
}

void io_clock::set_request_timeout(time_point t, caf::abstract_actor* self, caf::message_id id) {
  change([&] { base::set_request_timeout(t, self, id); });
}

void io_clock::cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) {
  change([&] { base::cancel_ordinary_timeout(self, type); });
}

void io_clock::cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) {
  change([&] { base::cancel_request_timeout(self, id); });
}

void io_clock::cancel_timeouts(caf::abstract_actor* self) {
  change([&] { base::cancel_timeouts(self); });
}

void io_clock::schedule_message(time_point t, caf::strong_actor_ptr receiver,
                                caf::mailbox_element_ptr content) {
  change([&] { base::schedule_message(t, std::move(receiver), std::move(content)); });
}

void io_clock::schedule_message(time_point t, caf::group target, caf::strong_actor_ptr sender,
                                caf::message content) {
  change(
      [&] { base::schedule_message(t, std::move(target), std::move(sender), std::move(content)); });
}

void io_clock::cancel_all() {
  change([&] { base::cancel_all(); });
}

} // namespace carillon::actors
