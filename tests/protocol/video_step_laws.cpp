#include "tests/protocol/video_step_laws.hpp"

#include "tests/protocol/call_words.hpp"
#include "tests/protocol/promise.hpp"

#include <algorithm>
#include <map>

namespace carillon::test {

namespace {

struct video_expectation {
  const call_record& record;
  const call_settings& settings;
  time_point now;

  [[nodiscard]] bool over() const { return record.ended_at.has_value(); }

  [[nodiscard]] bool seen(const origin& by, bool as_admin) const {
    return by.family == call_kind::video
           && (as_admin || record.video().facts->open() || record.has(by.user));
  }

  std::string operator()(const command::presence&) const { return "none"; }

  std::string operator()(const command::create& cmd) const {
    return cmd.from.user == record.caller ? "ok" : "call_exists";
  }

  std::string operator()(const command::enter_call& cmd) const {
    if (!seen(cmd.from, cmd.as_admin) || over())
      return seen(cmd.from, cmd.as_admin) ? "call_over" : "call_not_found";
    const auto* who = record.find(cmd.from.user);
    if (who && who->in())
      return "ok";
    auto room = record.count_in() < record.video().facts->seats
                && (who || record.people.size() < settings.max_people);
    return room ? "ok" : "call_full";
  }

  std::string operator()(const command::leave& cmd) const {
    const auto* who = record.find(cmd.from.user);
    if (!seen(cmd.from, cmd.as_admin))
      return "call_not_found";
    return who && who->joined_at ? "ok" : "not_in_call";
  }

  std::string operator()(const command::set_status& cmd) const {
    if (!seen(cmd.from, cmd.as_admin))
      return "call_not_found";
    if (cmd.from.user != record.caller)
      return "not_authorized";
    auto moves = (record.status == call_status::created && cmd.status != call_status::created)
                 || (record.status == call_status::active && cmd.status == call_status::ended);
    return moves ? "ok" : "invalid_status_change";
  }

  std::string operator()(const command::answer_invitation& cmd) const {
    const auto* who = record.find(cmd.from.user);
    if (!seen(cmd.from, cmd.as_admin))
      return "call_not_found";
    if (!who || who->invited == invitation::none)
      return "not_invited_to_call";
    if (over())
      return "call_over";
    if (who->invited == (cmd.accepts ? invitation::accepted : invitation::declined))
      return "ok";
    if (who->invited == invitation::expired || now >= record.video().invited_until)
      return "invitation_expired";
    return who->in() ? "invalid_status_change" : "ok";
  }

  std::string operator()(const command::kick& cmd) const {
    if (!seen(cmd.from, cmd.as_admin))
      return "call_not_found";
    const auto* by = record.find(cmd.from.user);
    const auto* whom = record.find(cmd.whom);
    auto admin = cmd.as_admin || (by && by->role == participant_role::admin);
    auto moderator = by && by->role == participant_role::moderator;
    auto simple = !whom || whom->role == participant_role::participant;
    if (cmd.whom == record.caller || !(admin || (moderator && simple)))
      return "not_authorized";
    return whom && whom->in() ? "ok" : "not_in_call";
  }

  template <class Other>
  std::string operator()(const Other&) const {
    return "call_not_found";
  }
};

/// That everybody of the call hears exactly `times` `Event`s, on every device.
template <class Event>
void all_hear(const outcome& out, const call_record& record, std::size_t times, const char* what) {
  std::map<user_id, std::size_t> heard;
  for (const auto& sent : out.events)
    if (std::holds_alternative<Event>(sent.what)) {
      promise(sent.to.to == address::scope::all, what);
      ++heard[sent.to.user];
    }
  for (const auto& who : record.people)
    promise(heard[who.user] == times, what);
  promise(heard.size() == record.people.size(), what);
}

/// That the only events are these, and who caused them.
void only(const outcome& out, std::size_t kinds, const call_record& record) {
  promise(out.events.size() == kinds * record.people.size(), "nothing else is told");
}

struct video_effect {
  const call_record& before;
  const outcome& out;
  const call_record& after;
  time_point now;

  void operator()(const command::enter_call& cmd) const {
    const auto* was = before.find(cmd.from.user);
    const auto& is = *after.find(cmd.from.user);
    promise(is.in() && !out.ended, "who joins is in");
    if (was && was->in()) {
      promise(out.events.empty() && out.newcomers.empty(), "joining again is not told");
      promise(is.entered_at == was->entered_at && is.responded_at == was->responded_at,
              "and is the same stay");
      return;
    }
    promise(out.newcomers.size() == (was ? 0U : 1U), "who is new is named");
    promise(!is.dropped && (!was || is.present == was->present), "the times of earlier stays stay");
    promise(!was || was->invited == is.invited
                || (is.invited == invitation::accepted && is.responded_at == now),
            "joining accepts the invitation");
    all_hear<event::video_joined>(out, after, 1, "all hear who joins");
    only(out, 1, after);
  }

