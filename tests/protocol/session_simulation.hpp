#pragma once

#include "tests/protocol/session_clients.hpp"
#include "tests/protocol/session_laws.hpp"
#include "tests/protocol/session_witness.hpp"
#include "tests/protocol/simulated_world.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carillon::test {

/// One session of three to eight users in a simulated world. Each step is judged by `session_laws`
/// and `session_witness`.
class session_simulation : public simulated_world {
public:
  /// `log`: where to write what happens, or null.
  session_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
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
  void restarted() override { witness_.restarted(); }
  void settled() override { witness_.settled(machine_); }

  session_laws laws_;
  session_witness witness_;
  session_clients clients_;
};

} // namespace carillon::test
