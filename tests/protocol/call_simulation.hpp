#pragma once

#include "tests/protocol/call_clients.hpp"
#include "tests/protocol/call_laws.hpp"
#include "tests/protocol/call_witness.hpp"
#include "tests/protocol/judged_world.hpp"

namespace carillon::test {

/// One direct call between two users in a simulated world.
class call_simulation : public judged_world<call_laws, call_witness, call_clients> {
public:
  /// `log`: where to write what happens, or null.
  call_simulation(std::uint64_t seed, std::uint64_t number, tally& count,
                  std::vector<std::string>* log);

private:
  void begin() override;
  void judge_restored(const call_record& stored) override;
  void restarted() override;
  void settled() override;

  device_id placed_by_;
};

} // namespace carillon::test
