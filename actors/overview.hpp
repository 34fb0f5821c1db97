#pragma once

#include "actors/fwd.hpp"
#include "protocol/command_sink.hpp"
#include "protocol/record_store.hpp"

#include <optional>

/// Answers to what operators and callers look at. The first four need no store; the others run on a
/// reader's thread.
namespace carillon::actors {

/// All of them, if they are in the book; else nothing: the store has to be asked.
[[nodiscard]] std::optional<people_list> known_people(const query::people& what,
                                                      const context& house);
/// Those of them that are in the book.
[[nodiscard]] people_list people_by_book(const query::people& what, const context& house);
[[nodiscard]] card_list board_of(const query::calls& what, const context& house);
/// A past call whose timeline is still in memory, or null.
[[nodiscard]] timeline_ptr remembered(const query::timeline_of& what, const context& house);

[[nodiscard]] result<reply_value> load(const query::people& what, record_store& store,
                                       const context& house);
/// Only with a user.
[[nodiscard]] result<reply_value> load(const query::calls& what, record_store& store,
                                       const context& house);
/// `call_not_found` where no timeline was kept.
[[nodiscard]] result<reply_value> load(const query::timeline_of& what, record_store& store,
                                       const context& house);
[[nodiscard]] result<reply_value> load(const query::readiness& what, record_store& store,
                                       const context& house);

} // namespace carillon::actors
