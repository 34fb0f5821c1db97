#include "protocol/dialects/event_parts.hpp"
#include "protocol/dialects/sessions.hpp"
#include "protocol/dialects/sessions_parts.hpp"

// Events, acknowledgements and refusals over sockets.

namespace carillon::sessions {

namespace {

using json::writer;

// What the names and punctuation of a relayed event need at most.
constexpr std::size_t relay_overhead = 96;

constexpr relay_rows relays{
    relay_row{"webrtc_offer", "offer"},
    relay_row{"webrtc_answer", "answer"},
    relay_row{"webrtc_ice_candidate", "candidate"},
};

void write_relay(writer& out, const call_id& session, const device_id& device, const user_id& user,
                 std::string_view field, std::string_view payload) {
  out.field("sessionId", session.str())
      .field("fromSocketId", device.str())
      .field("fromUserId", user.str())
      .key(field)
      .raw(payload);
}

/// The wire name of each event; its fields are written into the object that `out` has open.
struct event_writer {
  writer& out;
  std::string_view ice_servers;

  std::string_view operator()(const event::invited& e) const {
    out.field("sessionId", e.call.str()).field("sessionType", to_string(e.facts->type));
    write_user(out, "initiator", e.initiator);
    write_facts(out, *e.facts);
    write_time(out, "expiresAt", e.until);
    return "call_invitation";
  }

  std::string_view operator()(const event::session_joined& e) const {
    const auto& now = *e.now;
    out.field("sessionId", now.call.str()).field("sessionType", to_string(now.facts->type));
    out.key("participants").begin_array();
    for (std::size_t i = 0; i < now.in.size(); ++i)
      write_present(out, now.in[i], now.names[i]);
    out.end_array();
    write_facts(out, *now.facts);
    out.key("iceServers").raw(ice_servers);
    write_constraints(out);
    out.field("version", std::int64_t{now.version});
    return "call_session_joined";
  }

  std::string_view operator()(const event::user_joined& e) const {
    out.field("sessionId", e.call.str())
        .field("userId", e.who.user.str())
        .field("username", e.name);
    write_place(out, e.who);
    write_media(out, e.who.media);
    out.field("version", std::int64_t{e.version});
    if (!e.previous.empty())
      out.field("previousSocketId", e.previous.str());
    return "user_joined_call";
  }

  std::string_view operator()(const event::user_left& e) const {
    out.field("sessionId", e.call.str()).field("userId", e.user.str());
    write_text(out, "socketId", e.device.str());
    out.field("reason", e.dropped ? to_string(end_reason::connection_lost) : "left")
        .field("version", std::int64_t{e.version});
    return "user_left_call";
  }

  std::string_view operator()(const event::taken_elsewhere& e) const {
    out.field("sessionId", e.call.str()).field("socketId", e.device.str());
    return "call_answered_elsewhere";
  }

  std::string_view operator()(const event::media_changed& e) const {
    out.field("sessionId", e.call.str()).field("userId", e.user.str());
    write_text(out, "socketId", e.device.str());
    write_media(out, e.media);
    return "media_state_changed";
  }

  std::string_view operator()(const event::session_ended& e) const {
    out.field("sessionId", e.call.str());
    write_text(out, "endedBy", e.ended_by.str());
    out.field("reason", to_string(e.reason)).field("duration", e.duration_s);
    return "call_session_ended";
  }

  std::string_view operator()(const event::relayed& e) const {
    if (e.family != call_kind::session)
      return {};
    const auto& row = row_of(relays, e.kind);
    out.reserve(e.payload.size() + e.from.str().size() + e.from_device.str().size()
                + e.call.str().size() + relay_overhead);
    write_relay(out, e.call, e.from_device, e.from, row.field, e.payload);
    return row.name;
  }

  /// Not a word of this family.
  template <class Other>
  std::string_view operator()(const Other&) const {
    return {};
  }
};

/// What a client learns of a failure, its text in the member `name`.
void write_failure(writer& out, std::string_view name, const failure& why) {
  auto own = in_own_words(why);
  out.field(name, text_for_client(own)).field("code", describe(own.code).code);
  if (!own.call.empty())
    out.field("sessionId", own.call.str());
}

} // namespace

relay_words words_of_relays(const call_id& session, const origin& from) {
  return words_around(call_kind::session, relays, [&](auto& out, auto field, auto payload) {
    write_relay(out, session, from.device, from.user, field, payload);
  });
}

wire_event_ptr encode(const call_event& what, std::string_view ice_servers, std::uint64_t offset) {
  writer out;
  out.begin_object();
  auto name = std::visit(event_writer{out, ice_servers}, what);
  out.end_object();
  return name.empty() ? nullptr : make_event(name, std::move(out), offset);
}

wire_event_ptr encode_error(const failure& why) {
  writer out;
  out.begin_object();
  write_failure(out, "message", why);
  out.end_object();
  return make_event("call_error", std::move(out));
}

std::string encode_ack(const result<reply_value>& what) {
  writer out;
  out.begin_object().field("ok", what.ok());
  if (!what)
    write_failure(out, "error", what.error());
  else if (const auto* view = std::get_if<call_view>(&*what))
    out.field("sessionId", view->call.id.str())
        .field("status", to_string(view->call.status))
        .field("version", std::int64_t{view->call.version});
  out.end_object();
  return std::move(out).take();
}

} // namespace carillon::sessions
