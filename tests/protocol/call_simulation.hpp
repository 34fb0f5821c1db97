#pragma once

#include "tests/protocol/call_laws.hpp"
#include "tests/protocol/call_witness.hpp"
#include "tests/protocol/simulated_clients.hpp"
#include "tests/protocol/simulated_world.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carillon::test {

/// One direct call between two users in a simulated world. Each step is judged by `call_laws` and
/// `call_witness`.
class call_simulation : public simulated_world {
public:
  /// `log`: where to write what happens, or null.
  call_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                  std::vector<std::string>* log);

private:
  void begin() override;
  void send() override { clients_.send(users_); }
  std::optional<call_command> receive() override { return clients_.receive(); }
  void lose_commands() override { clients_.lose_all(); }

  void judge(const call& before, const call_command& cmd, const outcome& out) override;
  void judge_expiry(const call& before, const outcome& out) override;
  void judge_restored(const call_record& stored) override;

  void attached(const user_id& user, const device_id& device, const device_id& page,
                const event::call_states& calls) override;
  void detached(const device_id& device) override { witness_.detached(device); }
  void resumed(const device_id& device) override { witness_.resumed(device); }
  void hears(const device_id& device, const call_event& what) override;
  void owed(const event::relayed& relay, const device_id& device) override;
  void restarted() override;
  void settled() override;

  call_laws laws_;
  call_witness witness_;
  simulated_clients clients_;
  device_id placed_by_;
};

} // namespace carillon::test
