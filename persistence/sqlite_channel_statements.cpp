#include "persistence/sqlite_channel_statements.hpp"

namespace carillon::persistence::sqlite_sql {

namespace {

std::string as_it_is(std::string_view column) { return std::string{column}; }

std::string parameter(int number, std::string_view) { return "?" + std::to_string(number); }

} // namespace

const std::string& put_channel() {
  static const std::string sql =
      "INSERT INTO channels (call_id, created_by, call_type, members, created_at, closed_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (call_id) DO UPDATE"
      " SET closed_at = excluded.closed_at"
      " WHERE channels.closed_at IS NULL AND excluded.closed_at IS NOT NULL";
  return sql;
}

const std::string& put_message() {
  static const std::string sql =
      "INSERT INTO channel_messages (call_id, seq, id, user_id, body, attachments, created_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
  return sql;
}

const std::string& put_entry() {
  static const std::string sql =
      "INSERT INTO stream_outbox (position, lane, kind, path, body, created_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
  return sql;
}

const std::string& drop_entry() {
  static const std::string sql = "DELETE FROM stream_outbox WHERE position = ?1";
  return sql;
}

const std::string& bury_entry() {
  static const std::string sql =
      "UPDATE stream_outbox SET failed_at = ?2, attempts = ?3, error = ?4 WHERE position = ?1";
  return sql;
}

const std::string& load_channel() {
  static const std::string sql =
      "SELECT " + channel_columns(as_it_is) + " FROM channels WHERE call_id = ?1";
  return sql;
}

const std::string& last_seq() {
  static const std::string sql =
      "SELECT seq FROM channel_messages WHERE call_id = ?1 ORDER BY seq DESC LIMIT 1";
  return sql;
}

const std::string& find_message() {
  static const std::string sql = "SELECT " + message_columns(as_it_is)
                                 + " FROM channel_messages WHERE call_id = ?1 AND id = ?2";
  return sql;
}

const std::string& messages(page_from from) {
  static const auto newest = page_query(page_from::newest, as_it_is, parameter);
  static const auto older = page_query(page_from::before, as_it_is, parameter);
  static const auto newer = page_query(page_from::after, as_it_is, parameter);
  if (from == page_from::newest)
    return newest;
  return from == page_from::before ? older : newer;
}

const std::string& outbox() {
  static const std::string sql =
      "SELECT " + entry_columns(as_it_is)
      + " FROM stream_outbox INDEXED BY stream_outbox_queued"
        " WHERE failed_at IS NULL AND position > ?1 ORDER BY position LIMIT ?2";
  return sql;
}

const std::string& backlog() {
  static const std::string sql = "SELECT " + backlog_columns();
  return sql;
}

const std::string& erase_channels() {
  // The newest message is the one with the highest place.
  static const std::string sql =
      "DELETE FROM channels WHERE call_id IN (SELECT c.call_id"
      " FROM channels AS c INDEXED BY channels_by_age WHERE c.created_at < ?1"
      " AND (c.closed_at < ?1 OR coalesce((SELECT m.created_at FROM channel_messages AS m"
      " WHERE m.call_id = c.call_id ORDER BY m.seq DESC LIMIT 1), c.created_at) < ?1)"
      " AND NOT EXISTS (SELECT 1 FROM direct_calls AS d WHERE d.id = c.call_id)"
      " AND NOT EXISTS (SELECT 1 FROM sessions AS s WHERE s.id = c.call_id)"
      " AND NOT EXISTS (SELECT 1 FROM video_calls AS v WHERE v.call_id = c.call_id)"
      " ORDER BY c.created_at LIMIT ?2)";
  return sql;
}

const std::string& erase_dead_letters() {
  static const std::string sql =
      "DELETE FROM stream_outbox WHERE position IN (SELECT position"
      " FROM stream_outbox INDEXED BY stream_outbox_dead"
      " WHERE failed_at IS NOT NULL AND failed_at < ?1 ORDER BY failed_at LIMIT ?2)";
  return sql;
}

} // namespace carillon::persistence::sqlite_sql
