#include "protocol/chronicle.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace carillon {

namespace {

/// Rings of more are one step: else the many members of a video call would fill the timeline.
constexpr std::size_t most_rings = 16;

timeline_step step_of(step_kind kind, time_point at, std::uint8_t from,
                      std::uint8_t to = timeline_step::nobody) {
  timeline_step step;
  step.kind = kind;
  step.at = at;
  step.from = from;
  step.to = to;
  return step;
}

timeline_step leave_of(const participant& who, std::uint8_t index) {
  auto step = step_of(step_kind::leave, *who.left_at, index);
  if (who.dropped)
    step.reason = end_reason::connection_lost;
  return step;
}

bool by_time(const timeline_step& a, const timeline_step& b) noexcept { return a.at < b.at; }

} // namespace

// -- people ------------------------------------------------------------------

std::uint8_t chronicle::find(const user_id& user) const noexcept {
  auto i = std::find(told_.people.begin(), told_.people.end(), user);
  return i == told_.people.end() ? timeline_step::nobody
                                 : static_cast<std::uint8_t>(i - told_.people.begin());
}

/// The same; somebody new is added as long as there is room.
std::uint8_t chronicle::meet(const user_id& user) {
  auto known = find(user);
  if (known != timeline_step::nobody || told_.people.size() == timeline::most_people)
    return known;
  told_.people.push_back(user);
  people_.emplace_back();
  return static_cast<std::uint8_t>(told_.people.size() - 1);
}

std::uint32_t chronicle::away() const noexcept {
  return static_cast<std::uint32_t>(
      std::count_if(people_.begin(), people_.end(), [](const presence& who) { return who.away; }));
}

// -- steps -------------------------------------------------------------------

// There is always room for the end, and time only goes on.
void chronicle::add(timeline_step what) {
  auto& steps = told_.steps;
  if (what.kind != step_kind::end && steps.size() + 1 >= timeline::most_steps) {
    ++told_.left_out;
    return;
  }
  if (!steps.empty())
    what.at = std::max(what.at, steps.back().at);
  steps.push_back(what);
}

void chronicle::look_at(const call_record& record) {
  told_.call = record.id;
  told_.kind = record.kind();
  told_.created_at = record.created_at;
  told_.started_at = record.started_at;
  told_.ended_at = record.ended_at;
  told_.status = record.status;
  told_.reason = record.reason;
}

void chronicle::follow(const call_record& record, const std::vector<addressed_event>& events,
                       time_point now) {
  if (record.version != version_ && !told_.ended_at) {
    auto first = version_ == 0;
    auto accepted = record.started_at && !told_.started_at;
    look_at(record);
    if (record.kind() != call_kind::direct) {
      follow_people(record, now);
    } else if (first) {
      static_cast<void>(meet(record.caller));
      static_cast<void>(meet(record.direct().receiver));
    }
    if (first && !record.ended_at)
      ring(record);
    if (record.kind() == call_kind::direct && accepted)
      add(step_of(step_kind::accept, *record.started_at, 1, 0));
    follow_end(record);
    version_ = record.version;
  }
  for (const auto& [to, what, durable] : events)
    if (const auto* relay = std::get_if<event::relayed>(&what)) {
      relay_counts one;
      auto& counted = one.by_kind[static_cast<std::size_t>(relay->kind)];
      counted.n = 1;
      counted.at[0] = now;
      add(relay->from, to.user, one);
    }
}

void chronicle::ring(const call_record& record) {
  if (record.kind() == call_kind::direct) {
    add(step_of(step_kind::ring, record.created_at, 0, 1));
    return;
  }
  auto named = static_cast<std::size_t>(
      std::count_if(record.people.begin(), record.people.end(),
                    [](const participant& one) { return one.invited != invitation::none; }));
  if (named > most_rings) {
    auto step = step_of(step_kind::ring, record.created_at, 0);
    step.n = static_cast<std::uint32_t>(named);
    add(step);
    return;
  }
  for (std::size_t i = 1; i < people_.size(); ++i)
    if (record.people[i].invited != invitation::none)
      add(step_of(step_kind::ring, record.created_at, 0, static_cast<std::uint8_t>(i)));
}

