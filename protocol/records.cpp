#include "protocol/records.hpp"

#include "protocol/percent.hpp"
#include "protocol/word_table.hpp"

#include <algorithm>

namespace carillon {

namespace {

constexpr word_table<call_kind, call_kind::stream> kind_words{"direct", "session", "video",
                                                             "stream"};
constexpr word_table<media_type, media_type::video> media_words{"audio", "video"};
constexpr word_table<call_state, call_state::ended> state_words{"ringing", "active", "ended"};
constexpr word_table<call_status, call_status::created> status_words{
    "no-answer", "active",  "completed", "missed", "rejected",
    "cancelled", "waiting", "ended",     "created"};
constexpr word_table<end_reason, end_reason::last_left> reason_words{
    "none", "hangup",  "no-answer",       "rejected", "cancelled",
    "busy", "offline", "connection-lost", "timeout",  "last-left"};

} // namespace

std::string_view to_string(call_kind kind) noexcept { return kind_words[kind]; }

std::string_view to_string(media_type type) noexcept { return media_words[type]; }

std::string_view word_of(call_kind kind, call_state state) noexcept {
  if (kind == call_kind::session && state == call_state::ringing)
    return to_string(call_status::waiting);
  if (kind == call_kind::video && state == call_state::ringing)
    return to_string(call_status::created);
  return state_words[state];
}

std::string_view to_string(call_status status) noexcept { return status_words[status]; }

std::string_view to_string(end_reason reason) noexcept { return reason_words[reason]; }

std::optional<call_kind> parse_call_kind(std::string_view word) noexcept {
  return kind_words.parse(word);
}

std::optional<media_type> parse_media_type(std::string_view word) noexcept {
  return media_words.parse(word);
}

std::optional<call_status> parse_call_status(std::string_view word) noexcept {
  return status_words.parse(word);
}

std::optional<end_reason> parse_end_reason(std::string_view word) noexcept {
  return reason_words.parse(word);
}

std::vector<user_id> call_record::users() const {
  if (const auto* only = std::get_if<direct_part>(&part))
    return {caller, only->receiver};
  std::vector<user_id> all;
  all.reserve(people.size());
  for (const auto& one : people)
    all.push_back(one.user);
  return all;
}

bool call_record::has(const user_id& user) const noexcept {
  if (user == caller)
    return true;
  if (const auto* only = std::get_if<direct_part>(&part))
    return user == only->receiver;
  return find(user) != nullptr;
}

const participant* call_record::find(const user_id& user) const noexcept {
  auto at = std::find_if(people.begin(), people.end(),
                         [&](const participant& one) { return one.user == user; });
  return at == people.end() ? nullptr : &*at;
}

std::string user_record::display_name() const {
  if (!profile.name.empty())
    return profile.name;
  auto local_part = profile.email.substr(0, profile.email.find('@'));
  return local_part.empty() ? id.str() : local_part;
}

std::string user_record::display_image() const {
  if (!profile.image.empty())
    return profile.image;
  return "https://getstream.io/random_svg/?id=" + percent_encoded(id.str())
         + "&name=" + percent_encoded(display_name());
}

std::shared_ptr<const user_record> merge_claims(const user_record* known, const user_id& id,
                                                const user_claims& claims, time_point now) {
  if (known == nullptr)
    return std::make_shared<const user_record>(user_record{id, claims, claims, now, now});
  auto merged = *known;
  for (auto field :
       {&user_claims::name, &user_claims::email, &user_claims::image, &user_claims::role}) {
    const auto& claim = claims.*field;
    if (claim.empty() || claim == merged.claimed.*field)
      continue;
    merged.claimed.*field = claim;
    merged.profile.*field = claim;
  }
  if (merged == *known)
    return nullptr;
  merged.updated_at = now;
  return std::make_shared<const user_record>(std::move(merged));
}

std::shared_ptr<const user_record> merge_profile(const user_record& known,
                                                 const profile_changes& changes, time_point now) {
  auto merged = known;
  auto take = [&](std::string user_claims::*field, const std::optional<std::string>& value) {
    if (value)
      merged.profile.*field = *value;
  };
  take(&user_claims::name, changes.name);
  take(&user_claims::email, changes.email);
  take(&user_claims::image, changes.image);
  take(&user_claims::role, changes.role);
  if (merged == known)
    return nullptr;
  merged.updated_at = now;
  return std::make_shared<const user_record>(std::move(merged));
}

} // namespace carillon
