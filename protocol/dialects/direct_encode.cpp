#include "protocol/dialects/direct.hpp"
#include "protocol/dialects/event_parts.hpp"

namespace carillon::direct {

namespace {

using json::writer;

// What the names and punctuation of a relayed event need at most.
constexpr std::size_t relay_overhead = 64;

void write_user(writer& out, std::string_view name, const user_view& who) {
  out.key(name).begin_object();
  write_user_fields(out, who);
  out.end_object();
}

/// The fields of a call in a REST answer, without the braces.
void write_call(writer& out, const call_view& what) {
  const auto& call = what.call;
  out.field("_id", call.id.str());
  write_user(out, "callerId", what.caller());
  write_user(out, "receiverId", what.receiver());
  out.field("callType", to_string(call.direct().type));
  write_channel(out, call);
  out.field("status", to_string(call.status)).field("duration", call.duration_s);
  write_time(out, "createdAt", call.created_at);
  write_time(out, "startedAt", call.started_at);
  write_time(out, "endedAt", call.ended_at);
  write_text(out, "endedBy", call.ended_by.str());
  bool over = call.reason != end_reason::none;
  write_text(out, "endReason", over ? to_string(call.reason) : std::string_view{});
}

constexpr relay_rows relays{
    relay_row{"receiveOffer", "offer"},
    relay_row{"receiveAnswer", "answer"},
    relay_row{"receiveIceCandidate", "candidate"},
};

void write_relay(writer& out, const call_id& call, const user_id& from, std::string_view field,
                 std::string_view payload) {
  out.key(field).raw(payload).field("from", from.str()).field("callId", call.str());
}

/// The wire name of each event; its fields are written into the object that `out` has open.
struct event_writer {
  writer& out;

  std::string_view operator()(const event::initiated& e) const {
    out.field("callId", e.call.str())
        .field("receiverId", e.receiver.str())
        .field("callType", to_string(e.type));
    if (e.glare)
      out.field("glare", true);
    return "callInitiated";
  }

  std::string_view operator()(const event::incoming& e) const {
    out.field("callId", e.call.str())
        .field("callerId", e.caller.user->id.str())
        .field("callType", to_string(e.type));
    write_user(out, "caller", e.caller);
    return "incomingCall";
  }

  std::string_view operator()(const event::accepted& e) const {
    out.field("callId", e.call.str()).field("receiverId", e.receiver.str());
    return "callAccepted";
  }

  std::string_view operator()(const event::accepted_confirm& e) const {
    out.field("callId", e.call.str());
    return "callAcceptedConfirm";
  }

  std::string_view operator()(const event::rejected& e) const {
    out.field("callId", e.call.str()).field("receiverId", e.receiver.str());
    if (e.busy)
      out.field("reason", to_string(end_reason::busy));
    return "callRejected";
  }

  std::string_view operator()(const event::rejected_confirm& e) const {
    out.field("callId", e.call.str());
    return "callRejectedConfirm";
  }

  std::string_view operator()(const event::answered_elsewhere& e) const {
    out.field("callId", e.call.str());
    return "callAnsweredElsewhere";
  }

  std::string_view operator()(const event::ended& e) const {
    out.field("callId", e.call.str());
    write_text(out, "endedBy", e.ended_by.str());
    out.field("reason", to_string(e.reason)).field("duration", e.duration_s);
    return "callEnded";
  }

  std::string_view operator()(const event::ended_confirm& e) const {
    out.field("callId", e.call.str())
        .field("status", to_string(e.status))
        .field("duration", e.duration_s);
    return "callEndedConfirm";
  }

  std::string_view operator()(const event::not_available& e) const {
    out.field("message", describe(error_code::user_offline).message)
        .field("receiverId", e.receiver.str())
        .field("callId", e.call.str());
    return "userNotAvailable";
  }

  std::string_view operator()(const event::peer_reconnecting& e) const {
    out.field("callId", e.call.str()).field("userId", e.user.str());
    return "peerReconnecting";
  }

  std::string_view operator()(const event::peer_reconnected& e) const {
    out.field("callId", e.call.str()).field("userId", e.user.str());
    return "peerReconnected";
  }

  std::string_view operator()(const event::relayed& e) const {
    if (e.family != call_kind::direct)
      return {};
    const auto& row = row_of(relays, e.kind);
    out.reserve(e.payload.size() + e.from.str().size() + e.call.str().size() + relay_overhead);
    write_relay(out, e.call, e.from, row.field, e.payload);
    return row.name;
  }

  /// Not a word of this family.
  template <class Other>
  std::string_view operator()(const Other&) const {
    return {};
  }
};

/// What a client learns of a failure, in `error` and `code`.
void write_failure(writer& out, const failure& why) {
  out.field("error", text_for_client(why)).field("code", describe(why.code).code);
  if (!why.call.empty())
    out.field("callId", why.call.str());
}

} // namespace

relay_words words_of_relays(const call_id& call, const user_id& from) {
  return words_around(call_kind::direct, relays, [&](auto& out, auto field, auto payload) {
    write_relay(out, call, from, field, payload);
  });
}

wire_event_ptr encode(const call_event& what, std::uint64_t offset) {
  writer out;
  out.begin_object();
  auto name = std::visit(event_writer{out}, what);
  out.end_object();
  return name.empty() ? nullptr : make_event(name, std::move(out), offset);
}

wire_event_ptr encode_error(const failure& why) {
  writer out;
  out.begin_object();
  write_failure(out, why);
  out.end_object();
  return make_event("callError", std::move(out));
}

bool has_own_event(error_code code) noexcept {
  return code == error_code::user_offline || code == error_code::user_busy;
}

std::string encode_ack(const result<reply_value>& what) {
  writer out;
  out.begin_object().field("ok", what.ok());
  if (!what)
    write_failure(out, what.error());
  else if (const auto* view = std::get_if<call_view>(&*what))
    out.field("callId", view->call.id.str())
        .field("callerId", view->call.caller.str())
        .field("receiverId", view->call.direct().receiver.str())
        .field("callType", to_string(view->call.direct().type))
        .field("status", to_string(view->call.status))
        .field("duration", view->call.duration_s);
  else if (const auto* user = std::get_if<user_ptr>(&*what); user != nullptr && *user)
    out.field("userId", (*user)->id.str());
  out.end_object();
  return std::move(out).take();
}

std::string encode_call(std::string_view message, const call_view& what) {
  writer out;
  out.begin_object().field("success", true).field("message", message).key("data").begin_object();
  write_call(out, what);
  out.end_object().end_object();
  return std::move(out).take();
}

std::string encode_page(const call_page& what, const user_id& asking) {
  writer out;
  out.begin_object().field("success", true).key("data").begin_array();
  for (const auto& view : what.calls) {
    out.begin_object();
    write_call(out, view);
    out.field("direction", view.call.caller == asking ? "outgoing" : "incoming")
        .field("isMissed", is_missed_by(view.call, asking))
        .end_object();
  }
  out.end_array().field("hasMore", what.has_more).end_object();
  return std::move(out).take();
}

std::string encode_done(std::string_view message) {
  writer out;
  out.begin_object().field("success", true).field("message", message).end_object();
  return std::move(out).take();
}

std::string encode_rest_error(const failure& why, bool) {
  writer out;
  out.begin_object()
      .field("success", false)
      .field("message", text_for_client(why))
      .field("code", describe(why.code).code)
      .end_object();
  return std::move(out).take();
}

bool is_missed_by(const call_record& call, const user_id& asking) noexcept {
  return call.direct().missed && call.direct().receiver == asking;
}

} // namespace carillon::direct
