#include "tests/protocol/session_laws.hpp"

#include "protocol/device_list.hpp"
#include "tests/protocol/call_words.hpp"
#include "tests/protocol/common_laws.hpp"
#include "tests/protocol/promise.hpp"
#include "tests/protocol/session_step_laws.hpp"

#include <algorithm>
#include <set>

namespace carillon::test {

void session_laws::restarted(const call_record& stored, const call& machine) {
  auto expected = stored;
  expected.version = machine.record().version;
  promise(machine.record() == expected, "a restored session is as it was written");
  promise(machine.record().version > stored.version, "but of a later version");
  presence_.clear();
  lost_.clear();
  met_.clear();
  for (const auto& user : stored.users())
    presence_[user] = {};
  reports_.restarted();
  finals_ = 0;
}

void session_laws::judge(const call& before, const call_command& cmd, const outcome& out,
                         const call& after, time_point now) {
  if (std::holds_alternative<command::open>(cmd)) {
    promise(after.record().version == 1 && out.record == after.record(), "opening is written");
    return;
  }
  if (const auto* presence = std::get_if<command::presence>(&cmd))
    judge_presence(before, *presence, after);
  judge_reply(before, cmd, out, now);
  if (out.record)
    promise(out.record->version == before.record().version + 1, "versions grow by one");
  auto over = before.state() == call_state::ended;
  if ((out.reply && !out.reply->ok()) || over)
    promise(out.events.empty() && !out.record && !out.sample && !out.ended,
            "what is refused has no effect");
  else
    judge_effect(before.record(), cmd, out, after.record(), now);
  step(before, out, after, now);
}

void session_laws::judge_expiry(const call& before, const outcome& out, const call& after,
                                time_point now) {
  judge_due(before, out, after, now);
  step(before, out, after, now);
}

void session_laws::step(const call& before, const outcome& out, const call& after, time_point now) {
  judge_record(before, out, after);
  judge_people(before.record(), after.record(), now);
  judge_events(before.record(), out, after.record());
  if (out.ended) {
    promise(++finals_ == 1, "a session has one final record");
    judge_final(after.record());
  }
  judge_deadlines(after);
  judge_legs(after, now);
}

void session_laws::judge_presence(const call& before, const command::presence& cmd,
                                  const call& after) {
  const auto* was = before.record().find(cmd.user);
  if (!was || before.state() == call_state::ended)
    return;
  auto is_first = !presence_.contains(cmd.user);
  presence_[cmd.user] = cmd.devices;
  lost_[cmd.user] = cmd.lost;
  auto& met = met_[cmd.user];
  auto expected = was->device;
  if (was->in() && !contains(cmd.devices, was->device) && !is_first)
    for (auto device = cmd.devices.rbegin(); device != cmd.devices.rend(); ++device)
      if (!contains(met, *device))
        expected = *device;
  met.insert(met.end(), cmd.devices.begin(), cmd.devices.end());
  promise(after.record().find(cmd.user)->device == expected,
          "a leg without its device moves to the next new one, and only then");
}

// -- answers ---------------------------------------------------------------------

void session_laws::judge_reply(const call& before, const call_command& cmd, const outcome& out,
                               time_point now) {
  if (auto expected = expected_reply(before.record(), gone(before.record()), cmd))
    promise(word(out.reply) == *expected, "the answer is the contract's");
  else
    reports_.judge(std::get<command::report_quality>(cmd), out, before.record(), now);
  judge_answer(out);
}

// The devices that have legs, but are neither there nor may come back.
std::vector<device_id> session_laws::gone(const call_record& record) const {
  std::vector<device_id> all;
  for (const auto& who : record.people)
    if (auto here = presence_.find(who.user); who.in() && here != presence_.end()) {
      auto lost = lost_.find(who.user);
      if (!contains(here->second, who.device)
          && (lost == lost_.end() || !contains(lost->second, who.device)))
        all.push_back(who.device);
    }
  return all;
}

// -- the record ------------------------------------------------------------------

void session_laws::judge_record(const call& before, const outcome& out, const call& after) const {
  judge_written(before, out, after);
  if (!out.record)
    return;
  const auto& was = before.record();
  const auto& is = after.record();
  promise(is.id == was.id && is.caller == was.caller && is.created_at == was.created_at
              && is.session() == was.session() && is.users() == was.users(),
          "what a session was opened with does not change");
  if (is.started_at != was.started_at)
    promise(!was.started_at && is.count_in() == 2, "it is active when the second one is in");
  promise(is.started_at || is.count_in() < 2, "and then at once");
  promise(is.status
              == (is.ended_at     ? call_status::ended
                  : is.started_at ? call_status::active
                                  : call_status::waiting),
          "the status says the state");
}

void session_laws::judge_people(const call_record& was, const call_record& is,
                                time_point now) const {
  std::set<device_id> taken;
  for (std::size_t i = 0; i < is.people.size(); ++i) {
    const auto& who = is.people[i];
    auto changed = !(who == was.people[i]);
    promise(who.version <= is.version && (who.version > was.version) == changed,
            "who changed has the version of the change");
    promise(who.role == was.people[i].role, "roles stay");
    promise(who.time_in(now) <= now - is.created_at, "nobody is in longer than it lives");
    promise(
        who.present >= was.people[i].present
            && (!who.left_at || !was.people[i].in() || *who.left_at >= *was.people[i].entered_at),
        "time does not go back");
    if (who.in())
      promise(!who.device.empty() && taken.insert(who.device).second,
              "a leg has one device, and no other leg has it");
    promise(who.in() == (who.joined_at && !who.left_at), "who joined is in or has left");
    promise(!who.entered_at || *who.entered_at >= *who.joined_at, "stays follow one another");
    promise((who.invited == invitation::none) == (who.role == participant_role::initiator),
            "all but the initiator are invited");
    promise((who.invited == invitation::accepted) == who.responded_at.has_value(),
            "answers have a time");
    if (who.invited == invitation::pending)
      promise(!who.joined_at && is.ring_deadline, "an invitation is pending until it is answered");
    auto ever = who.ever;
    promise(ever.video >= who.media.video && ever.audio >= who.media.audio
                && ever.sharing >= who.media.sharing
                && (is.session().facts->may_share || !ever.sharing),
            "what is on was on, and may be");
  }
  promise(is.count_in() <= is.session().facts->seats, "no more are in than there are seats");
}

void session_laws::judge_final(const call_record& record) const {
  promise(record.count_in() == 0, "nobody is in what is over");
  judge_final_times(record);
  for (const auto& who : record.people)
    promise(!who.left_at || *who.left_at <= *record.ended_at, "nobody leaves what is over");
  const auto* by = record.find(record.ended_by);
  auto left_last = by && by->left_at == record.ended_at;
  auto nobody_came = std::none_of(record.people.begin(), record.people.end(),
                                  [](const participant& who) { return who.joined_at.has_value(); });
  for (const auto& who : record.people)
    promise(who.invited != invitation::pending, "no invitation outlives its session");
  promise((record.reason == end_reason::hung_up && !record.ended_by.empty())
              || (record.reason == end_reason::last_left && left_last && !by->dropped)
              || (record.reason == end_reason::connection_lost && left_last && by->dropped)
              || (record.reason == end_reason::no_answer && record.ended_by.empty() && nobody_came
                  && record.ended_at == record.session().invited_until)
              || (record.reason == end_reason::timeout && record.ended_by.empty()),
          "reason and ender belong together");
}

// -- what waits --------------------------------------------------------------------

void session_laws::judge_deadlines(const call& after) const {
  const auto& record = after.record();
  auto due = after.next_deadline();
  if (after.state() == call_state::ended) {
    promise(!due, "an ended session waits for nothing");
    return;
  }
  std::optional<time_point> limit;
  if (settings_.session_timeout.count() > 0)
    limit = record.started_at.value_or(record.created_at) + settings_.session_timeout;
  promise(record.call_deadline == limit, "the call timeout is as set");
  promise(!record.ring_deadline || record.ring_deadline == record.session().invited_until,
          "the ring timeout is as set");
  promise(record.count_in() > 0 || record.ring_deadline,
          "somebody is in, or may still come in time");
  for (auto at : {record.call_deadline, record.ring_deadline})
    promise(!at || (due && *due <= *at), "no deadline is forgotten");
}

void session_laws::judge_legs(const call& after, time_point now) const {
  const auto& record = after.record();
  auto due = after.next_deadline();
  auto overdue = due && *due <= now;
  auto over = after.state() == call_state::ended;
  std::vector<origin> live;
  for (const auto& who : record.people) {
    auto summary = after.summary_for(who.user);
    promise(summary.joined == who.in() && summary.kind == call_kind::session
                && summary.type == record.session().facts->type
                && summary.is_caller == (who.user == record.caller)
                && summary.ring_deadline.has_value() == (who.invited == invitation::pending),
            "the summary says what stands");
    promise(summary.device.empty() || summary.device == who.device, "and the leg's device");
    promise(after.occupies(who.user) == !summary.device.empty(), "who is in and there is busy");
    if (!summary.device.empty())
      live.push_back({who.user, summary.device, call_kind::session});
    auto here = presence_.find(who.user);
    if (over || overdue || !who.in() || here == presence_.end())
      continue;
    auto there = contains(here->second, who.device);
    promise(there == !summary.device.empty(), "a leg is live while its device is there");
    promise(there || (due && *due <= now + settings_.reconnect_grace),
            "or has a grace no longer than set");
    promise(after.leg_is_live_or_in_grace(who.user, now), "and the machine knows it");
  }
  std::vector<relay_route> routes;
  for (const auto& from : live) {
    routes.push_back({from, live});
    std::erase(routes.back().targets, from);
  }
  if (after.state() != call_state::active || live.size() < 2)
    routes.clear();
  promise(after.routes() == routes, "routes lead from each live leg to the others");
}

} // namespace carillon::test
