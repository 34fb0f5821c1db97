#pragma once

#include "protocol/call_policy.hpp"

namespace carillon {

/// One-to-one, group and therapy sessions: those named may come and go, each on one device; whoever
/// does not come back leaves; the last one out ends it, or the initiator does, or an admin.
class session_policy final : public call_policy {
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

/// The version with which a session goes on that was live when the server stopped: above all that
/// clients ever saw, so that the lists from before the restart are older than those that follow.
/// What was not committed is not known any more, hence the leap; and another crash before the next
/// commit must not leap to the same place, hence the time since the session began.
[[nodiscard]] std::uint32_t version_after_restart(const call_record& record, time_point now);

} // namespace carillon
