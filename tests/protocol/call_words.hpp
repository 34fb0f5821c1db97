#pragma once

#include "protocol/call.hpp"
#include "protocol/client_link.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

/// Short texts for what call machines take and give, so that tests and their failures can be read.
namespace carillon::test {

/// The users of the tests; a device's first letter names its user: `b2` is a device of `bob`.
inline user_id user_of(std::string_view who) {
  static constexpr std::string_view names[] = {"alice", "bob",   "carol", "dave", "erin",
                                               "frank", "grace", "heidi", "zoe"};
  for (auto name : names)
    if (!who.empty() && who.front() == name.front())
      return user_id{name};
  throw std::logic_error{"no user for " + std::string{who}};
}

/// `"b1"`: bob's device b1; `"bob"`: bob over REST.
inline origin from(std::string_view who, call_kind family = call_kind::direct) {
  auto user = user_of(who);
  return {user, who == user.str() ? device_id{} : device_id{who}, family};
}

inline user_view view_of(const user_id& id, bool online = true) {
  auto row = std::make_shared<user_record>();
  row->id = id;
  return {std::move(row), online};
}

inline std::string word(end_reason why) {
  switch (why) {
  case end_reason::none:
    return "none";
  case end_reason::hung_up:
    return "hung-up";
  case end_reason::no_answer:
    return "no-answer";
  case end_reason::rejected:
    return "rejected";
  case end_reason::cancelled:
    return "cancelled";
  case end_reason::busy:
    return "busy";
  case end_reason::offline:
    return "offline";
  case end_reason::connection_lost:
    return "connection-lost";
  case end_reason::timeout:
    return "timeout";
  case end_reason::last_left:
    return "last-left";
  }
  return "?";
}

inline std::string word(call_status status) {
  switch (status) {
  case call_status::no_answer:
    return "ringing";
  case call_status::active:
    return "active";
  case call_status::completed:
    return "completed";
  case call_status::missed:
    return "missed";
  case call_status::rejected:
    return "rejected";
  case call_status::cancelled:
    return "cancelled";
  case call_status::waiting:
    return "waiting";
  case call_status::ended:
    return "ended";
  case call_status::created:
    return "created";
  }
  return "?";
}

inline std::string word(relay_kind kind) {
  return kind == relay_kind::offer ? "offer" : kind == relay_kind::answer ? "answer" : "candidate";
}

inline std::string word(call_state state) {
  return state == call_state::ringing  ? "ringing"
         : state == call_state::active ? "active"
                                       : "ended";
}

/// Gives each event its text.
struct event_word {
  using text = std::string;