  void operator()(const command::leave& cmd) const { left(cmd.from.user, false); }
  void operator()(const command::kick& cmd) const { left(cmd.whom, true); }

  void left(const user_id& user, bool removed) const {
    const auto& was = *before.find(user);
    const auto& is = *after.find(user);
    if (!was.in()) {
      promise(out.events.empty() && !out.record, "leaving again changes nothing");
      return;
    }
    promise(!is.in() && is.left_at == now && !is.dropped, "who leaves is out");
    promise(is.present == was.time_in(now), "times add up");
    promise(out.ended == (before.count_in() == 1), "the last one out ends it");
    promise(!out.ended || (after.reason == end_reason::last_left && after.ended_by == user),
            "and that is why it ended");
    all_hear<event::video_left>(out, after, 1, "all hear who leaves");
    only(out, out.ended ? 2 : 1, after);
    const auto& told = std::get<event::video_left>(out.events.front().what);
    promise((told.reason == event::video_left::why::kicked) == removed && told.who.user == user,
            "and whether it was removed");
  }

  void operator()(const command::set_status& cmd) const {
    promise(after.status == cmd.status && out.record, "the status is as set");
    promise(out.ended == (cmd.status != call_status::active), "which may be the end");
    if (!out.ended)
      all_hear<event::video_updated>(out, after, 1, "all hear of the status");
    only(out, 1, after);
  }

  void operator()(const command::answer_invitation& cmd) const {
    const auto& was = *before.find(cmd.from.user);
    const auto& is = *after.find(cmd.from.user);
    promise(is.invited == (cmd.accepts ? invitation::accepted : invitation::declined),
            "the answer is as given");
    auto changed = is.invited != was.invited;
    promise(is.responded_at == (changed ? std::optional{now} : was.responded_at),
            "and has its time");
    if (changed)
      all_hear<event::video_updated>(out, after, 1, "all hear the answer");
    only(out, changed ? 1 : 0, after);
  }

  void operator()(const command::create&) const {
    promise(out.events.empty() && !out.ended, "creating again changes nothing");
  }

  template <class Other>
  void operator()(const Other&) const {}
};

} // namespace

std::string expected_video_reply(const call_record& before, const call_command& cmd,
                                 const call_settings& settings, time_point now) {
  return std::visit(video_expectation{before, settings, now}, cmd);
}

void judge_created(const outcome& out, const call_record& after) {
  promise(out.reply && out.reply->ok() && !out.ended, "creating works");
  all_hear<event::video_created>(out, after, 1, "all hear of the call");
  only(out, 1, after);
}

void judge_video_effect(const call_record& before, const call_command& cmd, const outcome& out,
                        const call_record& after, time_point now) {
  std::visit(video_effect{before, out, after, now}, cmd);
}

void judge_video_events(const call_record& before, const outcome& out, const call_record& after) {
  promise(!before.ended_at || out.events.empty(), "a call that is over says nothing more");
  std::map<user_id, std::uint32_t> last;
  std::size_t left = 0;
  for (const auto& [to, what, durable] : out.events) {
    promise(after.has(to.user), "nobody outside hears anything");
    promise(durable, "everything waits for its commit");
    promise(call_of(what) == after.id, "an event names its call");
    auto version = std::visit(
        [](const auto& e) -> std::uint32_t {
          if constexpr (requires { e.call->version; })
            return e.call->version;
          else
            throw violation{"a video call has words of its own"};
        },
        what);
    auto told_late = std::holds_alternative<event::video_created>(what);
    promise(version <= after.version
                && (told_late
                    || (version > before.version
                        && version > std::exchange(last[to.user], version))),
            "versions grow from event to event");
    left += std::holds_alternative<event::video_left>(what) ? 1 : 0;
  }
  std::size_t out_now = 0;
  for (const auto& who : before.people)
    out_now += who.in() && !after.find(who.user)->in() ? 1 : 0;
  auto closed_by_creator = out.ended && after.ended_by == after.caller && left == 0;
  promise(closed_by_creator || left == out_now * after.people.size(),
          "all hear of each one who leaves");
  if (out.ended)
    all_hear<event::video_ended>(out, after, 1, "all hear of the end, once");
}

} // namespace carillon::test
