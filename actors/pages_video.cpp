#include "actors/pages.hpp"

#include <utility>

namespace carillon::actors {

namespace {

/// The call, if it is anything to who asks: its creator, its members, whoever joined it ever,
/// anybody if it is open, admins.
template <class Query>
result<call_record> seen_by(const Query& what, record_store& store) {
  auto found = store.load_call(call_kind::video, what.call);
  if (!found)
    return found.error();
  if (!*found || !(what.as_admin || (*found)->has(what.user) || (*found)->video().facts->open()))
    return failure{error_code::call_not_found, what.call};
  return std::move(**found);
}

template <class Value>
result<reply_value> as_reply(result<Value> found) {
  if (!found)
    return found.error();
  return reply_value{std::move(*found)};
}

result<reply_value> as_page(result<video_record_page> found) {
  if (!found)
    return found.error();
  return reply_value{video_page{std::move(*found)}};
}

} // namespace

result<reply_value> load(const query::video_history& what, record_store& store, const context&) {
  return as_page(store.video_history(what));
}

result<reply_value> load(const query::video_active& what, record_store& store, const context&) {
  return as_page(store.active_video_calls(what.user));
}

result<reply_value> load(const query::video_call& what, record_store& store, const context&) {
  auto found = seen_by(what, store);
  if (!found)
    return found.error();
  return reply_value{call_view{std::move(*found), {}}};
}

result<reply_value> load(const query::video_invitations& what, record_store& store,
                         const context&) {
  return as_reply(store.video_invitations(what));
}

result<reply_value> load(const query::video_recordings& what, record_store& store, const context&) {
  auto of = seen_by(what, store);
  if (!of)
    return of.error();
  auto found = store.recordings(what.call);
  if (!found)
    return found.error();
  return reply_value{video_recordings{of->video().facts->call_id, std::move(*found)}};
}

result<reply_value> load(const query::video_stats& what, record_store& store, const context&) {
  return as_reply(store.stats_of_video(what.user));
}

} // namespace carillon::actors
