#include "protocol/dialects/samples.hpp"
#include "protocol/dialects/stream.hpp"
#include "protocol/utf8.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

// Requests over REST.

namespace carillon::stream {

namespace {

// Of each text of a profile.
constexpr std::size_t profile_characters = 512;
constexpr std::size_t call_type_bytes = 32;

using fields = std::pair<std::string_view, std::optional<std::string> profile_changes::*>;

constexpr std::array<fields, 4> profile_fields{{
    {"name", &profile_changes::name},
    {"image", &profile_changes::image},
    {"email", &profile_changes::email},
    {"role", &profile_changes::role},
}};

// What `token` takes of them: the first ones.
constexpr std::size_t token_fields = 2;

failure bad(std::string_view name) { return bad_field({}, name); }

origin asker(const user_id& user) { return {user, {}, call_kind::stream}; }

/// The first `count` fields of `userData`, as far as they are there.
result<profile_changes> profile_in(const json::object& body, std::size_t count) {
  profile_changes out;
  const auto* sent = body.find("userData");
  if (is_absent(sent))
    return out;
  if (sent->type != json::kind::object)
    return bad("userData");
  auto data = json::object::parse(sent->raw);
  if (!data)
    return data.error();
  for (auto [name, field] : std::span{profile_fields}.first(count)) {
    const auto* value = data->find(name);
    if (is_absent(value))
      continue;
    if (value->type != json::kind::string || has_controls(value->text)
        || characters_in(value->text) > profile_characters)
      return bad("userData." + std::string{name});
    out.*field = value->text;
  }
  return out;
}

/// Those that are named, each once and without the asker.
result<std::vector<user_id>> members_in(const json::object& from, const user_id& asker) {
  std::vector<user_id> out;
  const auto* list = from.find("members");
  if (is_absent(list))
    return out;
  auto elements = json::parse_array(list->raw);
  if (!elements)
    return bad("members");
  std::unordered_set<std::string_view> met{asker.str()};
  for (const auto& one : *elements) {
    if (one.type != json::kind::string || one.text.empty()
        || characters_in(one.text) > profile_characters)
      return bad("members");
    if (!is_id(one.text))
      return failure{error_code::unknown_participant, one.text};
    if (met.insert(one.text).second)
      out.emplace_back(one.text);
  }
  if (met.size() > most_members)
    return error_code::too_many_participants;
  return out;
}

} // namespace

result<token_request> decode_token(std::string_view body, const user_id& user) {
  auto from = fields_of(body);
  if (!from)
    return from.error();
  const auto* whose = from->find("userId");
  if (!is_absent(whose)) {
    if (whose->type != json::kind::string)
      return bad("userId");
    if (whose->text != user.str())
      return error_code::not_authorized;
  }
  auto profile = profile_in(*from, token_fields);
  if (!profile)
    return profile.error();
  return token_request{user, *std::move(profile)};
}

result<client_command> decode_upsert(std::string_view body, const user_id& user, bool is_admin) {
  auto from = fields_of(body);
  if (!from)
    return from.error();
  auto profile = profile_in(*from, profile_fields.size());
  if (!profile)
    return profile.error();
  if (profile->empty())
    return bad("userData");
  if (profile->role && !is_admin)
    return error_code::not_authorized;
  return client_command{command::upsert_user{asker(user), *std::move(profile)}};
}

result<client_command> decode_create(std::string_view body, const user_id& user) {
  auto from = fields_of(body);
  if (!from)
    return from.error();
  auto call = id_in(*from, "callId", error_code::call_id_required, error_code::invalid_field);
  if (!call)
    return call.error().code == error_code::invalid_field ? bad("callId") : call.error();
  auto type = short_text_in(*from, {}, "callType", call_type_bytes);
  if (!type)
    return type.error();
  auto members = members_in(*from, user);
  if (!members)
    return members.error();
  return client_command{command::open_channel{asker(user), call_id{*std::move(call)},
                                              *std::move(type), *std::move(members)}};
}

result<client_command> decode_end(std::string_view body, const user_id& user, bool is_admin) {
  auto from = fields_of(body);
  if (!from)
    return from.error();
  auto call = id_in(*from, "callId", error_code::call_id_required, error_code::call_not_found);
  if (!call)
    return call.error();
  return client_command{command::close_channel{asker(user), call_id{*std::move(call)}, is_admin}};
}

result<client_command> decode_quality(std::string_view body, const user_id& user, call_id call) {
  auto from = fields_of(body);
  if (!from)
    return from.error();
  for (std::string_view name : {"rttMs", "jitterMs", "packetLoss", "bitrateKbps"})
    if (is_absent(from->find(name)))
      return bad_field(call, name);
  auto sample = sample_in(*from, call);
  if (!sample)
    return sample.error();
  return client_command{command::report_quality{asker(user), std::move(call), *std::move(sample)}};
}

result<query::messages> decode_messages(std::string_view channel, std::string_view query_string,
                                        const user_id& user) {
  auto call = call_of_channel(channel);
  if (!call)
    return error_code::channel_not_found;
  query::messages out{user, *std::move(call), 50, {}, {}};
  auto apply = [&out](std::string_view name, std::string_view value) {
    if (name == "limit") {
      auto number = number_in(value, 1, 100);
      out.limit = number.value_or(1);
      return number.has_value();
    }
    std::string* id = name == "before" ? &out.before : name == "after" ? &out.after : nullptr;
    if (id == nullptr)
      return true;
    *id = value;
    return is_id(value);
  };
  if (auto taken = each_parameter(query_string, apply); !taken)
    return taken.error();
  return out;
}

} // namespace carillon::stream
