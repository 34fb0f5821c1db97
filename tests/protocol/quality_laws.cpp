#include "tests/protocol/quality_laws.hpp"

#include "tests/protocol/call_words.hpp"
#include "tests/protocol/promise.hpp"

namespace carillon::test {

void quality_laws::judge(const command::report_quality& cmd, const outcome& out,
                         const call_record& record, time_point now) {
  const auto* who = record.find(cmd.from.user);
  auto speaks =
      who && who->in()
      && (cmd.from.device.empty() || who->device.empty() || cmd.from.device == who->device);
  auto last = reported_.find(cmd.from.user);
  if (record.state() == call_state::ended)
    promise(word(out.reply) == "call_not_found", "nobody reports of what is over");
  else if (!speaks)
    promise(word(out.reply) == "not_authorized", "only who is in reports");
  else if (last != reported_.end() && now < last->second + interval_)
    promise(word(out.reply) == "rate_limited", "a leg reports now and then only");
  else {
    promise(word(out.reply) == "ok" && out.sample && out.sample->user == cmd.from.user
                && out.sample->at == now && out.sample->mos,
            "a report is stamped and rated");
    reported_[cmd.from.user] = now;
  }
}

} // namespace carillon::test
