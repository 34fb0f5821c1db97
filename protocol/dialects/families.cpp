#include "protocol/dialects/families.hpp"

#include "protocol/dialects/direct.hpp"
#include "protocol/dialects/sessions.hpp"
#include "protocol/dialects/stream.hpp"
#include "protocol/dialects/video.hpp"

#include <array>
#include <utility>

namespace carillon::families {

namespace {

std::string_view role_in(const call_summary& call) noexcept {
  if (call.kind == call_kind::video)
    return to_string(call.role);
  if (call.kind == call_kind::session)
    return call.is_caller ? "initiator" : "participant";
  return call.is_caller ? "caller" : "receiver";
}

void write_state(json::writer& out, const call_summary& call) {
  out.begin_object()
      .field("callId", call.shown_as.empty() ? call.call.str() : call.shown_as)
      .field("kind", to_string(call.kind))
      .field("state", word_of(call.kind, call.state))
      .field("role", role_in(call));
  write_text(out, "peer", call.peer.str());
  write_time(out, "ringDeadline", call.ring_deadline);
  if (call.type)
    out.field("sessionType", to_string(*call.type));
  if (call.kind != call_kind::direct)
    out.field("joined", call.joined);
  out.end_object();
}

wire_event_ptr encode_states(const event::call_states& what, std::uint64_t offset) {
  json::writer out;
  out.begin_object().key("calls").begin_array();
  for (const auto& call : what.calls)
    write_state(out, call);
  out.end_array().end_object();
  return std::make_shared<const wire_event>("callState", std::move(out).take(), offset);
}

// The events of all families; no two have one of the same name.
constexpr std::array tables{&direct::events, &sessions::events, &video::events,
                           &stream::events};

} // namespace

std::optional<event_traits> find(std::string_view event_name) noexcept {
  for (auto events : tables)
    if (const auto* row = events().find(event_name))
      return event_traits{events().family(), row->exempt_from_rate, row->costly};
  return std::nullopt;
}

result<client_command> decode_event(std::string_view event_name, std::string_view data, origin from,
                                    const decode_limits& limits) {
  for (auto events : tables)
    if (events().find(event_name) != nullptr)
      return events().decode(event_name, data, std::move(from), limits);
  return error_code::unknown_event;
}

wire_event_ptr encode(const call_event& what, const audience& to, std::uint64_t offset) {
  if (const auto* states = std::get_if<event::call_states>(&what))
    return encode_states(*states, offset);
  if (const auto* told = std::get_if<event::told>(&what))
    return told->what;
  if (auto event = direct::encode(what, offset))
    return event;
  auto joins = std::holds_alternative<event::session_joined>(what);
  auto servers = joins ? encode_ice_servers(to.ice, to.user, to.now) : std::string{};
  if (auto event = sessions::encode(what, servers, offset))
    return event;
  return video::encode(what, offset);
}

relay_words words_of_relays(call_kind kind, const call_id& call, const origin& from) {
  return kind == call_kind::session ? sessions::words_of_relays(call, from)
                                    : direct::words_of_relays(call, from.user);
}

call_kind family_of(std::string_view event_name, std::string_view data) {
  if (sessions::knows(event_name))
    return sessions::family_of(event_name, data);
  auto traits = find(event_name);
  return traits ? traits->family : call_kind::direct;
}

call_kind family_of(const client_command& cmd) noexcept {
  return std::visit([](const auto& one) { return one.from.family; }, cmd);
}

wire_event_ptr encode_error(call_kind family, const failure& why) {
  if (family == call_kind::session)
    return sessions::encode_error(why);
  if (family == call_kind::stream)
    return stream::encode_error(why);
  if (family == call_kind::video)
    return video::encode_error(why);
  return direct::has_own_event(why.code) ? nullptr : direct::encode_error(why);
}

std::string encode_ack(call_kind family, const result<reply_value>& what) {
  switch (family) {
  case call_kind::session: return sessions::encode_ack(what);
  case call_kind::video: return video::encode_ack(what);
  case call_kind::stream: return stream::encode_ack(what);
  case call_kind::direct: break;
  }
  return direct::encode_ack(what);
}

} // namespace carillon::families
