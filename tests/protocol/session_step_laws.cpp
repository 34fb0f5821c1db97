#include "tests/protocol/session_step_laws.hpp"

#include "protocol/device_list.hpp"
#include "tests/protocol/call_words.hpp"
#include "tests/protocol/promise.hpp"

#include <algorithm>

namespace carillon::test {

namespace {

/// Whether `by` speaks for the leg of its user: from the leg's device, or over REST.
bool speaks(const call_record& record, const origin& by) {
  const auto* who = record.find(by.user);
  return who && who->in() && (by.device.empty() || by.device == who->device);
}

const participant* target_of(const call_record& record, const command::relay& cmd) {
  for (const auto& who : record.people)
    if (who.in() && who.user != cmd.from.user
        && (cmd.to_device.empty() ? who.user == cmd.to : who.device == cmd.to_device))
      return &who;
  return nullptr;
}

struct expectation {
  const call_record& record;
  const std::vector<device_id>& gone;

  using text = std::optional<std::string>;

  [[nodiscard]] bool over() const { return record.state() == call_state::ended; }

  [[nodiscard]] text joining(const origin& by) const {
    const auto* who = record.find(by.user);
    if (!who)
      return "not_invited";
    if (!who->in() && record.count_in() >= record.session().facts->seats)
      return "session_full";
    return "ok";
  }

  text operator()(const command::open&) const { return "ok"; }
  text operator()(const command::presence&) const { return "none"; }
  text operator()(const command::report_quality&) const { return std::nullopt; }
  text operator()(const command::ask_to_join& cmd) const {
    return over() ? "call_not_found" : joining(cmd.from);
  }
  text operator()(const command::join& cmd) const {
    auto why = over() ? "call_not_found" : joining(cmd.from);
    return why == "ok" && cmd.from.device.empty() ? "not_authorized" : why;
  }
  text operator()(const command::leave& cmd) const {
    return over() ? "call_not_found" : speaks(record, cmd.from) ? "ok" : "not_authorized";
  }
  text operator()(const command::set_media& cmd) const {
    if (over() || !speaks(record, cmd.from))
      return over() ? "call_not_found" : "not_authorized";
    return cmd.sharing.value_or(false) && !record.session().facts->may_share
               ? "screen_share_refused"
               : "ok";
  }
  text operator()(const command::relay& cmd) const {
    if (over() || !speaks(record, cmd.from))
      return over() ? "call_not_found" : "not_authorized";
    const auto* to = target_of(record, cmd);
    return to && !contains(gone, to->device) ? "ok" : "target_not_in_session";
  }
  text operator()(const command::end& cmd) const {
    if (over() || cmd.from.family != call_kind::session)
      return "call_not_found";
    return cmd.from.user == record.caller || cmd.as_admin ? "ok" : "not_authorized";
  }
  template <class Other>
  text operator()(const Other&) const {
    return "call_not_found";
  }
};

template <class Event>
std::vector<address> heard(const outcome& out) {
  std::vector<address> all;
  for (const auto& sent : out.events)
    if (std::holds_alternative<Event>(sent.what))
      all.push_back(sent.to);
  return all;
}

/// That exactly the others that are in hear an `Event`, each on the device that has its leg.
template <class Event>
void others_hear(const outcome& out, const call_record& record, const user_id& who,
                 const char* what) {
  auto to = heard<Event>(out);
  std::size_t expected = 0;
  for (const auto& other : record.people) {
    if (!other.in() || other.user == who)
      continue;
    ++expected;
    promise(std::count_if(to.begin(), to.end(),
                          [&](const address& a) {
                            return a.user == other.user && a.to == address::scope::one
                                   && a.device == other.device;
                          })
                == 1,
            what);
  }
  promise(to.size() == expected, what);
}

struct effect {
  const call_record& before;
  const outcome& out;
  const call_record& after;
  time_point now;

  void operator()(const command::join& cmd) const {
    const auto& was = *before.find(cmd.from.user);
    const auto& is = *after.find(cmd.from.user);
    promise(is.in() && is.device == cmd.from.device, "who joins is in, on that device");
    promise(is.joined_at && (!was.joined_at || is.joined_at == was.joined_at),
            "the first time of joining stays");
    promise(is.entered_at == (was.in() ? was.entered_at : now), "a move is the same stay");
    promise(is.present == was.present && !is.left_at, "the times of earlier stays stay");
    const auto& facts = *after.session().facts;
    promise(is.media == (was.in() ? was.media : media_state{facts.video, facts.audio, false}),
            "media start as the session's settings say");
    promise(
        is.invited
            == (is.role == participant_role::initiator ? invitation::none : invitation::accepted),
        "joining accepts the invitation");
    auto lists = heard<event::session_joined>(out);
    promise(lists.size() == 1 && lists[0].user == cmd.from.user
                && lists[0].device == cmd.from.device,
            "the joiner gets the list");
    auto same_place = was.in() && was.device == is.device;
    auto new_peer = !cmd.peer_id.empty() && cmd.peer_id != was.peer_id;
    if (same_place && !new_peer) {
      promise(!out.record && out.events.size() == 1, "joining again changes nothing");
      return;
    }
    others_hear<event::user_joined>(out, after, cmd.from.user, "the others hear who joined");
    promise(heard<event::taken_elsewhere>(out).size() == (same_place ? 0U : 1U),
            "the user's other devices hear of it");
  }

