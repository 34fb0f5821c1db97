#pragma once

#include "protocol/call.hpp"

#include <optional>
#include <string>
#include <vector>

/// What one command does to a session, by the contract alone. They throw `violation`.
namespace carillon::test {

/// What the contract says to `cmd` when the session is in this state and the legs on these devices
/// wait for others, since theirs will not come back; nothing for a quality report, which depends on
/// the last one.
[[nodiscard]] std::optional<std::string> expected_reply(const call_record& before,
                                                        const std::vector<device_id>& gone,
                                                        const call_command& cmd);

/// What an accepted `cmd` changes and who hears of it.
void judge_effect(const call_record& before, const call_command& cmd, const outcome& out,
                  const call_record& after, time_point now);

/// Who may hear of whatever step this was.
void judge_events(const call_record& before, const outcome& out, const call_record& after);

} // namespace carillon::test
