#pragma once

#include "persistence/sqlite_session.hpp"
#include "protocol/record_store.hpp"

#include <optional>
#include <vector>

/// Channels, messages and the outbox in SQLite; inside a transaction or a read of the store.
namespace carillon::persistence::sqlite_tables {

bool put_channel(sqlite_session& db, const channel_record& what);
bool put_message(sqlite_session& db, const chat_message& what);
bool put_entry(sqlite_session& db, const outbox_entry& what);
bool put_result(sqlite_session& db, const outbox_result& what);

[[nodiscard]] std::optional<channel_record> load_channel(sqlite_session& db, const call_id& call);
[[nodiscard]] std::uint64_t last_seq(sqlite_session& db, const call_id& call);
[[nodiscard]] std::optional<chat_message> find_message(sqlite_session& db, const call_id& call,
                                                       const std::string& id);
/// The messages of `what`; nothing when `before` or `after` names none.
[[nodiscard]] std::optional<message_page> messages(sqlite_session& db, const query::messages& what);
[[nodiscard]] std::vector<outbox_entry> outbox(sqlite_session& db, std::uint64_t after,
                                               std::size_t limit);
[[nodiscard]] outbox_backlog backlog(sqlite_session& db);

/// Deletes up to `limit` channels that no call has and that nobody used since `before`, or dead
/// letters that failed before; how many.
std::size_t erase_channels(sqlite_session& db, time_point before, std::size_t limit);
std::size_t erase_dead_letters(sqlite_session& db, time_point before, std::size_t limit);

} // namespace carillon::persistence::sqlite_tables
