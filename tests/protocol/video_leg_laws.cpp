#include "protocol/device_list.hpp"
#include "tests/protocol/call_words.hpp"
#include "tests/protocol/promise.hpp"
#include "tests/protocol/video_laws.hpp"

#include <algorithm>

// What keeps legs in, and what the call waits for.

namespace carillon::test {

namespace {

/// Whether one of `devices` keeps the leg of `who`: the one that has it, or any where none has.
bool is_kept(const participant& who, const std::vector<device_id>& devices) {
  return who.device.empty() ? !devices.empty() : contains(devices, who.device);
}

} // namespace

void video_laws::judge_presence(const call& before, const command::presence& cmd,
                                const outcome& out, const call& after) {
  const auto* was = before.record().find(cmd.user);
  if (!was || before.state() == call_state::ended)
    return;
  auto is_first = !presence_.contains(cmd.user);
  presence_[cmd.user] = cmd.devices;
  auto& met = met_[cmd.user];
  auto expected = was->device;
  std::vector<device_id> fresh;
  for (const auto& device : cmd.devices)
    if (!contains(met, device))
      fresh.push_back(device);
  if (was->in() && !was->device.empty() && !contains(cmd.devices, was->device) && !is_first
      && !fresh.empty())
    expected = fresh.front();
  met.insert(met.end(), cmd.devices.begin(), cmd.devices.end());
  const auto& is = *after.record().find(cmd.user);
  promise(is.device == expected,
          "a leg without its device moves to the next new one, and only then");
  promise(is.in() == was->in() && !out.ended, "a drop is no leave");
  promise(out.record.has_value() == !(is == *was), "only what keeps a leg is written");
  promise(is.lease_until == (cmd.devices.empty() ? was->lease_until : std::nullopt),
          "the first device ends a lease");
  auto told = !is_first && was->invited == invitation::pending ? fresh.size() : 0;
  promise(out.events.size() == told, "each new device of who is invited is told, and no other");
  for (std::size_t i = 0; i < told; ++i) {
    const auto& to = out.events[i].to;
    promise(std::holds_alternative<event::video_created>(out.events[i].what)
                && to.to == address::scope::one && to.user == cmd.user && to.device == fresh[i],
            "of the call, and alone");
  }
}

// What a command does to the lease of who gave it.
void video_laws::judge_lease(const call_record& before, const call_command& cmd,
                             const call_record& after, time_point now) const {
  if (std::holds_alternative<command::presence>(cmd)
      || std::holds_alternative<command::report_quality>(cmd))
    return;
  const auto& by = std::visit(
      [](const auto& what) -> const origin& {
        if constexpr (requires { what.from; })
          return what.from;
        else
          throw violation{"a client gives commands"};
      },
      cmd);
  const auto* was = before.find(by.user);
  const auto* is = after.find(by.user);
  if (!is || !is->in())
    return;
  auto enters = std::holds_alternative<command::enter_call>(cmd);
  auto begins = enters && (!was || !was->in());
  auto here = presence_.find(by.user);
  auto has_devices = here != presence_.end() && !here->second.empty();
  auto leased = enters && !by.device.empty() ? false
                : begins                     ? !has_devices
                                             : was->lease_until.has_value();
  promise(is->lease_until == (leased ? std::optional{now + settings_.rest_lease} : std::nullopt),
          "each sign of life over REST renews a lease, a device ends it");
  if (enters)
    promise(is->device == (begins || !by.device.empty() ? by.device : was->device),
            "the leg is bound to the device that it was joined with last");
}

// Nobody leaves for want of a device who has one, nor before its lease is over.
void video_laws::judge_expired(const call_record& was, const call_record& is) const {
  for (const auto& who : is.people) {
    const auto& before = *was.find(who.user);
    if (!before.in() || who.in())
      continue;
    promise(who.dropped == !before.lease_until,
            "who leaves by itself has lost its device or lease");
    if (before.lease_until) {
      promise(*who.left_at >= *before.lease_until, "and not before its time");
      continue;
    }
    auto here = presence_.find(who.user);
    promise(here != presence_.end() && !is_kept(before, here->second),
            "who has what keeps it in does not drop out");
  }
}

void video_laws::judge_deadlines(const call& after) const {
  const auto& record = after.record();
  auto due = after.next_deadline();
  if (record.ended_at) {
    promise(!due && !record.ring_deadline && !record.call_deadline,
            "what is over waits for nothing");
    return;
  }
  const auto& people = record.people;
  auto pending = std::any_of(people.begin(), people.end(), [](const participant& who) {
    return who.invited == invitation::pending;
  });
  auto joined = std::any_of(people.begin(), people.end(),
                            [](const participant& who) { return who.joined_at.has_value(); });
  auto answers =
      pending ? std::optional{record.created_at + settings_.invitation_ttl} : std::nullopt;
  auto first_join = record.started_at && !joined
                        ? std::optional{*record.started_at + settings_.first_join_timeout}
                        : std::nullopt;
  promise(record.call_deadline == answers, "it waits for answers as long as it should");
  promise(record.ring_deadline == first_join, "and for a first join");
  promise(!record.at_rest() || !due, "what is at rest waits for nothing");
  for (auto at : {record.call_deadline, record.ring_deadline})
    promise(!at || (due && *due <= *at), "no deadline is forgotten");
}

void video_laws::judge_leg(const call& after, const participant& who, time_point now) {
  const auto& record = after.record();
  auto summary = after.summary_for(who.user);
  promise(summary.joined == who.in() && summary.kind == call_kind::video
              && summary.shown_as == record.video().facts->call_id && summary.role == who.role
              && summary.is_caller == (who.user == record.caller) && !summary.type
              && summary.ring_deadline.has_value() == (who.invited == invitation::pending),
          "the summary says what stands");
  promise(summary.device.empty() || (who.in() && summary.device == who.device),
          "and the leg's device");
  promise(!after.occupies(who.user), "nobody is busy with video");
  auto due = after.next_deadline();
  auto here = presence_.find(who.user);
  auto known = here != presence_.end();
  auto kept = who.in() && known && is_kept(who, here->second);
  note_absence(who, who.in() && known && !kept && !who.lease_until, now);
  if (!who.in() || (due && *due <= now))
    return;
  promise(
      !who.lease_until
          || (due && *due <= *who.lease_until && *who.lease_until <= now + settings_.rest_lease),
      "a lease is no longer than set");
  if (!known)
    return;
  promise(!(kept && who.lease_until), "who has a device has no lease");
  auto away = away_.find(who.user);
  promise(away == away_.end() || (due && *due <= away->second.since + settings_.reconnect_grace),
          "who has no device has a lease, or a grace no longer than set");
  promise(who.device.empty() || kept == !summary.device.empty(),
          "a leg is live while its device is there");
  promise(after.leg_is_live_or_in_grace(who.user, now), "and the machine knows it");
}

// Nothing makes a grace longer but another device.
void video_laws::note_absence(const participant& who, bool away, time_point now) {
  if (!away) {
    away_.erase(who.user);
    return;
  }
  auto [known, fresh] = away_.insert({who.user, {who.device, now}});
  if (!fresh && known->second.device != who.device)
    known->second = {who.device, now};
}

} // namespace carillon::test
