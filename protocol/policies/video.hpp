#pragma once

#include "protocol/call_policy.hpp"

namespace carillon {

/// Video calls: kept by their creator's word (`created`, `active`, `ended`, `cancelled`), joined and
/// left over REST or by socket, ended by the last one who leaves. A leg that a device joined with is
/// bound to it; one that REST began lives as long as its user has devices, or on a lease.
class video_policy final : public call_policy {
public:
  [[nodiscard]] outcome run(call_core& call, call_command& cmd, time_point now) const override;
  void restored(call_core& call, time_point now) const override;
  void lost(call_core& call, outcome& out, leg& who, time_point now) const override;
  void returned(call_core& call, outcome& out, leg& who, const device_id& before,
                time_point now) const override;
  void met(call_core& call, outcome& out, leg& who, const device_id& device,
           time_point now) const override;
  void gave_up(call_core& call, outcome& out, leg& who, time_point at) const override;
  void rang_out(call_core& call, outcome& out, time_point at) const override;  ///< nobody joined
  void timed_out(call_core& call, outcome& out, time_point at) const override; ///< invitations
  void summarize(const call_core& call, const leg& who, call_summary& summary) const override;
  [[nodiscard]] bool occupies(const call_core& call, const leg& who) const override;
};

} // namespace carillon
