#pragma once

#include "protocol/call.hpp"

/// What holds of the steps of calls of all kinds. They throw `violation`.
namespace carillon::test {

/// Of a deadline's step: it answers nobody, leaves nothing that was due, and does nothing before
/// its time.
void judge_due(const call& before, const outcome& out, const call& after, time_point now);

/// Of any step: what may become of the state, and what is written of it.
void judge_written(const call& before, const outcome& out, const call& after);

/// Of a command's answer.
void judge_answer(const outcome& out);

/// Of the times in a final record.
void judge_final_times(const call_record& record);

} // namespace carillon::test