  void operator()(const command::leave& cmd) const {
    const auto& was = *before.find(cmd.from.user);
    const auto& is = *after.find(cmd.from.user);
    promise(!is.in() && is.left_at == now && !is.dropped, "who leaves is out");
    promise(is.present == was.time_in(now), "times add up");
    promise(out.ended == (before.count_in() == 1), "the last one out ends it");
    if (out.ended)
      promise(after.reason == end_reason::last_left && after.ended_by == cmd.from.user,
              "and that is why it ended");
    else
      others_hear<event::user_left>(out, after, cmd.from.user, "the others hear who left");
  }

  void operator()(const command::set_media& cmd) const {
    const auto& was = *before.find(cmd.from.user);
    const auto& is = *after.find(cmd.from.user);
    media_state wanted{cmd.video.value_or(was.media.video), cmd.audio.value_or(was.media.audio),
                       cmd.sharing.value_or(was.media.sharing)};
    promise(is.media == wanted, "media are as set");
    promise(out.record.has_value() == (was.media != wanted), "only changes are written");
    others_hear<event::media_changed>(out, after, cmd.from.user, "the others hear of the media");
  }

  void operator()(const command::relay& cmd) const {
    const auto* to = target_of(before, cmd);
    promise(out.events.size() == 1 && !out.record, "a relay is passed on once");
    const auto& sent = out.events.front();
    const auto* what = std::get_if<event::relayed>(&sent.what);
    promise(what && what->payload == cmd.payload && what->kind == cmd.kind, "as it is");
    promise(what->from == cmd.from.user && what->from_device == cmd.from.device,
            "its sender is stamped");
    promise(sent.to.to == address::scope::one && sent.to.user == to->user
                && sent.to.device == to->device,
            "it goes to the leg that it names");
  }

  void operator()(const command::end& cmd) const {
    promise(out.ended && after.reason == end_reason::hung_up && after.ended_by == cmd.from.user,
            "the session is ended");
  }

  void operator()(const command::ask_to_join&) const {
    promise(out.events.empty() && !out.record, "asking changes nothing");
  }

  void operator()(const command::presence& cmd) const {
    promise(heard<event::user_left>(out).empty() && !out.ended, "a drop is no leave");
    const auto* was = before.find(cmd.user);
    auto moved = was && was->device != after.find(cmd.user)->device;
    promise(moved == out.record.has_value(), "only a move is written");
    promise(heard<event::session_joined>(out).size() == (moved ? 1U : 0U),
            "the device that the leg moved to gets the list");
    if (moved)
      others_hear<event::user_joined>(out, after, cmd.user, "the others hear of the move");
  }

  template <class Other>
  void operator()(const Other&) const {}
};

} // namespace

std::optional<std::string> expected_reply(const call_record& before,
                                          const std::vector<device_id>& gone,
                                          const call_command& cmd) {
  return std::visit(expectation{before, gone}, cmd);
}

void judge_effect(const call_record& before, const call_command& cmd, const outcome& out,
                  const call_record& after, time_point now) {
  std::visit(effect{before, out, after, now}, cmd);
}

void judge_events(const call_record& before, const outcome& out, const call_record& after) {
  auto over = before.state() == call_state::ended;
  promise(!over || out.events.empty(), "a session that is over says nothing more");
  for (const auto& [to, what, durable] : out.events) {
    const auto* who = after.find(to.user);
    promise(who != nullptr, "nobody unnamed hears anything");
    promise(call_of(what) == after.id, "an event names its session");
    promise(!durable, "no event of a session waits for a commit");
    if (const auto* e = std::get_if<event::session_joined>(&what))
      promise(e->now->version <= after.version && e->now->version >= before.version,
              "lists' versions");
    if (const auto* e = std::get_if<event::user_joined>(&what))
      promise(e->version == after.version && e->version > before.version, "arrivals' versions");
    if (const auto* e = std::get_if<event::user_left>(&what))
      promise(e->version <= after.version && e->version > before.version, "leaves' versions");
    if (std::holds_alternative<event::invited>(what))
      promise(who->invited == invitation::pending || out.ended, "who is told is invited");
  }
  if (!out.ended)
    for (const auto& one : before.people)
      if (const auto* is = after.find(one.user); one.in() && !is->in() && is->dropped) {
        auto told = heard<event::user_left>(out);
        promise(std::any_of(
                    told.begin(), told.end(),
                    [&](const address& a) { return a.user == one.user && a.device == one.device; }),
                "the device that did not come back learns of it, if it does");
      }
  auto ends = heard<event::session_ended>(out);
  promise(ends.size() == (out.ended ? after.people.size() : 0), "all hear of the end, once");
  for (const auto& one : after.people)
    if (out.ended)
      promise(std::count_if(ends.begin(), ends.end(),
                            [&](const address& a) {
                              return a.user == one.user && a.to == address::scope::all;
                            })
                  == 1,
              "on every device of everybody named");
}

} // namespace carillon::test
