#include "protocol/call_core.hpp"

#include <algorithm>
#include <utility>

namespace carillon {

leg* call_core::find(const user_id& user) noexcept {
  auto at = std::find_if(legs.begin(), legs.end(), [&](const leg& l) { return l.user == user; });
  return at == legs.end() ? nullptr : &*at;
}

const leg* call_core::find(const user_id& user) const noexcept {
  auto at = std::find_if(legs.begin(), legs.end(), [&](const leg& l) { return l.user == user; });
  return at == legs.end() ? nullptr : &*at;
}

participant& call_core::person(const leg& who) noexcept {
  return record.people[static_cast<std::size_t>(&who - legs.data())];
}

const participant& call_core::person(const leg& who) const noexcept {
  return record.people[static_cast<std::size_t>(&who - legs.data())];
}

outcome call_core::refuse(error_code code, int retry_after_s) const {
  failure why{code, record.id};
  why.retry_after_s = retry_after_s;
  outcome out;
  out.reply = std::move(why);
  return out;
}

std::optional<time_point> call_core::next_deadline() const {
  if (state() == call_state::ended)
    return std::nullopt;
  std::optional<time_point> next;
  auto consider = [&next](const std::optional<time_point>& t) {
    if (t && (!next || *t < *next))
      next = t;
  };
  consider(record.ring_deadline);
  consider(record.call_deadline);
  for (const auto& one : legs) {
    consider(one.grace_until);
    consider(one.leased_until);
  }
  return next;
}

void call_core::enter(leg& who, device_id device) {
  who.in = true;
  who.bound = std::move(device);
  if (who.bound.empty())
    return;
  who.losers = who.seen;
  std::erase(who.losers, who.bound);
}

void call_core::part(leg& who) {
  who.in = false;
  who.bound = {};
  who.grace_until.reset();
  who.leased_until.reset();
  who.early = {};
}

void call_core::start(std::chrono::minutes timeout, time_point now) {
  record.status = call_status::active;
  record.started_at = now;
  record.call_deadline.reset();
  if (timeout.count() > 0)
    record.call_deadline = now + timeout;
}

void call_core::finish(outcome& out, call_status as, end_reason why, const user_id& by,
                       time_point at) {
  record.status = as;
  record.reason = why;
  record.ended_by = by;
  record.ended_at = at;
  if (record.started_at)
    record.duration_s =
        std::max<std::int64_t>(0, std::chrono::floor<seconds>(at - *record.started_at).count());
  record.ring_deadline.reset();
  record.call_deadline.reset();
  for (auto& who : record.people)
    if (who.in()) {
      who.leave(at);
      who.version = record.version + 1;
    }
  for (auto& one : legs)
    part(one);
  out.ended = true;
  write(out);
}

void call_core::write(outcome& out) {
  ++record.version;
  out.record = record;
}

std::vector<relay_route> call_core::routes() const {
  std::vector<relay_route> all;
  if (state() != call_state::active || record.kind() == call_kind::video) // no signaling in video
    return all;
  for (const auto& from : legs) {
    if (!from.live())
      continue;
    relay_route route{{from.user, from.bound, record.kind()}, {}};
    for (const auto& to : legs)
      if (&to != &from && to.live())
        route.targets.push_back({to.user, to.bound, record.kind()});
    if (!route.targets.empty())
      all.push_back(std::move(route));
  }
  return all;
}

} // namespace carillon
