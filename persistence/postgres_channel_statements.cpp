#include "persistence/postgres_channel_statements.hpp"

#include "persistence/postgres_spelling.hpp"

namespace carillon::persistence::postgres_sql {

const postgres_statement& put_channels() {
  static const postgres_statement statement{
      "put_channels",
      "INSERT INTO channels AS c (call_id, created_by, call_type, members, created_at, closed_at)"
      " SELECT r.call_id, r.created_by, r.call_type, r.members, "
          + as_time("r.created_at") + ", " + as_time("r.closed_at") + " FROM "
          + rows_of_arrays({{"call_id", "text"},
                            {"created_by", "text"},
                            {"call_type", "text"},
                            {"members", "text"},
                            {"created_at", "bigint"},
                            {"closed_at", "bigint"}})
          + " ON CONFLICT (call_id) DO UPDATE SET closed_at = excluded.closed_at"
            " WHERE c.closed_at IS NULL AND excluded.closed_at IS NOT NULL RETURNING c.call_id"};
  return statement;
}

const postgres_statement& put_messages() {
  static const postgres_statement statement{
      "put_messages",
      "INSERT INTO channel_messages AS m (call_id, seq, id, user_id, body, attachments, created_at)"
      " SELECT r.call_id, r.seq, r.id, r.user_id, r.body, r.attachments, "
          + as_time("r.created_at") + " FROM "
          + rows_of_arrays({{"call_id", "text"},
                            {"seq", "bigint"},
                            {"id", "text"},
                            {"user_id", "text"},
                            {"body", "text"},
                            {"attachments", "text"},
                            {"created_at", "bigint"}})
          + " ON CONFLICT DO NOTHING RETURNING m.call_id, m.id"};
  return statement;
}

const postgres_statement& put_entries() {
  static const postgres_statement statement{
      "put_entries", "INSERT INTO stream_outbox AS o (position, lane, kind, path, body, created_at)"
                     " SELECT r.position, r.lane, r.kind, r.path, r.body, "
                         + as_time("r.created_at") + " FROM "
                         + rows_of_arrays({{"position", "bigint"},
                                           {"lane", "text"},
                                           {"kind", "text"},
                                           {"path", "text"},
                                           {"body", "text"},
                                           {"created_at", "bigint"}})
                         + " ON CONFLICT DO NOTHING RETURNING o.position"};
  return statement;
}

const postgres_statement& put_results() {
  static const postgres_statement statement{
      "put_results",
      "WITH told AS (SELECT r.position, r.dead, " + as_time("r.at")
          + " AS at, r.attempts, r.error FROM "
          + rows_of_arrays({{"position", "bigint"},
                            {"dead", "boolean"},
                            {"at", "bigint"},
                            {"attempts", "bigint"},
                            {"error", "text"}})
          + "), gone AS (DELETE FROM stream_outbox AS o USING told AS t"
            " WHERE o.position = t.position AND NOT t.dead RETURNING o.position),"
            " buried AS (UPDATE stream_outbox AS o SET failed_at = t.at, attempts = t.attempts,"
            " error = t.error FROM told AS t WHERE o.position = t.position AND t.dead"
            " RETURNING o.position)"
            " SELECT position FROM gone UNION ALL SELECT position FROM buried"};
  return statement;
}

const postgres_statement& load_channel() {
  static const postgres_statement statement{"load_channel",
                                            "SELECT " + channel_columns(as_ms)
                                                + " FROM channels WHERE call_id = $1::text"};
  return statement;
}

const postgres_statement& last_seq() {
  static const postgres_statement statement{
      "last_seq", "SELECT seq FROM channel_messages WHERE call_id = $1::text"
                  " ORDER BY seq DESC LIMIT 1"};
  return statement;
}

const postgres_statement& find_message() {
  static const postgres_statement statement{
      "find_message", "SELECT " + message_columns(as_ms)
                          + " FROM channel_messages WHERE call_id = $1::text AND id = $2::text"};
  return statement;
}

const postgres_statement& messages(page_from from) {
  static const postgres_statement newest{"messages",
                                         page_query(page_from::newest, as_ms, parameter)};
  static const postgres_statement older{"messages_before",
                                        page_query(page_from::before, as_ms, parameter)};
  static const postgres_statement newer{"messages_after",
                                        page_query(page_from::after, as_ms, parameter)};
  if (from == page_from::newest)
    return newest;
  return from == page_from::before ? older : newer;
}

const postgres_statement& outbox() {
  static const postgres_statement statement{
      "outbox", "SELECT " + entry_columns(as_ms)
                    + " FROM stream_outbox WHERE failed_at IS NULL AND position > $1::bigint"
                      " ORDER BY position LIMIT $2::bigint"};
  return statement;
}

const postgres_statement& backlog() {
  static const postgres_statement statement{"outbox_backlog", "SELECT " + backlog_columns()};
  return statement;
}

const postgres_statement& erase_channels() {
  // The newest message is the one with the highest place. Each look-up is a scalar: nothing to
  // join.
  static const postgres_statement statement{
      "erase_channels",
      "DELETE FROM channels WHERE ctid = ANY (ARRAY(SELECT c.ctid FROM channels AS c"
      " WHERE c.created_at < "
          + as_time("$1::bigint") + " AND (c.closed_at < " + as_time("$1::bigint")
          + " OR coalesce((SELECT m.created_at FROM channel_messages AS m"
            " WHERE m.call_id = c.call_id ORDER BY m.seq DESC LIMIT 1), c.created_at) < "
          + as_time("$1::bigint")
          + ") AND (SELECT d.id FROM direct_calls AS d WHERE d.id = c.call_id) IS NULL"
            " AND (SELECT s.id FROM sessions AS s WHERE s.id = c.call_id) IS NULL"
            " AND (SELECT v.id FROM video_calls AS v WHERE v.call_id = c.call_id) IS NULL"
            " ORDER BY c.created_at LIMIT $2::bigint FOR UPDATE SKIP LOCKED))"};
  return statement;
}

const postgres_statement& erase_dead_letters() {
  static const postgres_statement statement{
      "erase_dead_letters",
      "DELETE FROM stream_outbox WHERE position = ANY (ARRAY(SELECT position FROM stream_outbox"
      " WHERE failed_at IS NOT NULL AND failed_at < "
          + as_time("$1::bigint")
          + " ORDER BY failed_at LIMIT $2::bigint FOR UPDATE SKIP LOCKED))"};
  return statement;
}

} // namespace carillon::persistence::postgres_sql
