#pragma once

#include "protocol/call.hpp"

#include <string>

/// What one command does to a video call, by the contract alone. They throw `violation`.
namespace carillon::test {

/// What the contract says to `cmd`, that is no quality report, when the call is in this state.
[[nodiscard]] std::string expected_video_reply(const call_record& before, const call_command& cmd,
                                               const call_settings& settings, time_point now);

/// The first step of a call.
void judge_created(const outcome& out, const call_record& after);

/// What an accepted `cmd` changes and who hears of it.
void judge_video_effect(const call_record& before, const call_command& cmd, const outcome& out,
                        const call_record& after, time_point now);

/// Who may hear of whatever step this was.
void judge_video_events(const call_record& before, const outcome& out, const call_record& after);

} // namespace carillon::test
