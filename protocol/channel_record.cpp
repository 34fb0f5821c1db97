#include "protocol/channel_record.hpp"

#include "protocol/records.hpp"

#include <utility>

namespace carillon {

namespace {

constexpr std::string_view prefix = "messaging:call-";

} // namespace

std::string channel_name(const call_id& call) { return std::string{prefix} + call.str(); }

std::optional<call_id> call_of_channel(std::string_view name) {
  if (!name.starts_with(prefix) || !is_id(name.substr(prefix.size())))
    return std::nullopt;
  return call_id{name.substr(prefix.size())};
}

call_id channel_key(const call_record& call) {
  if (call.kind() == call_kind::video && call.video().facts)
    return call_id{call.video().facts->call_id};
  return call.id;
}

std::optional<channel_record> implied_channel(const call_record& call) {
  if (call.reason == end_reason::busy || call.reason == end_reason::offline)
    return std::nullopt;
  channel_record out;
  out.call = channel_key(call);
  out.created_by = call.caller;
  out.members = call.users();
  out.created_at = call.created_at;
  out.closed_at = call.ended_at;
  out.of_call = true;
  return out;
}

std::optional<channel_record> joined_channel(std::optional<channel_record> made,
                                             std::optional<channel_record> own) {
  if (!made || !own)
    return made ? std::move(made) : std::move(own);
  made->of_call = true;
  if (made->has(own->created_by))
    for (auto& user : own->members)
      if (!made->has(user))
        made->members.push_back(std::move(user));
  if (own->closed_at)
    made->closed_at = std::min(*own->closed_at, made->closed_at.value_or(*own->closed_at));
  return made;
}

} // namespace carillon
