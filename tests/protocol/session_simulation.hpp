#pragma once

#include "tests/protocol/judged_world.hpp"
#include "tests/protocol/session_clients.hpp"
#include "tests/protocol/session_laws.hpp"
#include "tests/protocol/session_witness.hpp"

namespace carillon::test {

/// One session of three to eight users in a simulated world.
class session_simulation : public judged_world<session_laws, session_witness, session_clients> {
public:
  /// `log`: where to write what happens, or null.
  session_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                     std::vector<std::string>* log);

private:
  void begin() override;
  void judge(const call& before, const call_command& cmd, const outcome& out) override;
  void judge_restored(const call_record& stored) override;
  void settled() override { witness_.settled(machine_); }
};

} // namespace carillon::test
