#include "protocol/dialects/direct.hpp"

#include "protocol/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace carillon::direct {

namespace {

bool is_blank(std::string_view text) noexcept {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// The fields that a client sent; none if it sent no JSON at all or something that has no fields.
result<json::object> fields_of(std::string_view data) {
  if (is_blank(data))
    return json::object{};
  auto parsed = json::object::parse(data);
  if (parsed || !json::valid(data))
    return parsed;
  return json::object{};
}

/// The id in field `name`: `missing` when there is no text in it, `unknown` when nothing can have
/// that id. Ids are compared as they are, so white space around one is not forgiven.
result<std::string> id_in(const json::object& from, std::string_view name, error_code missing,
                          error_code unknown) {
  auto text = from.string(name);
  if (!text || is_blank(*text))
    return missing;
  if (!is_id(*text))
    return unknown;
  return std::string{*text};
}

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

failure bad_field(const call_id& call, std::string_view name) {
  failure why{error_code::invalid_field, call};
  why.detail = name;
  return why;
}

/// `max_bytes`: of the payload; 0: none.
result<client_command> decode_relay(const json::object& from, origin who, relay_kind kind,
                                    std::string_view payload_name, std::size_t max_bytes) {
  auto call = call_in(from);
  if (!call)
    return call.error();
  auto to = from.string("to");
  if (!to || is_blank(*to))
    return bad_field(*call, "to");
  const auto* payload = from.find(payload_name);
  // Browsers announce the end of candidates with null.
  bool null_is_fine = kind == relay_kind::candidate;
  if (payload == nullptr || (payload->type == json::kind::null && !null_is_fine))
    return bad_field(*call, payload_name);
  if (max_bytes > 0 && payload->raw.size() > max_bytes)
    return failure{error_code::sdp_too_large, *std::move(call)};
  return client_command{command::relay{std::move(who), *std::move(call), user_id{*to}, kind,
                                       std::string{payload->raw}}};
}

using decoder = result<client_command> (*)(const json::object& from, origin who,
                                           const decode_limits& limits);

struct event_row {
  std::string_view name;
  decoder decode;
  bool exempt_from_rate = false;
  bool costly = false;
};

constexpr std::array<event_row, 7> events{{
    {"sendIceCandidate",
     [](const json::object& from, origin who, const decode_limits&) {
       return decode_relay(from, std::move(who), relay_kind::candidate, "candidate", 0);
     }},
    {"sendOffer",
     [](const json::object& from, origin who, const decode_limits& limits) {
       return decode_relay(from, std::move(who), relay_kind::offer, "offer", limits.sdp_bytes);
     }},
    {"sendAnswer",
     [](const json::object& from, origin who, const decode_limits& limits) {
       return decode_relay(from, std::move(who), relay_kind::answer, "answer", limits.sdp_bytes);
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

const event_row* find_event(std::string_view name) noexcept {
  auto at = std::find_if(events.begin(), events.end(),
                         [&](const event_row& row) { return row.name == name; });
  return at == events.end() ? nullptr : &*at;
}

/// The text without its percent signs; nothing where one is not followed by two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    char c = text.front();
    std::size_t length = 1;
    if (c == '+')
      c = ' ';
    if (c == '%') {
      length = 3;
      unsigned char byte = 0;
      auto hex = text.substr(1, 2);
      auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), byte, 16);
      if (error != std::errc{} || end != hex.data() + 2)
        return std::nullopt;
      c = static_cast<char>(byte);
    }
    out += c;
    text.remove_prefix(length);
  }
  return out;
}

/// The number that `text` is from its first to its last character, if it is within the bounds.
std::optional<int> number_in(std::string_view text, int min, int max) {
  int number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < min || number > max)
    return std::nullopt;
  return number;
}

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

bool knows(std::string_view event_name) noexcept { return find_event(event_name) != nullptr; }

bool is_exempt_from_rate(std::string_view event_name) noexcept {
  const auto* row = find_event(event_name);
  return row != nullptr && row->exempt_from_rate;
}

bool is_costly(std::string_view event_name) noexcept {
  const auto* row = find_event(event_name);
  return row != nullptr && row->costly;
}

result<client_command> decode_event(std::string_view event_name, std::string_view data, origin from,
                                    const decode_limits& limits) {
  const auto* row = find_event(event_name);
  if (row == nullptr)
    return error_code::unknown_event;
  auto fields = fields_of(data);
  if (!fields)
    return fields.error();
  return row->decode(*fields, std::move(from), limits);
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
  while (!query_string.empty()) {
    auto parameter = query_string.substr(0, query_string.find('&'));
    query_string.remove_prefix(std::min(parameter.size() + 1, query_string.size()));
    auto name = percent_decoded(parameter.substr(0, parameter.find('=')));
    auto equals = std::min(parameter.find('='), parameter.size());
    auto value = percent_decoded(parameter.substr(std::min(equals + 1, parameter.size())));
    if (!name)
      continue;
    // A value that cannot be decoded is as bad as one that means nothing.
    if (!apply_parameter(out, *name, value.value_or("%")))
      return failure{error_code::invalid_query, *std::move(name)};
  }
  return out;
}

} // namespace carillon::direct