void chronicle::follow_people(const call_record& record, time_point now) {
  auto known = std::min(record.people.size(), timeline::most_people);
  for (auto i = people_.size(); i < known; ++i) {
    told_.people.push_back(record.people[i].user);
    people_.emplace_back();
  }
  for (std::size_t i = 0; i < known; ++i)
    if (record.people[i].version > version_)
      follow_person(record, i, now);
}

void chronicle::follow_person(const call_record& record, std::size_t index, time_point now) {
  const auto& who = record.people[index];
  auto& before = people_[index];
  auto at = static_cast<std::uint8_t>(index);
  // Who was away is back with whatever device; that is told by the summary.
  auto moved = before.in && who.in() && !before.away && !before.device.empty()
               && who.device != before.device;
  if (!before.in && who.in())
    add(step_of(step_kind::join, *who.entered_at, at));
  else if (moved)
    add(step_of(step_kind::move, now, at));
  else if (before.in && !who.in() && !(record.ended_at && who.version == record.version))
    add(leave_of(who, at)); // else it left because the call ended
  before.in = who.in();
  before.away = before.away && before.in;
  before.device = who.device;
}

void chronicle::follow_end(const call_record& record) {
  if (!record.ended_at)
    return;
  auto step = step_of(step_kind::end, *record.ended_at, timeline_step::nobody);
  if (!record.ended_by.empty())
    step.from = meet(record.ended_by); // an operator need not be one of its people
  step.reason = record.reason;
  add(step);
  for (auto& who : people_)
    who.in = who.away = false;
}

void chronicle::follow(const user_id& user, const call_summary& before, const call_summary& after,
                       time_point now) {
  auto index = find(user);
  if (index == timeline_step::nobody)
    return;
  auto& who = people_[index];
  auto direct = told_.kind == call_kind::direct;
  auto is_in = [direct](const call_summary& at) {
    return direct ? at.is_caller || at.state == call_state::active : at.joined;
  };
  if (told_.ended_at || !is_in(after)) {
    who.away = false;
  } else if (after.away) {
    // Who came in this moment may be away until the call hears of its devices: none was lost.
    if (is_in(before) && !before.away && !std::exchange(who.away, true))
      add(step_of(step_kind::drop, now, index));
  } else if (std::exchange(who.away, false)) {
    add(step_of(step_kind::back, now, index));
  } else if (direct && !before.device.empty() && !after.device.empty()
             && before.device != after.device) {
    add(step_of(step_kind::move, now, index)); // the record of a direct call has no devices
  }
}

// -- what was before -----------------------------------------------------------

void chronicle::begin(const call_record& record, time_point now, beginning how) {
  if (how == beginning::fresh)
    return;
  recall(record);
  version_ = record.version;
  if (how == beginning::restored)
    add(step_of(step_kind::restored, now, timeline_step::nobody));
}

void chronicle::recall(const call_record& record) {
  look_at(record);
  if (record.kind() == call_kind::direct)
    recall_direct(record);
  else
    recall_people(record);
}

// Whoever was in has no device until it connects.
void chronicle::recall_direct(const call_record& record) {
  auto active = record.state() == call_state::active;
  told_.people = {record.caller, record.direct().receiver};
  people_.resize(2);
  people_[0].away = active || !record.direct().via_rest;
  people_[1].away = active;
  ring(record);
  if (active)
    add(step_of(step_kind::accept, *record.started_at, 1, 0));
}

void chronicle::recall_people(const call_record& record) {
  std::vector<timeline_step> steps;
  for (std::size_t i = 0; i < std::min(record.people.size(), timeline::most_people); ++i) {
    const auto& who = record.people[i];
    auto index = static_cast<std::uint8_t>(i);
    told_.people.push_back(who.user);
    people_.push_back({who.in(), who.in() && !who.lease_until, who.device});
    if (who.joined_at)
      steps.push_back(step_of(step_kind::join, *who.joined_at, index));
    if (who.left_at)
      steps.push_back(leave_of(who, index));
    else if (who.entered_at && who.entered_at != who.joined_at)
      steps.push_back(step_of(step_kind::join, *who.entered_at, index));
  }
  ring(record);
  std::stable_sort(steps.begin(), steps.end(), by_time);
  for (const auto& step : steps)
    add(step);
}

} // namespace carillon
