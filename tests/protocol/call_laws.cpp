#include "tests/protocol/call_laws.hpp"

#include "tests/protocol/call_words.hpp"
#include "tests/protocol/common_laws.hpp"

#include <algorithm>

namespace carillon::test {

namespace {

/// What the contract says to `cmd` when the call is in this state; none where it depends on
/// bindings.
struct expected_reply {
  const call_record& record;

  using text = std::optional<std::string>;

  [[nodiscard]] text decide(const origin& by) const {
    if (by.user != record.direct().receiver)
      return "not_authorized";
    return record.state() == call_state::ringing ? "ok" : "already_processed";
  }

  text operator()(const command::place& cmd) const {
    return cmd.verdict == placement::ring            ? "ok"
           : cmd.verdict == placement::receiver_busy ? "user_busy"
                                                     : "user_offline";
  }
  text operator()(const command::again&) const {
    return record.state() == call_state::ringing  ? "ok"
           : record.state() == call_state::active ? "caller_busy"
                                                  : "call_not_found";
  }
  text operator()(const command::accept& cmd) const { return decide(cmd.from); }
  text operator()(const command::reject& cmd) const { return decide(cmd.from); }
  text operator()(const command::end& cmd) const {
    return record.has(cmd.from.user) ? "ok" : "not_authorized";
  }
  text operator()(const command::relay& cmd) const {
    if (!record.has(cmd.from.user))
      return "not_authorized";
    if (record.state() == call_state::ended)
      return "call_not_found";
    if (cmd.to != record.peer_of(cmd.from.user))
      return "not_authorized";
    return std::nullopt;
  }
  text operator()(const command::presence&) const { return "none"; }
  template <class Other>
  text operator()(const Other&) const {
    return "call_not_found";
  }
};

std::vector<std::string> relayed_from(const outcome& out, const user_id& user) {
  std::vector<std::string> payloads;
  for (const auto& sent : out.events)
    if (const auto* relay = std::get_if<event::relayed>(&sent.what))
      if (relay->from == user)
        payloads.push_back(relay->payload);
  return payloads;
}

} // namespace

void call_laws::restarted(const call& machine) {
  promise(machine.state() != call_state::ended, "only live calls are restored");
  accepts_ = machine.state() == call_state::active ? 1 : 0;
  finals_ = 0;
  early_ = {};
  legs_.restarted();
}

void call_laws::judge(const call& before, const call_command& cmd, const outcome& out,
                      const call& after, time_point now) {
  judge_reply(before, cmd, out);
  auto refused = out.reply && !out.reply->ok();
  if (refused && !std::holds_alternative<command::place>(cmd))
    promise(out.events.empty() && !out.record && !out.ended, "what is refused has no effect");
  if (const auto* what = std::get_if<command::relay>(&cmd))
    judge_relay(before, *what, out);
  else if (before.state() == call_state::ringing && after.state() == call_state::active)
    judge_hand_over(cmd, out, after);
  else
    promise(relayed_from(out, after.record().caller).empty()
                && relayed_from(out, after.record().direct().receiver).empty(),
            "only a relay or an accept delivers relays");
  legs_.judge(before, cmd, after);
  step(before, out, after, now);
}

void call_laws::judge_expiry(const call& before, const outcome& out, const call& after,
                             time_point now) {
  judge_due(before, out, after, now);
  step(before, out, after, now);
}

void call_laws::step(const call& before, const outcome& out, const call& after, time_point now) {
  judge_record(before, out, after);
  judge_events(before, out, after);
  if (before.state() == call_state::ringing && after.record().started_at
      && !before.record().started_at)
    promise(++accepts_ == 1, "one accept wins");
  if (out.ended) {
    promise(++finals_ == 1, "a call has one final record");
    judge_final(after.record(), now);
  }
  judge_deadlines(after, now);
  legs_.judge_state(after, now);
}

void call_laws::judge_reply(const call& before, const call_command& cmd, const outcome& out) const {
  if (auto expected = std::visit(expected_reply{before.record()}, cmd))
    promise(word(out.reply) == *expected, "the answer is the contract's");
  else
    promise(out.reply.has_value(), "every command of a client is answered");
  judge_answer(out);
}

void call_laws::judge_relay(const call& before, const command::relay& cmd, const outcome& out) {
  if (!out.reply->ok())
    return;
  const auto& record = before.record();
  auto sent = relayed_from(out, cmd.from.user);
  promise(relayed_from(out, record.peer_of(cmd.from.user)).empty(), "the sender is stamped");
  auto bound = before.summary_for(cmd.from.user).device;
  promise(bound.empty() || bound == cmd.from.device, "only the leg's own device signals");
  if (before.state() == call_state::ringing) {
    promise(sent.empty(), "nothing is relayed before the accept");
    auto& early = early_[cmd.from.user == record.caller ? 0 : 1];
    early.push_back({cmd.from.device, cmd.payload});
    promise(early.size() <= settings_.early_relays, "what is kept before the accept is bounded");
    return;
  }
  promise(sent == std::vector{cmd.payload}, "an accepted relay is passed on once, as it is");
  for (const auto& [to, what, durable] : out.events)
    if (std::holds_alternative<event::relayed>(what))
      promise(to.user == record.peer_of(cmd.from.user), "a relay goes to the other side");
}

void call_laws::judge_hand_over(const call_command& cmd, const outcome& out,
                                const call& after) const {
  const auto& record = after.record();
  device_id winner;
  if (const auto* accept = std::get_if<command::accept>(&cmd))
    winner = accept->from.device;
  if (const auto* glare = std::get_if<command::again>(&cmd))
    winner = glare->from.device;
  std::vector<std::string> from_caller;
  for (const auto& one : early_[0])
    from_caller.push_back(one.payload);
  std::vector<std::string> from_receiver;
  for (const auto& one : early_[1])
    if (winner.empty() || one.sender == winner)
      from_receiver.push_back(one.payload);
  promise(relayed_from(out, record.caller) == from_caller, "the caller's early relays, in order");
  promise(relayed_from(out, record.direct().receiver) == from_receiver,
          "the winner's early relays, in order, and no other's");
  auto confirms = std::count_if(out.events.begin(), out.events.end(), [&](const auto& sent) {
    return std::holds_alternative<event::accepted_confirm>(sent.what)
           && sent.to.user == record.direct().receiver && sent.to.device == winner;
  });
  promise(confirms == 1, "the accept is confirmed to the one that accepted");
}

void call_laws::judge_record(const call& before, const outcome& out, const call& after) const {
  judge_written(before, out, after);
  if (!out.record)
    return;
  const auto& was = before.record();
  const auto& is = after.record();
  promise(is.version == was.version + 1, "versions grow by one");
  if (was.version > 0)
    promise(is.id == was.id && is.caller == was.caller
                && is.direct().receiver == was.direct().receiver
                && is.direct().type == was.direct().type && is.created_at == was.created_at
                && is.direct().via_rest == was.direct().via_rest,
            "who called whom does not change");
  promise(is.ring_deadline.has_value() == (after.state() == call_state::ringing),
          "a ring deadline while it rings");
  promise((is.status == call_status::no_answer) == (after.state() == call_state::ringing)
              && (is.status == call_status::active) == (after.state() == call_state::active),
          "the status says the state");
}

void call_laws::judge_final(const call_record& record, time_point now) const {
  judge_final_times(record);
  promise(*record.ended_at <= now, "nothing ends before it does");
  auto is = [&](call_status status, end_reason why, bool accepted, bool missed, const user_id& by) {
    return record.status == status && record.reason == why
           && record.started_at.has_value() == accepted && record.direct().missed == missed
           && record.ended_by == by;
  };
  const auto& a = record.caller;
  const auto& b = record.direct().receiver;
  user_id nobody;
  promise(is(call_status::missed, end_reason::no_answer, false, true, nobody)
              || is(call_status::missed, end_reason::busy, false, true, nobody)
              || is(call_status::missed, end_reason::offline, false, true, nobody)
              || is(call_status::cancelled, end_reason::cancelled, false, true, a)
              || is(call_status::cancelled, end_reason::connection_lost, false, true, a)
              || is(call_status::rejected, end_reason::rejected, false, false, b)
              || is(call_status::completed, end_reason::hung_up, true, false, a)
              || is(call_status::completed, end_reason::hung_up, true, false, b)
              || is(call_status::completed, end_reason::connection_lost, true, false, a)
              || is(call_status::completed, end_reason::connection_lost, true, false, b)
              || is(call_status::completed, end_reason::timeout, true, false, nobody),
          "status, reason, ender and missed belong together");
}

void call_laws::judge_events(const call& before, const outcome& out, const call& after) const {
  auto over = before.state() == call_state::ended;
  for (const auto& [to, what, durable] : out.events) {
    promise(after.record().has(to.user), "only participants hear of a call");
    promise(to.to != address::scope::one || !to.device.empty(), "an event for one names it");
    promise(call_of(what) == after.record().id, "an event names its call");
    auto confirms = std::holds_alternative<event::initiated>(what)
                    || std::holds_alternative<event::ended_confirm>(what);
    if (confirms)
      promise(durable, "confirmations wait for the commit");
    if (std::holds_alternative<event::incoming>(what)
        || std::holds_alternative<event::relayed>(what))
      promise(!durable, "rings and relays wait for no commit");
    if (over)
      promise(std::holds_alternative<event::ended_confirm>(what),
              "after the end there are only confirmations");
    if (std::holds_alternative<event::ended>(what))
      promise(out.ended, "callEnded is said when the call ends");
  }
  if (over)
    promise(out.events.size() <= 1, "after the end only the asker is answered");
}

void call_laws::judge_deadlines(const call& after, time_point now) const {
  auto due = after.next_deadline();
  switch (after.state()) {
  case call_state::ringing:
    promise(after.record().version == 0 || due, "a ringing call has a deadline");
    promise(!due || *due <= *after.record().ring_deadline, "it rings no longer than its timeout");
    break;
  case call_state::active:
    promise(after.record().call_deadline.has_value() == (settings_.call_timeout.count() > 0),
            "a call timeout where one is set");
    if (after.record().call_deadline)
      promise(due && *due <= *after.record().call_deadline, "the call timeout holds");
    else
      promise(!due || *due <= now + settings_.reconnect_grace, "a grace is no longer than set");
    break;
  case call_state::ended:
    promise(!due, "an ended call waits for nothing");
    break;
  }
}

} // namespace carillon::test