  text operator()(const event::initiated& e) const {
    return "initiated " + e.receiver.str() + (e.glare ? " glare" : "");
  }
  text operator()(const event::incoming& e) const {
    return "incoming " + e.caller.user->id.str()
           + (e.type == media_type::video ? " video" : " audio");
  }
  text operator()(const event::accepted& e) const { return "accepted " + e.receiver.str(); }
  text operator()(const event::accepted_confirm&) const { return "accepted-confirm"; }
  text operator()(const event::rejected& e) const {
    return "rejected " + e.receiver.str() + (e.busy ? " busy" : "");
  }
  text operator()(const event::rejected_confirm&) const { return "rejected-confirm"; }
  text operator()(const event::answered_elsewhere&) const { return "elsewhere"; }
  text operator()(const event::ended& e) const {
    return "ended " + word(e.reason) + " by " + (e.ended_by.empty() ? "nobody" : e.ended_by.str())
           + " " + std::to_string(e.duration_s) + "s";
  }
  text operator()(const event::ended_confirm& e) const {
    return "ended-confirm " + word(e.status) + " " + std::to_string(e.duration_s) + "s";
  }
  text operator()(const event::not_available& e) const {
    return "not-available " + e.receiver.str();
  }
  text operator()(const event::peer_reconnecting& e) const {
    return "reconnecting " + e.user.str();
  }
  text operator()(const event::peer_reconnected& e) const { return "reconnected " + e.user.str(); }
  text operator()(const event::invited& e) const {
    return "invited by " + e.initiator.user->id.str();
  }
  text operator()(const event::session_joined& e) const {
    text result = "joined v" + std::to_string(e.now->version) + ":";
    for (const auto& one : e.now->in)
      result += " " + one.device.str();
    return result;
  }
  text operator()(const event::user_joined& e) const {
    return "user-joined " + e.who.device.str()
           + (e.previous.empty() ? "" : " was " + e.previous.str()) + " v"
           + std::to_string(e.version);
  }
  text operator()(const event::user_left& e) const {
    return "user-left " + e.device.str() + (e.dropped ? " dropped" : "") + " v"
           + std::to_string(e.version);
  }
  text operator()(const event::taken_elsewhere& e) const { return "taken by " + e.device.str(); }
  text operator()(const event::media_changed& e) const {
    return "media " + e.device.str() + (e.media.video ? " video" : "")
           + (e.media.audio ? " audio" : "") + (e.media.sharing ? " sharing" : "");
  }
  text operator()(const event::session_ended& e) const {
    return "session-ended " + word(e.reason) + " by "
           + (e.ended_by.empty() ? "nobody" : e.ended_by.str()) + " " + std::to_string(e.duration_s)
           + "s";
  }
  text operator()(const event::video_created& e) const {
    return "created by " + e.call->caller.str() + version_of(*e.call);
  }
  text operator()(const event::video_updated& e) const {
    return "updated " + word(e.call->status) + version_of(*e.call);
  }
  text operator()(const event::video_joined& e) const {
    return "in " + e.who.user.str() + version_of(*e.call);
  }
  text operator()(const event::video_left& e) const {
    static constexpr const char* whys[] = {"left", "kicked", "connection-lost", "timeout"};
    return "out " + e.who.user.str() + " " + whys[static_cast<int>(e.reason)]
           + (e.by.empty() ? "" : " by " + e.by.str()) + version_of(*e.call);
  }
  text operator()(const event::video_ended& e) const {
    return "over " + word(e.call->status) + " " + word(e.call->reason) + " by "
           + (e.call->ended_by.empty() ? "nobody" : e.call->ended_by.str()) + version_of(*e.call);
  }
  text operator()(const event::relayed& e) const {
    return word(e.kind) + " " + e.from.str() + " " + e.payload;
  }
  text operator()(const event::told& e) const { return text{e.what->name}; }
  text operator()(const event::call_states& e) const {
    text result = "states";
    for (const auto& summary : e.calls)
      if (summary.kind == call_kind::direct)
        result += " " + word(summary.state) + (summary.is_caller ? " to " : " from ")
                  + summary.peer.str();
      else
        result += " " + std::string{word_of(summary.kind, summary.state)}
                  + (summary.is_caller ? " mine" : "")
                  + (summary.role == participant_role::moderator ? " moderator" : "")
                  + (summary.joined ? " in" : "")
                  + (summary.ring_deadline ? " invited" : "");
    return result;
  }

  static text version_of(const call_record& call) { return " v" + std::to_string(call.version); }
};

inline std::string word(const call_event& what) { return std::visit(event_word{}, what); }

/// The call that an event is about; empty for `call_states`.
inline call_id call_of(const call_event& what) {
  return std::visit(
      [](const auto& e) {
        if constexpr (requires { e.call->id; })
          return e.call->id;
        else if constexpr (requires { e.call; })
          return e.call;
        else if constexpr (requires { e.now; })
          return e.now->call;
        else
          return call_id{};
      },
      what);
}

/// The name of a command.
inline std::string word(const call_command& cmd) {
  static constexpr const char* names[] = {"place", "again",    "accept", "reject", "end",
                                          "relay", "presence", "open",   "ask",    "join",
                                          "leave", "media",    "quality", "create", "enter",
                                          "status", "answer",  "kick"};
  return names[cmd.index()];
}

/// The device or user that gives a command.
inline std::string sender_of(const call_command& cmd) {
  return std::visit(
      [](const auto& what) {
        if constexpr (requires { what.from; })
          return what.from.device.empty() ? what.from.user.str() : what.from.device.str();
        else
          return what.user.str() + " with " + std::to_string(what.devices.size()) + " devices";
      },
      cmd);
}

/// `"ok"`, the error's word, or `"none"`.
inline std::string word(const std::optional<result<call_record>>& reply) {
  if (!reply)
    return "none";
  return reply->ok() ? "ok" : std::string{describe(reply->error().code).code};
}

/// Status, reason and duration of a record, and whether the receiver missed the call.
inline std::string word(const call_record& record) {
  const auto* direct = std::get_if<direct_part>(&record.part);
  return word(record.status) + " " + word(record.reason) + " " + std::to_string(record.duration_s)
         + "s" + (direct && direct->missed ? " missed" : "");
}

} // namespace carillon::test
