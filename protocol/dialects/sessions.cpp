#include "protocol/dialects/sessions.hpp"

#include "protocol/dialects/samples.hpp"
#include "protocol/dialects/sessions_parts.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace carillon::sessions {

namespace {

constexpr std::size_t peer_id_bytes = 128;

result<call_id> session_in(const json::object& from) {
  auto id = id_in(from, "sessionId", error_code::session_required, error_code::session_not_found);
  if (!id)
    return id.error();
  return call_id{*std::move(id)};
}

// -- one function for each event ---------------------------------------------

result<client_command> decode_join(const json::object& from, origin who, const decode_limits&) {
  auto session = session_in(from);
  if (!session)
    return session.error();
  auto peer = short_text_in(from, *session, "peerId", peer_id_bytes);
  if (!peer)
    return peer.error();
  return client_command{command::join{std::move(who), *std::move(session), *std::move(peer)}};
}

result<client_command> decode_leave(const json::object& from, origin who, const decode_limits&) {
  auto session = session_in(from);
  if (!session)
    return session.error();
  return client_command{command::leave{std::move(who), *std::move(session)}};
}

result<client_command> decode_relay(const json::object& from, origin who, relay_kind kind,
                                    std::string_view payload_name, const decode_limits& limits) {
  auto session = session_in(from);
  if (!session)
    return session.error();
  auto socket = from.string("targetSocketId");
  auto user = from.string("targetUserId");
  if (!socket && !user)
    return bad_field(*session, "targetSocketId");
  auto payload = payload_in(from, *session, payload_name, kind, limits);
  if (!payload)
    return payload.error();
  command::relay relay{std::move(who), *std::move(session), {}, kind, *std::move(payload)};
  if (socket)
    relay.to_device = device_id{*socket};
  else
    relay.to = user_id{*user};
  return client_command{std::move(relay)};
}

result<client_command> decode_offer(const json::object& from, origin who,
                                    const decode_limits& limits) {
  return decode_relay(from, std::move(who), relay_kind::offer, "offer", limits);
}

result<client_command> decode_answer(const json::object& from, origin who,
                                     const decode_limits& limits) {
  return decode_relay(from, std::move(who), relay_kind::answer, "answer", limits);
}

result<client_command> decode_candidate(const json::object& from, origin who,
                                        const decode_limits& limits) {
  return decode_relay(from, std::move(who), relay_kind::candidate, "candidate", limits);
}

result<client_command> decode_media_state(const json::object& from, origin who,
                                          const decode_limits&) {
  auto session = session_in(from);
  if (!session)
    return session.error();
  command::set_media out{std::move(who), *std::move(session), {}, {}, {}};
  if (auto read = read_media(from, out); !read)
    return read.error();
  return client_command{std::move(out)};
}

/// Whether a report names its call as those of all kinds are named, and not as a session.
bool says_call(const json::object& from) noexcept {
  return !from.string("sessionId") && from.string("callId");
}

/// About a session, or else about a call of any kind, which is then answered in the words of direct
/// ones.
result<client_command> decode_quality(const json::object& from, origin who, const decode_limits&) {
  auto call = session_in(from);
  if (says_call(from)) {
    who.family = call_kind::direct;
    auto id = id_in(from, "callId", error_code::call_id_required, error_code::call_not_found);
    if (!id)
      return id.error();
    call = call_id{*std::move(id)};
  }
  if (!call)
    return call.error();
  auto sample = sample_in(from, *call);
  if (!sample)
    return sample.error();
  return client_command{
      command::report_quality{std::move(who), *std::move(call), *std::move(sample)}};
}

// -- their names -------------------------------------------------------------

constexpr std::array<event_row, 7> rows{{
    {"webrtc_ice_candidate", decode_candidate},
    {"webrtc_offer", decode_offer},
    {"webrtc_answer", decode_answer},
    {"join_call_session", decode_join},
    {"leave_call_session", decode_leave, true},
    {"media_state_changed", decode_media_state},
    {"quality_report", decode_quality},
}};

} // namespace

const event_table& events() noexcept {
  static constexpr event_table table{call_kind::session, rows};
  return table;
}

bool knows(std::string_view event_name) noexcept { return events().find(event_name) != nullptr; }

result<client_command> decode_event(std::string_view event_name, std::string_view data, origin from,
                                    const decode_limits& limits) {
  return events().decode(event_name, data, std::move(from), limits);
}

call_kind family_of(std::string_view event_name, std::string_view data) {
  if (event_name != "quality_report")
    return call_kind::session;
  auto fields = fields_of(data);
  return fields && says_call(*fields) ? call_kind::direct : call_kind::session;
}

failure in_own_words(failure why) {
  if (why.code == error_code::call_not_found)
    why.code = error_code::session_not_found;
  return why;
}

} // namespace carillon::sessions
