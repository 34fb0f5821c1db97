#include "protocol/dialects/video.hpp"
#include "protocol/dialects/video_parts.hpp"

// Events, acknowledgements and refusals over sockets.

namespace carillon::video {

namespace {

using json::writer;

wire_event_ptr make_event(std::string_view name, writer&& data, std::uint64_t offset = 0) {
  return std::make_shared<const wire_event>(name, std::move(data).take(), offset);
}

std::string_view word_of(event::video_left::why reason) noexcept {
  using why = event::video_left::why;
  return reason == why::left      ? "left"
         : reason == why::kicked  ? "kicked"
         : reason == why::timeout ? to_string(end_reason::timeout)
                                  : to_string(end_reason::connection_lost);
}

/// The fields with which what concerns who is in ends.
void write_count(writer& out, const call_record& call) {
  out.field("active_participants_count", static_cast<std::int64_t>(call.count_in()))
      .field("version", std::int64_t{call.version});
}

/// The wire name of each event; its fields are written into the object that `out` has open.
struct event_writer {
  writer& out;

  std::string_view operator()(const event::video_created& e) const {
    const auto& call = *e.call;
    write_names(out, call);
    out.field("call_type", to_string(facts_of(call).type)).field("created_by", call.caller.str());
    write_members(out, call);
    out.key("settings").raw(facts_of(call).settings);
    out.key("call").begin_object();
    write_about(out, call);
    out.end_object();
    auto invites = !facts_of(call).members.empty();
    write_time(out, "expires_at",
               invites ? std::optional{call.video().invited_until} : std::nullopt);
    out.field("version", std::int64_t{call.version});
    return "call.created";
  }

  std::string_view operator()(const event::video_updated& e) const {
    const auto& call = *e.call;
    write_names(out, call);
    out.field("status", to_string(call.status));
    write_time(out, "started_at", call.started_at);
    write_time(out, "updated_at", call.video().updated_at);
    write_invited(out, call, call.video().updated_at);
    out.field("version", std::int64_t{call.version});
    return "call.updated";
  }

  std::string_view operator()(const event::video_joined& e) const {
    write_names(out, *e.call);
    out.field("user_id", e.who.user.str())
        .field("name", e.name)
        .field("role", to_string(e.who.role));
    write_time(out, "joined_at", e.who.joined_at);
    write_count(out, *e.call);
    return "call.session_participant_joined";
  }

  std::string_view operator()(const event::video_left& e) const {
    write_names(out, *e.call);
    out.field("user_id", e.who.user.str());
    write_time(out, "left_at", e.who.left_at);
    write_seconds(out, "duration_seconds", e.who.present);
    out.field("reason", word_of(e.reason));
    write_text(out, "removed_by", e.by.str());
    write_count(out, *e.call);
    return "call.session_participant_left";
  }

  std::string_view operator()(const event::video_ended& e) const {
    const auto& call = *e.call;
    write_names(out, call);
    out.field("status", to_string(call.status));
    write_text(out, "ended_by", call.ended_by.str());
    out.field("reason", to_string(call.reason));
    write_duration(out, call);
    write_time(out, "ended_at", call.ended_at);
    out.field("version", std::int64_t{call.version});
    return "call.ended";
  }

  /// Not a word of this family.
  template <class Other>
  std::string_view operator()(const Other&) const {
    return {};
  }
};

/// What a client learns of a failure, its text in the member `name`.
void write_failure(writer& out, std::string_view name, const failure& why) {
  out.field(name, text_for_client(why)).field("code", describe(why.code).code);
}

} // namespace

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
  write_failure(out, "message", why);
  out.end_object();
  return make_event("call.error", std::move(out));
}

std::string encode_ack(const result<reply_value>& what) {
  writer out;
  out.begin_object().field("ok", what.ok());
  if (!what)
    write_failure(out, "error", what.error());
  else if (const auto* view = std::get_if<call_view>(&*what))
    out.field("call_id", facts_of(view->call).call_id)
        .field("status", to_string(view->call.status))
        .field("version", std::int64_t{view->call.version});
  out.end_object();
  return std::move(out).take();
}

} // namespace carillon::video
