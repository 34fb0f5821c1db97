#include "protocol/dialects/direct.hpp"

#include <array>
#include <limits>
#include <optional>
#include <utility>

namespace carillon::direct {

namespace {

result<call_id> call_in(const json::object& from) {
  auto id = id_in(from, "callId", error_code::call_id_required, error_code::call_not_found);
  if (!id)
    return id.error();
  return call_id{*std::move(id)};
}

result<client_command> decode_initiate(const json::object& from, origin who) {
  auto receiver =
      id_in(from, "receiverId", error_code::receiver_required, error_code::receiver_not_found);
  if (!receiver)
    return receiver.error();
  auto type = parse_media_type(from.string("callType").value_or(std::string_view{}));
  if (!type)
    return error_code::invalid_call_type;
  user_id to{*std::move(receiver)};
  if (to == who.user)
    return error_code::self_call;
  return client_command{command::initiate{std::move(who), std::move(to), *type}};
}

template <class Command>
result<client_command> decode_about_call(const json::object& from, origin who) {
  auto call = call_in(from);
  if (!call)
    return call.error();
  return client_command{Command{std::move(who), *std::move(call)}};
}

result<client_command> decode_relay(const json::object& from, origin who, relay_kind kind,
                                    std::string_view payload_name, const decode_limits& limits) {
  auto call = call_in(from);
  if (!call)
    return call.error();
  auto to = from.string("to");
  if (!to || to->find_first_not_of(" \t\r\n") == std::string_view::npos)
    return bad_field(*call, "to");
  auto payload = payload_in(from, *call, payload_name, kind, limits);
  if (!payload)
    return payload.error();
  return client_command{
      command::relay{std::move(who), *std::move(call), user_id{*to}, kind, *std::move(payload)}};
}

constexpr std::array<event_row, 7> rows{{
    {"sendIceCandidate",
     [](const json::object& from, origin who, const decode_limits& limits) {
       return decode_relay(from, std::move(who), relay_kind::candidate, "candidate", limits);
     }},
    {"sendOffer",
     [](const json::object& from, origin who, const decode_limits& limits) {
       return decode_relay(from, std::move(who), relay_kind::offer, "offer", limits);
     }},
    {"sendAnswer",
     [](const json::object& from, origin who, const decode_limits& limits) {
       return decode_relay(from, std::move(who), relay_kind::answer, "answer", limits);
     }},
    {"initiateCall",
     [](const json::object& from, origin who, const decode_limits&) {
       return decode_initiate(from, std::move(who));
     },
     false, true},
    {"acceptCall",
     [](const json::object& from, origin who, const decode_limits&) {
       return decode_about_call<command::accept>(from, std::move(who));
     }},
    {"rejectCall",
     [](const json::object& from, origin who, const decode_limits&) {
       return decode_about_call<command::reject>(from, std::move(who));
     },
     true},
    {"endCall",
     [](const json::object& from, origin who, const decode_limits&) {
       return decode_about_call<command::end>(from, std::move(who));
     },
     true},
}};

/// Takes over one parameter; false if its value is bad. Parameters of other names mean nothing.
bool apply_parameter(query::history& to, std::string_view name, std::string_view value) {
  if (name == "type") {
    to.type = parse_media_type(value);
    return to.type.has_value();
  }
  int* number = name == "limit" ? &to.limit : name == "skip" ? &to.skip : nullptr;
  if (number == nullptr)
    return true;
  bool is_limit = number == &to.limit;
  auto parsed =
      number_in(value, is_limit ? 1 : 0, is_limit ? 100 : std::numeric_limits<int>::max());
  *number = parsed.value_or(0);
  return parsed.has_value();
}

} // namespace

const event_table& events() noexcept {
  static constexpr event_table table{call_kind::direct, rows};
  return table;
}

bool knows(std::string_view event_name) noexcept { return events().find(event_name) != nullptr; }

result<client_command> decode_event(std::string_view event_name, std::string_view data, origin from,
                                    const decode_limits& limits) {
  return events().decode(event_name, data, std::move(from), limits);
}

result<client_command> decode_initiate(std::string_view body, const user_id& user) {
  return decode_event("initiateCall", body, origin{user, {}}, {});
}

result<client_command> decode_action(call_action action, std::string_view body,
                                     const user_id& user) {
  std::string_view name = action == call_action::accept   ? "acceptCall"
                          : action == call_action::reject ? "rejectCall"
                                                          : "endCall";
  return decode_event(name, body, origin{user, {}}, {});
}

result<query::history> decode_history(std::string_view query_string, const user_id& user,
                                      bool missed_only) {
  query::history out;
  out.user = user;
  out.missed_only = missed_only;
  auto taken = each_parameter(query_string, [&out](std::string_view name, std::string_view value) {
    return apply_parameter(out, name, value);
  });
  if (!taken)
    return taken.error();
  return out;
}

} // namespace carillon::direct
