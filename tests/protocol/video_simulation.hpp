#pragma once

#include "tests/protocol/judged_world.hpp"
#include "tests/protocol/video_clients.hpp"
#include "tests/protocol/video_laws.hpp"
#include "tests/protocol/video_witness.hpp"

namespace carillon::test {

/// One video call in a simulated world of three to six users, of whom some are members and some are
/// not, and which now and then rests.
class video_simulation : public judged_world<video_laws, video_witness, video_clients> {
public:
  /// `log`: where to write what happens, or null.
  video_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                   std::vector<std::string>* log);

private:
  void begin() override;
  void judge(const call& before, const call_command& cmd, const outcome& out) override;
  void judge_restored(const call_record& stored) override { laws_.restarted(stored, machine_); }
  void settled() override { witness_.settled(machine_); }

  [[nodiscard]] video_facts_ptr random_facts();

  video_facts_ptr facts_;
};

} // namespace carillon::test
