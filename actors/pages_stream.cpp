#include "actors/pages.hpp"

#include "actors/context.hpp"
#include "protocol/video.hpp"

#include <utility>

namespace carillon::actors {

result<std::optional<call_record>> find_call(const call_id& id, record_store& store) {
  for (auto kind : {call_kind::direct, call_kind::session, call_kind::video}) {
    auto found = store.load_call(kind, kind == call_kind::video ? video_call_id(id.str()) : id);
    if (!found || *found)
      return found;
  }
  return std::optional<call_record>{};
}

result<reply_value> load(const query::messages& what, record_store& store, const context&) {
  auto channel = store.load_channel(what.call);
  if (!channel)
    return channel.error();
  if (!*channel)
    return failure{error_code::channel_not_found, what.call};
  if (!(*channel)->has(what.user))
    return failure{error_code::not_authorized, what.call};
  auto page = store.messages(what);
  if (!page)
    return page.error();
  return reply_value{std::move(*page)};
}

result<reply_value> load(const query::quality& what, record_store& store, const context& house) {
  auto record = find_call(what.call, store);
  if (!record)
    return record.error();
  if (!*record)
    return failure{error_code::call_not_found, what.call};
  if (!what.as_admin && !(*record)->has(what.user))
    return failure{error_code::not_authorized, what.call};
  auto quality = store.quality((*record)->id);
  if (!quality)
    return quality.error();
  auto users = resolve_users(store, house.users, (*record)->users());
  if (!users)
    return users.error();
  return reply_value{quality_details{what.call, users_of(**record, *users), std::move(*quality)}};
}

result<reply_value> load(const query::backlog&, record_store& store, const context&) {
  auto found = store.backlog();
  if (!found)
    return found.error();
  return reply_value{std::move(*found)};
}

} // namespace carillon::actors
