#include "tests/protocol/video_laws.hpp"

#include "protocol/device_list.hpp"
#include "tests/protocol/call_words.hpp"
#include "tests/protocol/common_laws.hpp"
#include "tests/protocol/promise.hpp"
#include "tests/protocol/video_step_laws.hpp"

#include <algorithm>

namespace carillon::test {

namespace {

bool ever_joined(const call_record& record) {
  return std::any_of(record.people.begin(), record.people.end(),
                     [](const participant& who) { return who.joined_at.has_value(); });
}

bool may_become(call_status from, call_status to) {
  if (from == call_status::created)
    return true;
  return from == to || (from == call_status::active && to == call_status::ended);
}

} // namespace

void video_laws::restarted(const call_record& stored, const call& machine) {
  promise(machine.record() == stored, "a restored call is as it was written");
  presence_.clear();
  met_.clear();
  stays_.clear();
  away_.clear();
  for (const auto& who : stored.people) {
    presence_[who.user] = {};
    stays_[who.user] = {who.present, who.entered_at};
  }
  reports_.restarted();
  finals_ = 0;
}

void video_laws::judge(const call& before, const call_command& cmd, const outcome& out,
                       const call& after, time_point now) {
  if (before.record().version == 0) {
    promise(word(cmd) == "create" && after.record().version == 1 && out.record == after.record(),
            "creating is written");
    judge_created(out, after.record());
    return;
  }
  const auto& was = before.record();
  const auto& is = after.record();
  if (const auto* presence = std::get_if<command::presence>(&cmd))
    judge_presence(before, *presence, out, after);
  if (const auto* report = std::get_if<command::report_quality>(&cmd))
    reports_.judge(*report, out, was, now);
  else
    promise(word(out.reply) == expected_video_reply(was, cmd, settings_, now),
            "the answer is the contract's");
  if (out.reply && out.reply->ok())
    promise(out.reply->value() == is, "an answer shows what stands");
  if (out.record)
    promise(is.version == was.version + 1 || (out.ended && is.version == was.version + 2),
            "versions grow by one, and one more when the last one leaves");
  if ((out.reply && !out.reply->ok()) || was.ended_at)
    promise(out.events.empty() && !out.record && !out.sample && !out.ended && out.newcomers.empty()
                && is == was,
            "what is refused has no effect, and what is over does not change");
  else {
    judge_video_effect(was, cmd, out, is, now);
    judge_lease(was, cmd, is, now);
  }
  step(before, out, after, now);
}

void video_laws::judge_expiry(const call& before, const outcome& out, const call& after,
                              time_point now) {
  judge_due(before, out, after, now);
  promise(out.newcomers.empty(), "a deadline brings nobody");
  judge_expired(before.record(), after.record());
  step(before, out, after, now);
}

void video_laws::step(const call& before, const outcome& out, const call& after, time_point now) {
  judge_record(before, out, after);
  judge_people(before.record(), after.record(), now);
  judge_stays(before.record(), after.record(), now);
  judge_video_events(before.record(), out, after.record());
  if (out.ended) {
    promise(++finals_ == 1, "a call has one final record");
    judge_final(after.record());
  }
  judge_deadlines(after);
  for (const auto& who : after.record().people)
    judge_leg(after, who, now);
  promise(after.routes().empty(), "nothing is relayed");
}

// -- the record ------------------------------------------------------------------

void video_laws::judge_record(const call& before, const outcome& out, const call& after) const {
  judge_written(before, out, after);
  if (!out.record)
    return;
  const auto& was = before.record();
  const auto& is = after.record();
  promise(out.ended == (is.ended_at && !was.ended_at), "it has an end when it is over");
  promise(may_become(was.status, is.status), "the status moves only as it may");
  promise(is.id == was.id && is.caller == was.caller && is.created_at == was.created_at
              && is.video().facts == was.video().facts
              && is.video().invited_until == was.video().invited_until,
          "what a call was created with does not change");
  promise(!was.started_at || is.started_at == was.started_at, "it becomes active once");
  promise((is.status == call_status::active) == (is.started_at && !is.ended_at)
              && (is.status == call_status::created) == (!is.started_at && !is.ended_at),
          "the status says the state");
  promise(is.status != call_status::active || is.count_in() > 0
              || (!ever_joined(is) && is.ring_deadline),
          "no active call has nobody in, but for a while before the first join");
  promise(is.ended_at || !ever_joined(is) || is.count_in() > 0, "the last one out ends it");
  auto users = is.users();
  auto older = was.users();
  promise(users.size() >= older.size() && std::equal(older.begin(), older.end(), users.begin()),
          "people only come at the end");
  promise(is.people.size() == was.people.size() || is.people.size() <= settings_.max_people,
          "and not without end");
  promise(users.size() - older.size() == out.newcomers.size(), "each newcomer is named");
  promise(is.count_in() <= is.video().facts->seats, "no more are in than there are seats");
}

void video_laws::judge_people(const call_record& was, const call_record& is, time_point now) const {
  for (const auto& who : is.people) {
    const auto* before = was.find(who.user);
    promise(who.version <= is.version
                && (!before || (who.version > was.version) == !(who == *before)),
            "who changed has the version of the change");
    promise(before || who.version > was.version, "so has a newcomer");
    promise(!before || (who.role == before->role && who.present >= before->present),
            "roles stay, and time does not go back");
    promise(!before || !before->joined_at || who.joined_at == before->joined_at,
            "the first join stays the first");
    promise(who.time_in(now) <= now - is.created_at, "nobody is in longer than it lives");
    promise(who.in() == (who.joined_at && !who.left_at), "who joined is in or has left");
    promise(!who.lease_until || (who.in() && who.device.empty()),
            "a lease keeps who is in, and has no device");
    auto member = std::any_of(is.video().facts->members.begin(), is.video().facts->members.end(),
                              [&](const video_member& m) { return m.user == who.user; });
    promise((who.invited != invitation::none) == member, "members are invited, and nobody else");
    promise((who.invited == invitation::accepted || who.invited == invitation::declined)
                == who.responded_at.has_value(),
            "answers have a time");
    promise(!who.joined_at || !member || who.invited == invitation::accepted
                || who.invited == invitation::declined,
            "who joined has answered");
    promise(!who.in() || !member || who.invited == invitation::accepted, "who is in has accepted");
  }
}

void video_laws::judge_stays(const call_record& was, const call_record& is, time_point now) {
  for (const auto& who : is.people) {
    const auto* before = was.find(who.user);
    auto was_in = before && before->in();
    auto& mine = stays_[who.user];
    if (!was_in && who.in()) {
      promise(who.entered_at == now, "a stay begins when it begins");
      promise(who.joined_at == now || (before && before->joined_at), "the first one is the join");
      mine.since = now;
    } else if (was_in && !who.in()) {
      promise(*who.left_at >= *mine.since && *who.left_at <= now, "it ends after it began");
      mine.over += *who.left_at - *mine.since;
      mine.since.reset();
    }
    promise(who.present == mine.over && who.entered_at == mine.since, "no moment counts twice");
  }
}

void video_laws::judge_final(const call_record& record) const {
  promise(record.count_in() == 0, "nobody is in what is over");
  judge_final_times(record);
  for (const auto& who : record.people)
    promise((!who.left_at || *who.left_at <= *record.ended_at)
                && who.invited != invitation::pending,
            "nobody leaves what is over, no invitation outlives it");
  const auto* by = record.find(record.ended_by);
  auto left_last = record.status == call_status::ended && by && by->left_at == record.ended_at;
  auto by_creator = record.ended_by == record.caller;
  switch (record.reason) {
  case end_reason::hung_up:
    return promise(record.status == call_status::ended && by_creator, "its creator ended it");
  case end_reason::cancelled:
    return promise(record.status == call_status::cancelled && by_creator && !record.started_at,
                   "its creator cancelled it before it was active");
  case end_reason::last_left:
  case end_reason::timeout:
    return promise(left_last && !by->dropped, "the last one left, or its lease was over");
  case end_reason::connection_lost:
    return promise(left_last && by->dropped, "the last one did not come back");
  case end_reason::no_answer:
    return promise(record.ended_by.empty() && !ever_joined(record) && record.started_at
                       && *record.ended_at >= *record.started_at + settings_.first_join_timeout,
                   "nobody joined in time");
  default:
    promise(false, "a video call ends for other reasons");
  }
}

} // namespace carillon::test
