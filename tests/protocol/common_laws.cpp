#include "tests/protocol/common_laws.hpp"

#include "tests/protocol/promise.hpp"

namespace carillon::test {

void judge_due(const call& before, const outcome& out, const call& after, time_point now) {
  auto due = before.next_deadline();
  promise(!out.reply, "a deadline answers nobody");
  if (!due || *due > now)
    promise(out.events.empty() && !out.record && after.record() == before.record(),
            "nothing expires before its time");
  auto left = after.next_deadline();
  promise(!left || *left > now, "what was due is dealt with");
}

void judge_written(const call& before, const outcome& out, const call& after) {
  auto over = before.state() == call_state::ended;
  promise(after.state() >= before.state(), "states only move to the right");
  promise(out.ended == (after.state() == call_state::ended && !over),
          "the step that ends a call says so");
  if (!out.record) {
    promise(after.record() == before.record(), "nothing durable changes without being written");
    return;
  }
  promise(*out.record == after.record(), "what is written is what stands");
  promise(after.record().version > before.record().version, "and newer");
  promise(!over, "a final record is final");
}

void judge_answer(const outcome& out) {
  if (out.reply && out.reply->ok() && out.record)
    promise(out.reply->value() == *out.record, "an answer shows what was written");
}

void judge_final_times(const call_record& record) {
  promise(*record.ended_at >= record.created_at
              && (!record.started_at || *record.started_at <= *record.ended_at),
          "it ends after it began");
  auto seconds_long =
      record.started_at ? std::chrono::floor<seconds>(*record.ended_at - *record.started_at).count()
                        : 0;
  promise(record.duration_s == seconds_long, "the duration is from active to the end");
  promise(!record.call_deadline && !record.ring_deadline, "what is over has no deadline");
}

} // namespace carillon::test
