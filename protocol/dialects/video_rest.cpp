#include "protocol/dialects/video.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <unordered_set>
#include <utility>

// Requests over REST.

namespace carillon::video {

namespace {

constexpr std::size_t most_members = 200;
constexpr std::size_t settings_bytes = 16384;
constexpr std::size_t text_characters = 255;
constexpr std::size_t longest_id = 1024; // of what is repeated to who sent it
constexpr int most_seats = 1000;
constexpr int deepest = 1'000'000;

constexpr std::array<std::string_view, 5> role_words{"admin", "moderator", "participant", "user",
                                                     "call_member"};

/// `/video/calls/` and one of these is another route: a call of that name could not be read.
constexpr std::array<std::string_view, 3> reserved_ids{"active", "history", "stats"};

struct setting_row {
  std::string_view name;
  std::string_view assumed; ///< where a client does not say it
};

constexpr std::array<setting_row, 5> setting_rows{{
    {"audio", R"({"access_request_enabled":false,"default_device":"speaker"})"},
    {"video", R"({"access_request_enabled":false,"enabled":true})"},
    {"screensharing", R"({"access_request_enabled":false,"enabled":true})"},
    {"recording", R"({"mode":"disabled"})"},
    {"transcription", R"({"mode":"disabled"})"},
}};

failure bad(std::string_view name) { return bad_field({}, name); }

bool is_absent(const json::member* what) noexcept {
  return what == nullptr || what->type == json::kind::null;
}

bool is_reserved(std::string_view id) noexcept {
  return std::find(reserved_ids.begin(), reserved_ids.end(), id) != reserved_ids.end();
}

bool is_control(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::size_t characters_in(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80; // not one that goes on
  }));
}

/// A text that may be left out; empty then.
result<std::string> text_in(const json::object& from, std::string_view name) {
  const auto* found = from.find(name);
  if (is_absent(found))
    return std::string{};
  const auto& text = found->text;
  if (found->type != json::kind::string || characters_in(text) > text_characters
      || std::any_of(text.begin(), text.end(), is_control))
    return bad(name);
  return text;
}

result<video_call_type> type_in(const json::object& from) {
  const auto* found = from.find("call_type");
  if (is_absent(found))
    return video_call_type::standard;
  auto type = found->type == json::kind::string ? parse_video_call_type(found->text) : std::nullopt;
  if (!type)
    return bad("call_type");
  return *type;
}

// -- members -----------------------------------------------------------------

result<video_member> member_in(const json::member& from, const std::string& place) {
  auto fields = json::object::parse(from.raw);
  if (!fields)
    return bad(place);
  auto id = fields->string("user_id");
  if (!id || id->size() > longest_id)
    return bad(place + ".user_id");
  if (!is_id(*id))
    return failure{error_code::unknown_participant, std::string{*id}};
  const auto* role = fields->find("role");
  if (is_absent(role))
    return video_member{user_id{*id}, "user"};
  auto known = role->type == json::kind::string
               && std::find(role_words.begin(), role_words.end(), role->text) != role_words.end();
  if (!known)
    return bad(place + ".role");
  return video_member{user_id{*id}, role->text};
}

/// Those that are to be invited, each once and without the creator.
result<std::vector<video_member>> members_in(const json::object& from, const user_id& creator) {
  std::vector<video_member> out;
  const auto* list = from.find("members");
  if (is_absent(list))
    return out;
  auto elements = json::parse_array(list->raw);
  if (!elements || elements->size() > most_members)
    return bad("members");
  std::unordered_set<std::string> met{creator.str()};
  for (std::size_t i = 0; i < elements->size(); ++i) {
    auto one = member_in((*elements)[i], "members[" + std::to_string(i) + "]");
    if (!one)
      return one.error();
    if (met.insert(one->user.str()).second)
      out.push_back(*std::move(one));
  }
  return out;
}

// -- settings ----------------------------------------------------------------

/// One of the groups of settings that mean something to the server; empty if it is not said.
result<json::object> group_in(const json::object& settings, std::string_view name) {
  const auto* found = settings.find(name);
  if (is_absent(found))
    return json::object{};
  auto group = json::object::parse(found->raw);
  if (!group)
    return bad("settings." + std::string{name});
  return group;
}

/// Takes from the settings what the server knows to read.
status read_settings(const json::object& settings, video_facts& to) {
  auto recording = group_in(settings, "recording");
  if (!recording)
    return recording.error();
  if (const auto* mode = recording->find("mode"); !is_absent(mode)) {
    if (mode->type != json::kind::string)
      return bad("settings.recording.mode");
    to.recording = mode->text != "disabled";
  }
  auto sharing = group_in(settings, "screensharing");
  if (!sharing)
    return sharing.error();
  if (!is_absent(sharing->find("enabled"))) {
    auto enabled = sharing->boolean("enabled");
    if (!enabled)
      return bad("settings.screensharing.enabled");
    to.sharing = *enabled;
  }
  return success();
}

