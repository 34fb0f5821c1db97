#include "actors/pages.hpp"

#include "actors/context.hpp"
#include "actors/directory.hpp"
#include "actors/user_book.hpp"

namespace carillon::actors {

result<user_map> resolve_users(record_store& store, user_book& book,
                               const std::vector<user_id>& ids) {
  user_map found;
  std::vector<user_id> missing;
  for (const auto& id : ids)
    if (!found.contains(id)) {
      if (auto known = book.find(id))
        found.emplace(id, std::move(known));
      else
        missing.push_back(id);
    }
  if (missing.empty())
    return found;
  auto loaded = store.load_users(missing);
  if (!loaded)
    return loaded.error();
  for (auto& user : *loaded) {
    auto shared = book.keep_read(std::make_shared<const user_record>(std::move(user)));
    found.emplace(shared->id, shared);
  }
  return found;
}

user_ptr claims_only(const identity& who, time_point now) {
  return merge_claims(nullptr, who.user, who.claims, now);
}

call_view view_of(const call_record& record, const std::vector<user_ptr>& users, directory& lines) {
  call_view view{record, {}};
  view.users.reserve(users.size());
  for (const auto& user : users)
    view.users.push_back({user, lines.online(user->id)});
  return view;
}

call_view view_of(const call_record& record, const user_map& users, directory& lines) {
  return view_of(record, users_of(record, users), lines);
}

std::vector<user_ptr> users_of(const call_record& record, const user_map& users) {
  std::vector<user_ptr> all;
  for (auto& id : record.users()) {
    if (auto i = users.find(id); i != users.end()) {
      all.push_back(i->second);
      continue;
    }
    user_record gone;
    gone.id = std::move(id);
    all.push_back(std::make_shared<const user_record>(std::move(gone)));
  }
  return all;
}

namespace {

result<reply_value> page_of(const result<record_page>& records, record_store& store,
                            const context& house) {
  if (!records)
    return records.error();
  std::vector<user_id> ids;
  for (const auto& record : records->calls)
    for (auto& id : record.users())
      ids.push_back(std::move(id));
  auto users = resolve_users(store, house.users, ids);
  if (!users)
    return users.error();
  call_page page;
  page.has_more = records->has_more;
  page.total = records->total;
  page.calls.reserve(records->calls.size());
  for (const auto& record : records->calls)
    page.calls.push_back(view_of(record, *users, house.lines));
  return reply_value{std::move(page)};
}

} // namespace

result<reply_value> load(const query::history& what, record_store& store, const context& house) {
  return page_of(store.history(what), store, house);
}

result<reply_value> load(const query::sessions& what, record_store& store, const context& house) {
  return page_of(store.sessions(what), store, house);
}

result<reply_value> load(const query::details& what, record_store& store, const context& house) {
  auto record = store.load_call(call_kind::session, what.call);
  if (!record)
    return record.error();
  if (!*record)
    return failure{error_code::call_not_found, what.call};
  if (!what.as_admin && !(*record)->has(what.user))
    return failure{error_code::not_invited, what.call};
  auto quality = store.quality(what.call);
  if (!quality)
    return quality.error();
  auto users = resolve_users(store, house.users, (*record)->users());
  if (!users)
    return users.error();
  return reply_value{session_details{view_of(**record, *users, house.lines), std::move(*quality)}};
}

result<reply_value> load(const query::usage& what, record_store& store, const context& house) {
  auto now = house.time.now();
  auto found = store.usage(what.user, now - std::chrono::days{what.days}, now);
  if (!found)
    return found.error();
  return reply_value{*found};
}

} // namespace carillon::actors
