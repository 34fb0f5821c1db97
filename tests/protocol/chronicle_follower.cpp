#include "tests/protocol/chronicle_follower.hpp"

#include "tests/protocol/promise.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace carillon::test {

namespace {

/// What a timeline says of one of its people.
struct lifeline {
  bool in = false;
  std::optional<bool> away = false; ///< nothing: a restart left open whether there is a device to miss
};

bool is_relay(step_kind kind) {
  return kind == step_kind::offer || kind == step_kind::answer || kind == step_kind::candidates;
}

void judge_head(const timeline& told, const call_record& record) {
  promise(told.call == record.id && told.kind == record.kind(), "a timeline is of its call");
  promise(told.created_at == record.created_at && told.started_at == record.started_at
              && told.ended_at == record.ended_at,
          "its times are those of the record");
  promise(told.status == record.status && told.reason == record.reason,
          "it ends as the record says");
  auto users = record.users();
  promise(told.people.size() >= users.size()
              && std::equal(users.begin(), users.end(), told.people.begin()),
          "the people are those of the record, in their order");
  auto guest = record.ended_by.empty() || record.has(record.ended_by) ? 0U : 1U;
  promise(told.people.size() == users.size() + guest
              && (guest == 0 || told.people.back() == record.ended_by),
          "nobody else is there but an operator who ended it");
}

void judge_shape(const timeline& told, const call_record& record) {
  auto again = unpack({told.call, {}, pack(told)});
  promise(again && *again == told, "a timeline comes back as it was kept");
  promise(told.steps.size() <= timeline::most_steps, "a timeline is bounded");
  promise(std::is_sorted(told.steps.begin(), told.steps.end(),
                         [](const auto& a, const auto& b) { return a.at < b.at; }),
          "steps are in the order of their times");
  for (const auto& step : told.steps)
    for (auto who : {step.from, step.to})
      promise(who == timeline_step::nobody || who < told.people.size(),
              "a step is of somebody who is there");
  auto ends = std::count_if(told.steps.begin(), told.steps.end(),
                            [](const auto& step) { return step.kind == step_kind::end; });
  promise(ends == (record.ended_at ? 1 : 0), "a call that is over has one end");
  if (!record.ended_at)
    return;
  const auto& end = told.steps.back();
  promise(end.kind == step_kind::end && end.reason == record.reason && end.at >= *record.ended_at,
          "the end comes last, as in the record");
}

void turn(lifeline& who, const timeline_step& step, bool recalled) {
  switch (step.kind) {
  case step_kind::join:
    promise(!who.in || recalled, "nobody joins who is in");
    who.in = true;
    break;
  case step_kind::leave:
    promise(who.in, "nobody leaves who is not in");
    who = {};
    break;
  case step_kind::move:
    promise(who.in, "nobody moves who is not in");
    break;
  case step_kind::drop:
    promise(who.in && who.away != true, "only a device that is there is lost");
    who.away = true;
    break;
  case step_kind::back:
    promise(who.in && who.away != false, "only a device that was lost comes back");
    who.away = false;
    break;
  default:
    break;
  }
}

/// Follows the lines of all people. A restart finds nobody at a device, but who takes part by REST
/// alone had none before either, and misses none.
void judge_lines(const timeline& told, const call_record& record, std::size_t recalled,
                 std::size_t away) {
  std::vector<lifeline> lines(told.people.size());
  std::size_t steps = 0; // without relays, among which those that were recalled come first
  for (const auto& step : told.steps) {
    if (is_relay(step.kind))
      continue;
    auto early = steps++ < recalled;
    auto takes_part = step.kind == step_kind::ring || step.kind == step_kind::accept;
    if (told.kind == call_kind::direct && takes_part)
      lines[step.from].in = true;
    if (step.kind == step_kind::restored)
      for (auto& who : lines)
        who.away = who.in ? std::nullopt : std::optional{false};
    else if (step.from != timeline_step::nobody && step.kind != step_kind::end)
      turn(lines[step.from], step, early);
  }
  promise(!record.ended_at || away == 0, "nobody is away from a call that is over");
  if (record.ended_at || told.left_out > 0)
    return;
  auto count = [&](auto is) {
    return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), is));
  };
  promise(away >= count([](const lifeline& who) { return who.away == true; })
              && away <= count([](const lifeline& who) { return who.away != false; }),
          "who lost its device is away");
  if (record.kind() == call_kind::direct)
    return;
  for (std::size_t i = 0; i < record.people.size(); ++i)
    promise(lines[i].in == record.people[i].in(), "who is in is in on the timeline");
}

} // namespace

void chronicle_follower::begin(const call& machine, time_point now, chronicle::beginning how) {
  *this = {};
  told_.begin(machine.record(), now, how);
  recalled_ = told_.so_far().steps.size();
}

void chronicle_follower::follow(const call& machine, const outcome& out, time_point now) {
  const auto& record = machine.record();
  told_.follow(record, out.events, now);
  for (const auto& event : out.events)
    relays_ += std::holds_alternative<event::relayed>(event.what) ? 1 : 0;
  if (record.version == 0)
    return;
  for (const auto& user : record.users()) {
    auto after = machine.summary_for(user);
    auto& before = summaries_[user];
    if (before != after)
      told_.follow(user, before, after, now);
    before = std::move(after);
  }
}

void chronicle_follower::judge(const call& machine) const {
  const auto& record = machine.record();
  auto told = so_far();
  if (record.version > 0)
    judge_head(told, record);
  judge_shape(told, record);
  judge_lines(told, record, recalled_, told_.away());
  // Not the other way round: who has no device from the beginning lost none.
  auto users = record.users();
  promise(std::cmp_less_equal(told_.away(),
                              std::count_if(users.begin(), users.end(),
                                            [&](const user_id& who) {
                                              return machine.summary_for(who).away;
                                            })),
          "who is away has a leg without a device");
  std::size_t relays = 0;
  for (const auto& step : told.steps)
    relays += is_relay(step.kind) ? step.n : 0;
  promise(relays == relays_ || told.left_out > 0, "every relay is counted once");
}

relay_counts counts_of(relay_kind kind, std::initializer_list<time_point> times) {
  relay_counts all;
  for (auto at : times) {
    relay_count one;
    one.n = 1;
    one.at[0] = at;
    all.by_kind[static_cast<std::size_t>(kind)] += one;
  }
  return all;
}

call_record session_record(std::size_t people) {
  call_record record;
  record.id = call_id{"s1"};
  record.caller = user_id{"u0"};
  record.status = call_status::waiting;
  record.version = 1;
  record.created_at = from_epoch_ms(0);
  record.part = session_part{};
  for (std::size_t i = 0; i < people; ++i) {
    participant one;
    one.user = user_id{"u" + std::to_string(i)};
    one.invited = i == 0 ? invitation::none : invitation::pending;
    one.version = 1;
    record.people.push_back(one);
  }
  return record;
}

std::string word_of(const timeline& of, const timeline_step& step) {
  auto name = [&](std::uint8_t who) { return of.people[who].str(); };
  std::string text{to_string(step.kind)};
  if (step.from != timeline_step::nobody)
    text += ' ' + name(step.from);
  if (step.to != timeline_step::nobody)
    text += '>' + name(step.to);
  if (step.n > 1)
    text += " x" + std::to_string(step.n);
  if (step.reason != end_reason::none)
    text += ' ' + std::string{to_string(step.reason)};
  return text;
}

std::vector<std::string> words_of(const timeline& of) {
  std::vector<std::string> words;
  for (const auto& step : of.steps)
    words.push_back(word_of(of, step));
  return words;
}

} // namespace carillon::test
