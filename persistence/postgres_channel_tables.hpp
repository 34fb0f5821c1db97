#pragma once

#include "persistence/postgres_session.hpp"
#include "protocol/record_store.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Channels, messages and the outbox in PostgreSQL. Each function works inside the caller's
/// transaction, where it writes, and throws `store_error`.
namespace carillon::persistence::postgres_tables {

/// One multi-row statement each for the ops that `which` names, no row twice; the keys of the rows
/// that changed: call id; call id and message id; position; position.
[[nodiscard]] postgres_rows put_channels(postgres_access& db, std::span<const write_op> ops,
                                         const std::vector<std::size_t>& which);
[[nodiscard]] postgres_rows put_messages(postgres_access& db, std::span<const write_op> ops,
                                         const std::vector<std::size_t>& which);
[[nodiscard]] postgres_rows put_entries(postgres_access& db, std::span<const write_op> ops,
                                        const std::vector<std::size_t>& which);
[[nodiscard]] postgres_rows put_results(postgres_access& db, std::span<const write_op> ops,
                                        const std::vector<std::size_t>& which);

[[nodiscard]] std::optional<channel_record> load_channel(postgres_access& db, const call_id& call);
[[nodiscard]] std::uint64_t last_seq(postgres_access& db, const call_id& call);
[[nodiscard]] std::optional<chat_message> find_message(postgres_access& db, const call_id& call,
                                                       const std::string& id);
/// The messages of `what`; nothing when `before` or `after` names none.
[[nodiscard]] std::optional<message_page> messages(postgres_access& db,
                                                   const query::messages& what);
[[nodiscard]] std::vector<outbox_entry> outbox(postgres_access& db, std::uint64_t after,
                                               std::size_t limit);
[[nodiscard]] outbox_backlog backlog(postgres_access& db);

/// Deletes up to `limit` channels that no call has and that nobody used since `before`, or dead
/// letters that failed before; how many.
std::size_t erase_channels(postgres_access& db, time_point before, std::size_t limit);
std::size_t erase_dead_letters(postgres_access& db, time_point before, std::size_t limit);

} // namespace carillon::persistence::postgres_tables
