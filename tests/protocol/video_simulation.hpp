#pragma once

#include "tests/protocol/simulated_world.hpp"
#include "tests/protocol/video_clients.hpp"
#include "tests/protocol/video_laws.hpp"
#include "tests/protocol/video_witness.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace carillon::test {

/// One video call in a simulated world of three to six users, of whom some are members and some are
/// not, and which now and then rests. Each step is judged by `video_laws` and `video_witness`.
class video_simulation : public simulated_world {
public:
  /// `log`: where to write what happens, or null.
  video_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                   std::vector<std::string>* log);

private:
  void begin() override;
  void send() override { clients_.send(users_); }
  std::optional<call_command> receive() override { return clients_.receive(); }
  void lose_commands() override { clients_.lose_all(); }

  void judge(const call& before, const call_command& cmd, const outcome& out) override;
  void judge_expiry(const call& before, const outcome& out) override;
  void judge_restored(const call_record& stored) override { laws_.restarted(stored, machine_); }

  void attached(const user_id& user, const device_id& device, const device_id& page,
                const event::call_states& calls) override;
  void detached(const device_id& device) override { witness_.detached(device); }
  void resumed(const device_id& device) override { witness_.resumed(device); }
  void hears(const device_id& device, const call_event& what) override;
  void owed(const event::relayed& relay, const device_id& device) override;
  void restarted() override { witness_.restarted(); }
  void settled() override { witness_.settled(machine_); }

  [[nodiscard]] video_facts_ptr random_facts();

  video_facts_ptr facts_;
  video_laws laws_;
  video_witness witness_;
  video_clients clients_;
};

} // namespace carillon::test
