#include "tests/protocol/call_simulation.hpp"

#include "tests/protocol/call_words.hpp"

namespace carillon::test {

call_simulation::call_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                                 std::vector<std::string>* log)
  : judged_world(call_kind::direct, seed, number, count, log, user_of("a"), user_of("b")) {
  users_ = {simulated_user{user_of("a")}, simulated_user{user_of("b")}};
}

void call_simulation::begin() {
  auto& caller = users_[0];
  auto& receiver = users_[1];
  origin by{caller.id(), {}};
  if (!caller.devices().empty() && !dice_.chance(20))
    by.device = dice_.any_of(caller.devices());
  auto verdict = placement::ring;
  if (dice_.chance(5))
    verdict = placement::receiver_busy;
  else if (receiver.devices().empty() && dice_.chance(50))
    verdict = placement::receiver_offline;
  if (dice_.chance(5))
    detach(caller); // after the initiate was judged, before there is a call
  placed_by_ = by.device;
  apply(command::place{by, id_, view_of(caller.id()), view_of(receiver.id()), media_type::video,
                       verdict});
}

void call_simulation::judge_restored(const call_record& stored) {
  promise(machine_.record() == stored, "a restored call is as it was written");
  laws_.restarted(machine_);
}

void call_simulation::restarted() {
  witness_.restarted();
  placed_by_ = {};
}

void call_simulation::settled() {
  const auto& record = machine_.record();
  auto still_bound = !ended() && machine_.summary_for(record.caller).device == placed_by_;
  witness_.settled(machine_.state(), record.started_at.has_value(),
                   still_bound ? placed_by_ : device_id{});
  if (machine_.state() != call_state::active)
    return;
  for (const auto& who : users_) {
    auto bound = machine_.summary_for(who.id()).device;
    auto live = bound.empty() ? !who.devices().empty() : who.has(bound);
    promise(live || machine_.next_deadline(), "no active call without a live leg or a grace");
  }
}

} // namespace carillon::test
