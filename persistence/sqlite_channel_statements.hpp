#pragma once

#include "persistence/channel_rows.hpp"

#include <string>

/// The SQL of the SQLite store for channels, messages and the outbox; tests ask SQLite how it runs
/// it. Times are milliseconds since the epoch.
namespace carillon::persistence::sqlite_sql {

/// `?1` … the six columns of a channel. Changes nothing unless it is new, or closed now.
[[nodiscard]] const std::string& put_channel();

/// `?1` … the seven columns of a message. Changes nothing if the channel has its id or its place.
[[nodiscard]] const std::string& put_message();

/// `?1` … the six columns of an entry. Changes nothing if its position is taken.
[[nodiscard]] const std::string& put_entry();

[[nodiscard]] const std::string& drop_entry(); ///< `?1` position
[[nodiscard]] const std::string& bury_entry(); ///< `?1` position, `?2` time, `?3` tries, `?4` why

[[nodiscard]] const std::string& load_channel(); ///< `?1` call
[[nodiscard]] const std::string& last_seq();     ///< `?1` call; no row when it has no message
[[nodiscard]] const std::string& find_message(); ///< `?1` call, `?2` id

/// See `page_query`.
[[nodiscard]] const std::string& messages(page_from from);

[[nodiscard]] const std::string& outbox(); ///< `?1` beyond, `?2` limit
[[nodiscard]] const std::string& backlog();

/// `?1` before (ms), `?2` limit.
[[nodiscard]] const std::string& erase_channels();
[[nodiscard]] const std::string& erase_dead_letters();

} // namespace carillon::persistence::sqlite_sql
