#pragma once

#include "protocol/call_policy.hpp"

namespace carillon {

/// One-to-one calls: one leg rings, one device of the receiver wins, either side ends it, and it
/// ends when a leg does not come back.
class direct_policy final : public call_policy {
public:
  [[nodiscard]] outcome run(call_core& call, call_command& cmd, time_point now) const override;
  void restored(call_core& call, time_point now) const override;
  void lost(call_core& call, outcome& out, leg& who, time_point now) const override;
  void returned(call_core& call, outcome& out, leg& who, const device_id& before,
                time_point now) const override;
  void met(call_core& call, outcome& out, leg& who, const device_id& device,
           time_point now) const override;
  void gave_up(call_core& call, outcome& out, leg& who, time_point at) const override;
  void rang_out(call_core& call, outcome& out, time_point at) const override;
  void timed_out(call_core& call, outcome& out, time_point at) const override;
  void summarize(const call_core& call, const leg& who, call_summary& summary) const override;
  [[nodiscard]] bool occupies(const call_core& call, const leg& who) const override;
};

} // namespace carillon