/// The settings as they were sent, and what they lack.
status settings_in(const json::object& from, video_facts& to) {
  const auto* sent = from.find("settings");
  std::string_view raw = is_absent(sent) ? "{}" : sent->raw;
  auto fields = json::object::parse(raw);
  if (!fields || raw.size() > settings_bytes)
    return bad("settings");
  to.settings = raw.substr(0, raw.rfind('}'));
  bool comma = !fields->members().empty();
  for (const auto& row : setting_rows) {
    if (fields->find(row.name) != nullptr)
      continue;
    to.settings += std::exchange(comma, true) ? ",\"" : "\"";
    to.settings += row.name;
    to.settings += "\":";
    to.settings += row.assumed;
  }
  to.settings += '}';
  return read_settings(*fields, to);
}

result<video_facts> facts_in(const json::object& from, const user_id& creator) {
  video_facts out;
  auto id = from.string("call_id");
  if (!id || !is_id(*id) || is_reserved(*id))
    return bad("call_id");
  out.call_id = *id;
  auto type = type_in(from);
  if (!type)
    return type.error();
  out.type = *type;
  auto members = members_in(from, creator);
  if (!members)
    return members.error();
  out.members = *std::move(members);
  if (auto read = settings_in(from, out); !read)
    return read.error();
  auto name = text_in(from, "call_name");
  if (!name)
    return name.error();
  out.name = *std::move(name);
  if (const auto* seats = from.find("max_participants"); !is_absent(seats)) {
    auto number = number_in(seats->raw, 1, most_seats);
    if (!number)
      return bad("max_participants");
    out.seats = static_cast<std::uint32_t>(*number);
  }
  auto event = text_in(from, "event_id");
  if (!event)
    return event.error();
  out.event_id = *std::move(event);
  return out;
}

origin asker(const user_id& user) { return {user, {}, call_kind::video}; }

} // namespace

result<client_command> decode_create(std::string_view body, const user_id& user) {
  auto fields = fields_of(body);
  if (!fields)
    return fields.error();
  if (fields->members().empty() && json::valid(body) && !json::object::parse(body))
    return bad("the body is no JSON object");
  auto facts = facts_in(*fields, user);
  if (!facts)
    return facts.error();
  auto call = video_call_id(facts->call_id);
  return client_command{command::create{asker(user), std::move(call),
                                        std::make_shared<const video_facts>(*std::move(facts))}};
}

result<client_command> decode_status(std::string_view body, const user_id& user, bool as_admin,
                                     std::string_view call_id) {
  auto fields = fields_of(body);
  if (!fields)
    return fields.error();
  auto word = fields->string("status").value_or(std::string_view{});
  for (auto status :
       {call_status::created, call_status::active, call_status::ended, call_status::cancelled})
    if (word == to_string(status))
      return client_command{
          command::set_status{asker(user), video_call_id(call_id), status, as_admin}};
  return bad("status");
}

result<client_command> decode_kick(std::string_view body, const user_id& user, bool as_admin,
                                   std::string_view call_id) {
  auto fields = fields_of(body);
  if (!fields)
    return fields.error();
  auto whom = fields->string("user_id");
  if (!whom || !is_id(*whom))
    return bad("user_id");
  return client_command{
      command::kick{asker(user), video_call_id(call_id), user_id{*whom}, as_admin}};
}

result<query::video_history> decode_history(std::string_view query_string, const user_id& user) {
  query::video_history out;
  out.user = user;
  auto apply = [&out](std::string_view name, std::string_view value) {
    if (name == "limit") {
      auto number = number_in(value, 1, 100);
      out.limit = number.value_or(1);
      return number.has_value();
    }
    if (name == "offset") {
      auto number = number_in(value, 0, deepest);
      out.offset = number.value_or(0);
      return number.has_value();
    }
    return true;
  };
  if (auto taken = each_parameter(query_string, apply); !taken)
    return taken.error();
  return out;
}

result<query::video_invitations> decode_invitations(std::string_view query_string,
                                                    const user_id& user) {
  query::video_invitations out{user, std::string{to_string(invitation::pending)}};
  auto apply = [&out](std::string_view name, std::string_view value) {
    if (name != "status")
      return true;
    auto known = parse_invitation(value);
    out.status = value == "all" ? std::nullopt : std::optional{std::string{value}};
    return value == "all" || (known && *known != invitation::none);
  };
  if (auto taken = each_parameter(query_string, apply); !taken)
    return taken.error();
  return out;
}

} // namespace carillon::video
