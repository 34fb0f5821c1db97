#include "protocol/dialects/sessions.hpp"
#include "protocol/dialects/sessions_parts.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <unordered_set>
#include <utility>

// Requests over REST.

namespace carillon::sessions {

namespace {

// Of `callSettings` and of `metadata`, as a client wrote them: they are kept with the session.
constexpr std::size_t extra_bytes = 8192;

struct setting_row {
  std::string_view name;
  std::string_view assumed; ///< where a client does not say it
};

constexpr std::array<setting_row, 4> setting_rows{{
    {"isVideoEnabled", "true"},
    {"isAudioEnabled", "true"},
    {"isRecordingEnabled", "false"},
    {"allowScreenShare", "true"},
}};

failure bad(std::string_view name) { return bad_field({}, name); }

result<session_type> type_in(const json::object& from) {
  auto type = parse_session_type(from.string("sessionType").value_or(std::string_view{}));
  if (!type)
    return bad("sessionType");
  return *type;
}

/// Those that are to be invited, each once.
result<std::vector<user_id>> named_in(const json::object& from, const user_id& initiator) {
  const auto* list = from.find("participants");
  if (is_absent(list) || list->type != json::kind::array)
    return bad("participants");
  auto elements = json::parse_array(list->raw);
  if (!elements)
    return elements.error();
  std::vector<user_id> out;
  std::unordered_set<std::string_view> met{initiator.str()};
  for (const auto& one : *elements) {
    if (one.type != json::kind::string || one.text.empty() || one.text.size() > extra_bytes)
      return bad("participants");
    if (!is_id(one.text))
      return failure{error_code::unknown_participant, one.text};
    if (met.insert(one.text).second)
      out.emplace_back(one.text);
  }
  if (out.empty())
    return bad("participants");
  return out;
}

bool is_setting(std::string_view name) noexcept {
  return std::any_of(setting_rows.begin(), setting_rows.end(),
                     [&](const setting_row& row) { return row.name == name; });
}

/// The members as they were sent, without the last brace. A setting that is null is not said: then
/// they are put together anew.
std::string said_in(const json::object& sent, std::string_view raw) {
  auto unsaid = [&](const json::member& one) {
    return is_setting(one.key) && is_absent(sent.find(one.key));
  };
  auto all = sent.members();
  if (std::none_of(all.begin(), all.end(), unsaid))
    return std::string{raw.substr(0, raw.rfind('}'))};
  std::string out = "{";
  for (const auto& one : all) {
    if (unsaid(one))
      continue;
    if (out.size() > 1)
      out += ',';
    json::append_literal(out, one.key);
    out += ':';
    out += one.raw;
  }
  return out;
}

/// The settings as they were sent, and what they lack.
result<std::string> settings_in(const json::object& from) {
  const auto* sent = from.find("callSettings");
  std::string_view raw = is_absent(sent) ? "{}" : sent->raw;
  auto fields = json::object::parse(raw);
  if (!fields || raw.size() > extra_bytes)
    return bad("callSettings");
  auto out = said_in(*fields, raw);
  bool comma = out.find('"') != std::string::npos; // every member has a key
  for (const auto& row : setting_rows) {
    if (!is_absent(fields->find(row.name))) {
      if (!fields->boolean(row.name))
        return bad("callSettings." + std::string{row.name});
      continue;
    }
    out += std::exchange(comma, true) ? ",\"" : "\"";
    out += row.name;
    out += "\":";
    out += row.assumed;
  }
  out += '}';
  return out;
}

bool is_text(const json::member* what) noexcept {
  return is_absent(what) || what->type == json::kind::string;
}

bool is_texts(const json::member* what) {
  if (is_absent(what))
    return true;
  auto elements = json::parse_array(what->raw);
  if (!elements)
    return false;
  return std::all_of(elements->begin(), elements->end(),
                     [](const json::member& one) { return one.type == json::kind::string; });
}

result<std::string> metadata_in(const json::object& from) {
  const auto* sent = from.find("metadata");
  std::string_view raw = is_absent(sent) ? "{}" : sent->raw;
  auto fields = json::object::parse(raw);
  if (!fields || raw.size() > extra_bytes)
    return bad("metadata");
  for (std::string_view name : {"title", "description"})
    if (!is_text(fields->find(name)))
      return bad("metadata." + std::string{name});
  if (!is_texts(fields->find("tags")))
    return bad("metadata.tags");
  return std::string{raw};
}

/// Which therapy session it is for; empty for the other types.
result<std::string> therapy_in(const json::object& from, session_type type) {
  if (type != session_type::therapy)
    return std::string{};
  auto id = from.string("therapySessionId");
  if (!id || !is_id(*id))
    return bad("therapySessionId");
  return std::string{*id};
}

/// How many may be in at once; 0: the client leaves it to the server.
result<std::uint32_t> seats_in(const json::object& from) {
  const auto* sent = from.find("maxParticipants");
  if (is_absent(sent))
    return std::uint32_t{0};
  auto seats = number_in(sent->raw, 2, std::numeric_limits<int>::max());
  if (!seats)
    return bad("maxParticipants");
  return static_cast<std::uint32_t>(*seats);
}

result<session_facts> facts_in(const json::object& from, session_type type) {
  session_facts out;
  out.type = type;
  auto settings = settings_in(from);
  if (!settings)
    return settings.error();
  auto metadata = metadata_in(from);
  if (!metadata)
    return metadata.error();
  auto therapy = therapy_in(from, type);
  if (!therapy)
    return therapy.error();
  auto seats = seats_in(from);
  if (!seats)
    return seats.error();
  out.settings = *std::move(settings);
  out.metadata = *std::move(metadata);
  out.therapy_session = *std::move(therapy);
  out.seats = *seats;
  read_flags(out);
  return out;
}

std::optional<call_status> status_in(std::string_view word) noexcept {
  auto status = parse_call_status(word);
  auto is_ours = status == call_status::waiting || status == call_status::active
                 || status == call_status::ended;
  return is_ours ? status : std::nullopt;
}

} // namespace

result<client_command> decode_initiate(std::string_view body, const user_id& user) {
  auto fields = fields_of(body);
  if (!fields)
    return fields.error();
  auto type = type_in(*fields);
  if (!type)
    return type.error();
  auto named = named_in(*fields, user);
  if (!named)
    return named.error();
  if (*type == session_type::one_to_one && named->size() != 1)
    return bad("participants");
  auto facts = facts_in(*fields, *type);
  if (!facts)
    return facts.error();
  return client_command{
      command::gather{origin{user, {}, call_kind::session}, *std::move(named), *std::move(facts)}};
}

result<client_command> decode_media(std::string_view body, const user_id& user, call_id session) {
  auto fields = fields_of(body);
  if (!fields)
    return fields.error();
  command::set_media out{origin{user, {}, call_kind::session}, std::move(session), {}, {}, {}};
  if (auto read = read_media(*fields, out); !read)
    return read.error();
  return client_command{std::move(out)};
}

result<query::sessions> decode_history(std::string_view query_string, const user_id& user) {
  query::sessions out;
  out.user = user;
  auto apply = [&out](std::string_view name, std::string_view value) {
    if (name == "status") {
      out.status = status_in(value);
      return out.status.has_value();
    }
    int* number = name == "page" ? &out.page : name == "limit" ? &out.limit : nullptr;
    if (number == nullptr)
      return true;
    auto parsed = number_in(value, 1, number == &out.limit ? 100 : std::numeric_limits<int>::max());
    *number = parsed.value_or(1);
    return parsed.has_value();
  };
  if (auto taken = each_parameter(query_string, apply); !taken)
    return taken.error();
  return out;
}

result<query::usage> decode_usage(std::string_view query_string, const user_id& user) {
  query::usage out;
  out.user = user;
  auto apply = [&out](std::string_view name, std::string_view value) {
    if (name != "days")
      return true;
    auto parsed = number_in(value, 1, 366);
    out.days = parsed.value_or(1);
    return parsed.has_value();
  };
  if (auto taken = each_parameter(query_string, apply); !taken)
    return taken.error();
  return out;
}

} // namespace carillon::sessions
