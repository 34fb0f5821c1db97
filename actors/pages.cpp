#include "actors/pages.hpp"

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
    auto shared = std::make_shared<const user_record>(std::move(user));
    book.keep(shared);
    found.emplace(shared->id, shared);
  }
  return found;
}

user_ptr claims_only(const identity& who, time_point now) {
  return merge_claims(nullptr, who.user, who.claims, now);
}

call_view view_of(const call_record& record, const user_ptr& caller, const user_ptr& receiver,
                  directory& lines) {
  return {record, {caller, lines.online(record.caller)}, {receiver, lines.online(record.receiver)}};
}

call_view view_of(const call_record& record, const user_map& users, directory& lines) {
  auto find = [&](const user_id& id) {
    auto i = users.find(id);
    if (i != users.end())
      return i->second;
    user_record gone;
    gone.id = id;
    return std::make_shared<const user_record>(std::move(gone));
  };
  return view_of(record, find(record.caller), find(record.receiver), lines);
}

result<call_page> load_page(record_store& store, user_book& book, directory& lines,
                            const query::history& what) {
  auto records = store.history(what);
  if (!records)
    return records.error();
  std::vector<user_id> ids;
  for (const auto& record : records->calls) {
    ids.push_back(record.caller);
    ids.push_back(record.receiver);
  }
  auto users = resolve_users(store, book, ids);
  if (!users)
    return users.error();
  call_page page;
  page.has_more = records->has_more;
  page.calls.reserve(records->calls.size());
  for (const auto& record : records->calls)
    page.calls.push_back(view_of(record, *users, lines));
  return page;
}

} // namespace carillon::actors
