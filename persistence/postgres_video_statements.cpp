#include "persistence/postgres_video_statements.hpp"

#include "persistence/postgres_spelling.hpp"

#include <initializer_list>

namespace carillon::persistence::postgres_sql {

namespace {

// `a = excluded.a, b = excluded.b`.
std::string take_over(std::initializer_list<const char*> columns) {
  std::string sql;
  for (const std::string column : columns)
    sql += (sql.empty() ? "" : ", ") + column + " = excluded." + column;
  return sql;
}

std::string times_of(std::initializer_list<const char*> columns) {
  std::string sql;
  for (const char* column : columns)
    sql += ", " + as_time(std::string{"r."} + column);
  return sql;
}

} // namespace

const postgres_statement& put_missing_users() {
  static const postgres_statement statement{
      "put_missing_users",
      "INSERT INTO users (id, name, email, image, role, claim_name, claim_email, claim_image,"
      " claim_role, created_at, updated_at)"
      " SELECT r.id, '', '', '', '', '', '', '', '', "
          + as_time("r.at") + ", " + as_time("r.at") + " FROM "
          + rows_of_arrays({{"id", "text"}, {"at", "bigint"}})
          + " WHERE NOT EXISTS (SELECT FROM users AS u WHERE u.id = r.id) ON CONFLICT DO NOTHING"};
  return statement;
}

const postgres_statement& put_video_calls() {
  // Whether a call is awake is told by this record only in part: it may not name those who are in.
  static const postgres_statement statement{
      "put_video_calls",
      "INSERT INTO video_calls AS c (id, call_id, call_type, created_by, call_name, status,"
      " duration_seconds, event_id, max_participants, recording_enabled, screensharing_enabled,"
      " settings, members, reason, ended_by, version, awake, started_at, ended_at, created_at,"
      " updated_at, invited_until, join_deadline, invitations_deadline)"
      " SELECT r.id, r.call_id, r.call_type, r.created_by, nullif(r.call_name, ''), r.status,"
      " nullif(r.duration_seconds, -1), nullif(r.event_id, ''), r.max_participants,"
      " r.recording_enabled, r.screensharing_enabled, r.settings, r.members, r.reason, r.ended_by,"
      " r.version, r.awake"
          + times_of({"started_at", "ended_at", "created_at", "updated_at", "invited_until",
                      "join_deadline", "invitations_deadline"})
          + " FROM "
          + rows_of_arrays({{"id", "uuid"},
                            {"call_id", "text"},
                            {"call_type", "text"},
                            {"created_by", "text"},
                            {"call_name", "text"},
                            {"status", "text"},
                            {"duration_seconds", "bigint"},
                            {"event_id", "text"},
                            {"max_participants", "bigint"},
                            {"recording_enabled", "boolean"},
                            {"screensharing_enabled", "boolean"},
                            {"settings", "text"},
                            {"members", "text"},
                            {"reason", "text"},
                            {"ended_by", "text"},
                            {"version", "bigint"},
                            {"awake", "boolean"},
                            {"started_at", "bigint"},
                            {"ended_at", "bigint"},
                            {"created_at", "bigint"},
                            {"updated_at", "bigint"},
                            {"invited_until", "bigint"},
                            {"join_deadline", "bigint"},
                            {"invitations_deadline", "bigint"}})
          + " ON CONFLICT (id) DO UPDATE SET "
          + take_over({"status", "duration_seconds", "reason", "ended_by", "version", "started_at",
                       "ended_at", "updated_at", "invited_until", "join_deadline",
                       "invitations_deadline"})
          + ", awake = excluded.awake OR (excluded.ended_at IS NULL AND EXISTS (SELECT"
            " FROM video_call_participants AS p WHERE p.call_id = c.id AND p.left_at IS NULL))"
            " WHERE excluded.version > c.version RETURNING c.id"};
  return statement;
}

const postgres_statement& put_video_people() {
  // A conflict locks the row that is there, newer or not: those that did not change are left out
  // before.
  static const postgres_statement statement{
      "put_video_people",
      "INSERT INTO video_call_participants AS p (id, call_id, user_id, role, duration_seconds,"
      " position, present_ms, device_id, dropped, version, joined_at, left_at, created_at,"
      " updated_at, entered_at, lease_until)"
      " SELECT r.id, r.call_id, r.user_id, r.role, nullif(r.duration_seconds, -1), r.position,"
      " r.present_ms, r.device_id, r.dropped, r.version"
          + times_of(
              {"joined_at", "left_at", "created_at", "updated_at", "entered_at", "lease_until"})
          + " FROM "
          + rows_of_arrays({{"id", "uuid"},
                            {"call_id", "uuid"},
                            {"user_id", "text"},
                            {"role", "text"},
                            {"duration_seconds", "bigint"},
                            {"position", "bigint"},
                            {"present_ms", "bigint"},
                            {"device_id", "text"},
                            {"dropped", "boolean"},
                            {"version", "bigint"},
                            {"joined_at", "bigint"},
                            {"left_at", "bigint"},
                            {"created_at", "bigint"},
                            {"updated_at", "bigint"},
                            {"entered_at", "bigint"},
                            {"lease_until", "bigint"}})
          + " LEFT JOIN LATERAL (SELECT version FROM video_call_participants"
            " WHERE call_id = r.call_id AND user_id = r.user_id LIMIT 1) AS known ON true"
            " WHERE known.version IS NULL OR known.version < r.version"
            " ON CONFLICT (call_id, user_id) DO UPDATE SET "
          + take_over({"role", "duration_seconds", "present_ms", "device_id", "dropped", "version",
                       "left_at", "updated_at", "entered_at", "lease_until"})
          + ", joined_at = coalesce(p.joined_at, excluded.joined_at)"
            " WHERE excluded.version > p.version"};
  return statement;
}

const postgres_statement& put_video_invitations() {
  static const postgres_statement statement{
      "put_video_invitations",
      "INSERT INTO video_call_invitations AS i (id, call_id, invited_by, invited_user_id, status,"
      " version, invited_at, responded_at, expires_at, created_at, updated_at)"
      " SELECT r.id, r.call_id, r.invited_by, r.invited_user_id, r.status, r.version"
          + times_of({"invited_at", "responded_at", "expires_at", "created_at", "updated_at"})
          + " FROM "
          + rows_of_arrays({{"id", "uuid"},
                            {"call_id", "uuid"},
                            {"invited_by", "text"},
                            {"invited_user_id", "text"},
                            {"status", "text"},
                            {"version", "bigint"},
                            {"invited_at", "bigint"},
                            {"responded_at", "bigint"},
                            {"expires_at", "bigint"},
                            {"created_at", "bigint"},
                            {"updated_at", "bigint"}})
          + " LEFT JOIN LATERAL (SELECT version, status, responded_at FROM video_call_invitations"
            " WHERE call_id = r.call_id AND invited_user_id = r.invited_user_id LIMIT 1)"
            " AS known ON true WHERE known.version IS NULL OR (known.version < r.version"
            " AND (known.status, known.responded_at) IS DISTINCT FROM (r.status, "
          + as_time("r.responded_at") + "))"
          + " ON CONFLICT (call_id, invited_user_id) DO UPDATE SET "
          + take_over({"status", "version", "responded_at", "expires_at", "updated_at"})
          + " WHERE excluded.version > i.version"};
  return statement;
}

const postgres_statement& put_tokens() {
  static const postgres_statement statement{
      "put_tokens",
      "INSERT INTO stream_video_users AS t (id, user_id, stream_video_token, token_expires_at,"
      " created_at, updated_at) SELECT r.id, r.user_id, r.sealed"
          + times_of({"expires_at", "updated_at", "updated_at"}) + " FROM "
          + rows_of_arrays({{"id", "uuid"},
                            {"user_id", "text"},
                            {"sealed", "text"},
                            {"expires_at", "bigint"},
                            {"updated_at", "bigint"}})
          + " ON CONFLICT (user_id) DO UPDATE SET "
          + take_over({"stream_video_token", "token_expires_at", "updated_at"})
          + " WHERE t.token_expires_at IS NULL OR excluded.token_expires_at >= t.token_expires_at"
            " RETURNING t.user_id"};
  return statement;
}

const postgres_statement& lock_video_call() {
  static const postgres_statement statement{
      "lock_video_call", "SELECT id FROM video_calls WHERE id = $1::uuid FOR NO KEY UPDATE"};
  return statement;
}

const postgres_statement& put_webhook() {
  static const postgres_statement statement{
      "put_webhook", "INSERT INTO stream_webhooks (id, received_at) VALUES ($1::text, "
                         + as_time("$2::bigint") + ") ON CONFLICT DO NOTHING"};
  return statement;
}

const postgres_statement& drop_webhooks() {
  static const postgres_statement statement{
      "drop_webhooks", "DELETE FROM stream_webhooks WHERE received_at < " + as_time("$1::bigint")};
  return statement;
}

const postgres_statement& rename_recording() {
  static const postgres_statement statement{
      "rename_recording", "UPDATE video_call_recordings SET stream_recording_id = $3::text,"
                          " id = $4::uuid WHERE call_id = $1::uuid AND stream_recording_id ="
                          " $2::text"};
  return statement;
}

const postgres_statement& update_recording() {
  static const postgres_statement statement{
      "update_recording",
      "UPDATE video_call_recordings SET status = $3::text,"
      " recording_url = coalesce(nullif($4::text, ''), recording_url),"
      " file_size_bytes = coalesce(nullif($5::text, '')::bigint, file_size_bytes),"
      " duration_seconds = coalesce(nullif($6::text, '')::integer, duration_seconds),"
      " updated_at = "
          + as_time("$7::bigint") + " WHERE call_id = $1::uuid AND stream_recording_id = $2::text"};
  return statement;
}

const postgres_statement& insert_recording() {
  static const postgres_statement statement{
      "insert_recording",
      "INSERT INTO video_call_recordings (call_id, stream_recording_id, status, recording_url,"
      " file_size_bytes, duration_seconds, updated_at, id, created_at) VALUES ($1::uuid, $2::text,"
      " $3::text, nullif($4::text, ''), nullif($5::text, '')::bigint,"
      " nullif($6::text, '')::integer, "
          + as_time("$7::bigint") + ", $8::uuid, " + as_time("$9::bigint")
          + ") ON CONFLICT DO NOTHING"};
  return statement;
}

const postgres_statement& erase_video_calls() {
  static const postgres_statement statement{
      "erase_video_calls",
      "DELETE FROM video_calls WHERE ctid = ANY (ARRAY(SELECT ctid FROM video_calls"
      " WHERE ended_at IS NOT NULL AND created_at < "
          + as_time("$1::bigint")
          + " ORDER BY created_at LIMIT $2::bigint FOR UPDATE SKIP LOCKED))"};
  return statement;
}

} // namespace carillon::persistence::postgres_sql
