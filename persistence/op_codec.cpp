#include "persistence/op_codec.hpp"

#include "persistence/channel_codec.hpp"
#include "persistence/op_bytes.hpp"
#include "persistence/rows.hpp"
#include "persistence/session_codec.hpp"
#include "persistence/video_codec.hpp"

#include <cstdint>

namespace carillon::persistence {

namespace {

constexpr std::uint8_t format = 1;

// First byte of each op.
enum class op_kind : std::uint8_t {
  user = 1,
  direct_call = 2,
  hide = 3,
  session = 4,
  sample = 5,
  video_call = 6,
  recording = 7,
  token = 8,
  channel = 10,
  message = 11,
  entry = 12,
  result = 13,
  timeline = 16,
};

void put(byte_writer& out, op_kind kind) { out.number(static_cast<std::uint8_t>(kind), 1); }

void put(byte_writer& out, const user_claims& claims) {
  for (const auto* text : {&claims.name, &claims.email, &claims.image, &claims.role})
    out.text(*text);
}

void put(byte_writer& out, const user_ptr& user) {
  if (!user)
    return;
  put(out, op_kind::user);
  out.text(user->id.str());
  put(out, user->profile);
  put(out, user->claimed);
  out.time(user->created_at);
  out.time(user->updated_at);
}

void put_direct(byte_writer& out, const call_record& call) {
  const auto& part = call.direct();
  for (const auto* id : {&call.caller, &part.receiver, &call.ended_by})
    out.text(id->str());
  out.text(call.id.str());
  out.text(to_string(part.type));
  out.text(to_string(call.status));
  out.text(stored_word(call.reason));
  out.number((part.missed ? 1u : 0u) | (part.via_rest ? 2u : 0u), 1);
  out.number(call.version, 4);
  out.number(static_cast<std::uint64_t>(call.duration_s), 8);
  out.time(call.created_at);
  for (const auto* t : {&call.started_at, &call.ended_at, &call.ring_deadline, &call.call_deadline})
    out.time(*t);
}

void put(byte_writer& out, const call_record& call) {
  switch (call.kind()) {
  case call_kind::direct:
    put(out, op_kind::direct_call);
    put_direct(out, call);
    break;
  case call_kind::session:
    if (!call.session().facts)
      return;
    put(out, op_kind::session);
    put_session(out, call);
    break;
  case call_kind::video:
    if (!call.video().facts)
      return;
    put(out, op_kind::video_call);
    put_video(out, call);
    break;
  case call_kind::stream: // no call is of it
    break;
  }
}

void put(byte_writer& out, const recording_news& news) {
  put(out, op_kind::recording);
  put_recording(out, news);
}

void put(byte_writer& out, const stored_token& token) {
  put(out, op_kind::token);
  put_token(out, token);
}

void put(byte_writer& out, const channel_record& channel) {
  put(out, op_kind::channel);
  put_channel(out, channel);
}

void put(byte_writer& out, const chat_message_ptr& message) {
  if (!message)
    return;
  put(out, op_kind::message);
  put_message(out, *message);
}

void put(byte_writer& out, const outbox_entry& entry) {
  put(out, op_kind::entry);
  put_entry(out, entry);
}

void put(byte_writer& out, const outbox_result& done) {
  put(out, op_kind::result);
  put_result(out, done);
}

void put(byte_writer& out, const timeline_ptr& told) {
  if (!told)
    return;
  put(out, op_kind::timeline);
  out.text(told->call.str());
  out.time(told->ended_at);
  out.text(told->packed);
}

void put(byte_writer& out, const quality_sample& sample) {
  put(out, op_kind::sample);
  put_sample(out, sample);
}

void put(byte_writer& out, const hide_op& hide) {
  put(out, op_kind::hide);
  out.text(hide.user.str());
  out.text(hide.call.str());
}

user_claims get_claims(byte_reader& in) {
  user_claims claims;
  for (auto* text : {&claims.name, &claims.email, &claims.image, &claims.role})
    *text = in.text();
  return claims;
}

user_ptr get_user(byte_reader& in) {
  auto user = std::make_shared<user_record>();
  user->id = user_id{in.text()};
  user->profile = get_claims(in);
  user->claimed = get_claims(in);
  user->created_at = in.time();
  user->updated_at = in.time();
  return user;
}

std::optional<call_record> get_direct(byte_reader& in) {
  call_record call;
  auto& part = call.direct();
  for (auto* id : {&call.caller, &part.receiver, &call.ended_by})
    *id = user_id{in.text()};
  call.id = call_id{in.text()};
  const auto type = in.text();
  const auto status = in.text();
  const auto reason = in.text();
  if (!in.ok() || !set_words(call, type, status, reason))
    return std::nullopt;
  const auto flags = in.number(1);
  part.missed = (flags & 1u) != 0;
  part.via_rest = (flags & 2u) != 0;
  call.version = static_cast<std::uint32_t>(in.number(4));
  call.duration_s = static_cast<std::int64_t>(in.number(8));
  call.created_at = in.time();
  for (auto* t : {&call.started_at, &call.ended_at, &call.ring_deadline, &call.call_deadline})
    *t = in.maybe_time();
  return call;
}

timeline_ptr get_timeline(byte_reader& in) {
  auto told = std::make_shared<timeline_text>();
  told->call = call_id{in.text()};
  told->ended_at = in.time();
  told->packed = in.text();
  return told;
}

template <class Op>
std::optional<write_op> as_op(std::optional<Op> op) {
  if (!op)
    return std::nullopt;
  return std::move(*op);
}

std::optional<write_op> get_op(byte_reader& in) {
  switch (static_cast<op_kind>(in.number(1))) {
  case op_kind::user:
    return get_user(in);
  case op_kind::direct_call:
    return as_op(get_direct(in));
  case op_kind::session:
    return as_op(get_session(in));
  case op_kind::sample:
    return get_sample(in);
  case op_kind::video_call:
    return as_op(get_video(in));
  case op_kind::recording:
    return as_op(get_recording(in));
  case op_kind::token:
    return get_token(in);
  case op_kind::channel:
    return get_channel(in);
  case op_kind::message:
    return get_message(in);
  case op_kind::entry:
    return as_op(get_entry(in));
  case op_kind::result:
    return get_result(in);
  case op_kind::timeline:
    return get_timeline(in);
  case op_kind::hide: {
    hide_op hide;
    hide.user = user_id{in.text()};
    hide.call = call_id{in.text()};
    return hide;
  }
  }
  return std::nullopt;
}

} // namespace

std::string encode_ops(std::span<const write_op> ops) {
  byte_writer out;
  out.number(format, 1);
  for (const auto& op : ops)
    std::visit([&](const auto& what) { put(out, what); }, op);
  return out.take();
}

std::optional<std::vector<write_op>> decode_ops(std::string_view bytes) {
  byte_reader in{bytes};
  if (in.number(1) != format)
    return std::nullopt;
  std::vector<write_op> ops;
  while (!in.done()) {
    auto op = get_op(in);
    if (!op || !in.ok())
      return std::nullopt;
    ops.push_back(std::move(*op));
  }
  return in.ok() ? std::optional{std::move(ops)} : std::nullopt;
}

} // namespace carillon::persistence
