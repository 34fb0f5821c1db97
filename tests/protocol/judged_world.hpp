#pragma once

#include "tests/protocol/simulated_world.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace carillon::test {

/// A simulated world in which `Clients` send, `Laws` judge each step, and `Witness` what each
/// device hears.
template <class Laws, class Witness, class Clients>
class judged_world : public simulated_world {
protected:
  /// `whom`: what the witness has to know besides the call.
  template <class... Whom>
  judged_world(call_kind kind, std::uint64_t seed, std::uint64_t number, tally& count,
               std::vector<std::string>* log, const Whom&... whom)
    : simulated_world(kind, seed, number, count, log)
    , laws_(settings_)
    , witness_(id_, whom...)
    , clients_(id_, dice_) {}

  void send() override { clients_.send(users_); }
  std::optional<call_command> receive() override { return clients_.receive(); }
  void lose_commands() override { clients_.lose_all(); }

  void judge(const call& before, const call_command& cmd, const outcome& out) override {
    laws_.judge(before, cmd, out, machine_, now_);
  }
  void judge_expiry(const call& before, const outcome& out) override {
    laws_.judge_expiry(before, out, machine_, now_);
  }

  void attached(const user_id& user, const device_id& device, const device_id& page,
                const event::call_states& calls) override {
    witness_.attached(user, device, page, calls);
  }
  void detached(const device_id& device) override { witness_.detached(device); }
  void resumed(const device_id& device) override { witness_.resumed(device); }
  void hears(const device_id& device, const call_event& what) override {
    witness_.hears(device, what);
  }
  void owed(const event::relayed& relay, const device_id& device) override {
    witness_.expects(std::stoull(relay.payload), device);
  }
  void restarted() override { witness_.restarted(); }

  Laws laws_;
  Witness witness_;
  Clients clients_;
};

} // namespace carillon::test
