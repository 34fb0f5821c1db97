#pragma once

#include "actors/fwd.hpp"
#include "protocol/command_sink.hpp"
#include "protocol/record_store.hpp"

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

[[nodiscard]] call_view view_of(const call_record& record, const user_ptr& caller,
                                const user_ptr& receiver, directory& lines);

/// The same; a user whose row is gone is shown by its id.
[[nodiscard]] call_view view_of(const call_record& record, const user_map& users, directory& lines);

/// One page of history with the users' names and who is online now.
[[nodiscard]] result<call_page> load_page(record_store& store, user_book& book, directory& lines,
                                          const query::history& what);

} // namespace carillon::actors
