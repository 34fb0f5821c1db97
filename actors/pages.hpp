#pragma once

#include "actors/fwd.hpp"
#include "protocol/command_sink.hpp"
#include "protocol/record_store.hpp"

#include <optional>
#include <unordered_map>
#include <vector>

/// What reads make of stored records. Everything here runs on a reader's thread and may block on
/// `store`.
namespace carillon::actors {

using user_map = std::unordered_map<user_id, user_ptr>;

/// The users among `ids` that exist, from the book where it has them; the others are put into it.
[[nodiscard]] result<user_map> resolve_users(record_store& store, user_book& book,
                                             const std::vector<user_id>& ids);

/// A user of whom nothing but a token is known, while the store cannot be asked.
[[nodiscard]] user_ptr claims_only(const identity& who, time_point now);

/// A call with its users, who are in the order of `record.users()`.
[[nodiscard]] call_view view_of(const call_record& record, const std::vector<user_ptr>& users,
                                directory& lines);

/// The same; a user whose row is gone is shown by its id.
[[nodiscard]] call_view view_of(const call_record& record, const user_map& users, directory& lines);

/// Those of `record.users()`, in their order; a user whose row is gone has only its id.
[[nodiscard]] std::vector<user_ptr> users_of(const call_record& record, const user_map& users);

/// What queries answer with; calls with their users' names and who is online now. One session's
/// details: `not_invited` for those whom it does not concern.
[[nodiscard]] result<reply_value> load(const query::history& what, record_store& store,
                                       const context& house);
[[nodiscard]] result<reply_value> load(const query::sessions& what, record_store& store,
                                       const context& house);
[[nodiscard]] result<reply_value> load(const query::details& what, record_store& store,
                                       const context& house);
[[nodiscard]] result<reply_value> load(const query::usage& what, record_store& store,
                                       const context& house);

/// The same of video calls. Their views are without users: all answers of the family name people by
/// their ids. `call_not_found` for those to whom a call is nothing.
[[nodiscard]] result<reply_value> load(const query::video_history& what, record_store& store,
                                       const context& house);
[[nodiscard]] result<reply_value> load(const query::video_active& what, record_store& store,
                                       const context& house);
[[nodiscard]] result<reply_value> load(const query::video_call& what, record_store& store,
                                       const context& house);
[[nodiscard]] result<reply_value> load(const query::video_invitations& what, record_store& store,
                                       const context& house);
[[nodiscard]] result<reply_value> load(const query::video_recordings& what, record_store& store,
                                       const context& house);
[[nodiscard]] result<reply_value> load(const query::video_stats& what, record_store& store,
                                       const context& house);

/// Chat, for the channel's members; the quality of a call of any kind, for those whom it concerns and
/// admins; what waits for Stream.
[[nodiscard]] result<reply_value> load(const query::messages& what, record_store& store,
                                       const context& house);
[[nodiscard]] result<reply_value> load(const query::quality& what, record_store& store,
                                       const context& house);
[[nodiscard]] result<reply_value> load(const query::backlog& what, record_store& store,
                                       const context& house);

/// The call that clients know by `id`, of whatever kind, live or over.
[[nodiscard]] result<std::optional<call_record>> find_call(const call_id& id, record_store& store);

} // namespace carillon::actors
