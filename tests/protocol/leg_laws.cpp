#include "tests/protocol/leg_laws.hpp"

#include "protocol/device_list.hpp"

#include <algorithm>

namespace carillon::test {

namespace {

std::size_t leg(const call& machine, const user_id& user) {
  return user == machine.record().caller ? 0 : 1;
}

} // namespace

void leg_laws::restarted() {
  presence_ = {devices{}, devices{}};
  met_ = {};
  losers_.clear();
}

void leg_laws::judge(const call& before, const call_command& cmd, const call& after) {
  if (const auto* what = std::get_if<command::presence>(&cmd))
    judge_presence(before, *what, after);
  if (before.state() == call_state::ringing && after.state() == call_state::active)
    judge_winner(cmd);
  if (const auto* what = std::get_if<command::end>(&cmd))
    if (before.state() == call_state::active && contains(losers_, what->from.device))
      promise(after.state() == call_state::active, "who lost the accept does not end the call");
  if (const auto* what = std::get_if<command::again>(&cmd)) {
    if (before.state() != call_state::ringing)
      return;
    auto glare = what->from.user == after.record().direct().receiver;
    promise((after.state() == call_state::active) == glare, "glare accepts, a duplicate does not");
    auto away = !after.record().direct().via_rest
                && before.summary_for(after.record().caller).device.empty();
    if (!glare && away && presence_[0] && contains(*presence_[0], what->from.device))
      promise(after.summary_for(after.record().caller).device == what->from.device,
              "a caller who calls again is back");
  }
}

void leg_laws::judge_presence(const call& before, const command::presence& cmd, const call& after) {
  auto& known = presence_[leg(before, cmd.user)];
  auto& met = met_[leg(before, cmd.user)];
  auto was_alone = known && known->empty();
  auto one_is_new = std::any_of(cmd.devices.begin(), cmd.devices.end(),
                                [&](const device_id& device) { return !contains(met, device); });
  known = cmd.devices;
  met.insert(met.end(), cmd.devices.begin(), cmd.devices.end());
  // One that was there before and is no new one has only its connection back.
  if (was_alone && one_is_new && after.state() == call_state::active)
    promise(contains(*known, after.summary_for(cmd.user).device),
            "the leg moves to the next device that connects");
}

void leg_laws::judge_winner(const call_command& cmd) {
  device_id winner;
  if (const auto* accept = std::get_if<command::accept>(&cmd))
    winner = accept->from.device;
  if (const auto* glare = std::get_if<command::again>(&cmd))
    winner = glare->from.device;
  if (winner.empty() || !presence_[1])
    return; // over REST all may still speak; else the machine does not know yet who rang
  losers_ = *presence_[1];
  std::erase(losers_, winner);
}

void leg_laws::judge_state(const call& after, time_point now) const {
  auto due = after.next_deadline();
  auto overdue = due && *due <= now;
  if (after.state() == call_state::ended || after.record().version == 0 || overdue)
    return;
  for (const auto& user : {after.record().caller, after.record().direct().receiver}) {
    const auto& here = presence_[leg(after, user)];
    if (!here)
      continue; // the machine was not told yet
    auto bound = after.summary_for(user).device;
    auto live = bound.empty() ? !here->empty() : contains(*here, bound);
    if (after.state() == call_state::ringing) {
      promise(bound.empty() || live, "a ringing leg is bound to a device or to none");
      if (user == after.record().caller && !after.record().direct().via_rest && bound.empty())
        promise(due && *due <= now + settings_.ring_grace, "a caller who is away has its grace");
      continue;
    }
    auto waiting = bound.empty() && due && *due <= now + settings_.reconnect_grace;
    promise(live || waiting, "an active leg has a device or a running grace");
    promise(after.leg_is_live_or_in_grace(user, now), "and the machine knows it");
  }
}

} // namespace carillon::test
