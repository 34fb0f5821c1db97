#include "persistence/sqlite_video_statements.hpp"

#include "persistence/recording_change.hpp"
#include "persistence/video_lists.hpp"
#include "persistence/video_rows.hpp"

namespace carillon::persistence::sqlite_sql {

namespace {

std::string as_it_is(std::string_view column) { return std::string{column}; }

// `?1` … `?n` in brackets.
std::string parameters(int n) {
  std::string all = "(?1";
  for (int i = 2; i <= n; ++i)
    all.append(", ?").append(std::to_string(i));
  return all + ")";
}

// A call's own row, then those of its people.
std::string whole_calls(const std::string& calls, const std::string& condition) {
  return "SELECT " + video_columns(video_person::itself, as_it_is) + ", 0 AS part, 0 AS place"
         + calls + condition + " UNION ALL SELECT "
         + video_columns(video_person::participant, as_it_is) + ", 1, p.position" + calls
         + " CROSS JOIN video_call_participants AS p ON p.call_id = c.id" + condition
         + " UNION ALL SELECT " + video_columns(video_person::invited, as_it_is) + ", 2, 0" + calls
         + " CROSS JOIN video_call_invitations AS i ON i.call_id = c.id" + condition
         + " ORDER BY 10, 1, part, place, 26";
}

std::string make_invitations(const std::string& index, const std::string& which) {
  return "SELECT " + invitation_columns(as_it_is, "?2") + " FROM video_call_invitations AS i"
         + index + " CROSS JOIN video_calls AS c ON c.id = i.call_id WHERE i.invited_user_id = ?1"
         + which + " ORDER BY i.invited_at DESC, i.call_id DESC LIMIT 100";
}

} // namespace

const std::string& put_missing_user() {
  static const std::string sql =
      "INSERT INTO users (id, name, email, image, role, claim_name, claim_email, claim_image,"
      " claim_role, created_at, updated_at) VALUES (?1, '', '', '', '', '', '', '', '', ?2, ?2)"
      " ON CONFLICT DO NOTHING";
  return sql;
}

const std::string& put_video_call() {
  // Whether a call is awake is told by this record only in part: it may not name those who are in.
  static const std::string sql =
      "INSERT INTO video_calls (id, call_id, call_type, created_by, call_name, status,"
      " duration_seconds, event_id, max_participants, recording_enabled, screensharing_enabled,"
      " settings, members, reason, ended_by, version, awake, started_at, ended_at, created_at,"
      " updated_at, invited_until, join_deadline, invitations_deadline) VALUES "
      + parameters(24)
      + " ON CONFLICT (id) DO UPDATE SET status = excluded.status,"
        " duration_seconds = excluded.duration_seconds, reason = excluded.reason,"
        " ended_by = excluded.ended_by, version = excluded.version,"
        " started_at = excluded.started_at, ended_at = excluded.ended_at,"
        " updated_at = excluded.updated_at, invited_until = excluded.invited_until,"
        " join_deadline = excluded.join_deadline,"
        " invitations_deadline = excluded.invitations_deadline,"
        " awake = excluded.awake OR (excluded.ended_at IS NULL AND EXISTS (SELECT 1"
        " FROM video_call_participants AS p WHERE p.call_id = video_calls.id"
        " AND p.left_at IS NULL)) WHERE excluded.version > video_calls.version";
  return sql;
}

const std::string& put_video_person() {
  static const std::string sql =
      "INSERT INTO video_call_participants (id, call_id, user_id, role, duration_seconds, position,"
      " present_ms, device_id, dropped, version, joined_at, left_at, created_at, updated_at,"
      " entered_at, lease_until) VALUES "
      + parameters(16)
      + " ON CONFLICT (call_id, user_id) DO UPDATE SET role = excluded.role,"
        " duration_seconds = excluded.duration_seconds, present_ms = excluded.present_ms,"
        " device_id = excluded.device_id, dropped = excluded.dropped, version = excluded.version,"
        " left_at = excluded.left_at, updated_at = excluded.updated_at,"
        " entered_at = excluded.entered_at, lease_until = excluded.lease_until,"
        " joined_at = coalesce(video_call_participants.joined_at, excluded.joined_at)"
        " WHERE excluded.version > video_call_participants.version";
  return sql;
}

const std::string& put_video_invitation() {
  static const std::string sql =
      "INSERT INTO video_call_invitations (id, call_id, invited_by, invited_user_id, status,"
      " version, invited_at, responded_at, expires_at, created_at, updated_at) VALUES "
      + parameters(11)
      + " ON CONFLICT (call_id, invited_user_id) DO UPDATE SET status = excluded.status,"
        " version = excluded.version, responded_at = excluded.responded_at,"
        " expires_at = excluded.expires_at, updated_at = excluded.updated_at"
        " WHERE excluded.version > video_call_invitations.version"
        " AND (excluded.status IS NOT video_call_invitations.status"
        " OR excluded.responded_at IS NOT video_call_invitations.responded_at)";
  return sql;
}

const std::string& put_token() {
  static const std::string sql =
      "INSERT INTO stream_video_users (id, user_id, stream_video_token, token_expires_at,"
      " created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5)"
      " ON CONFLICT (user_id) DO UPDATE SET stream_video_token = excluded.stream_video_token,"
      " token_expires_at = excluded.token_expires_at, updated_at = excluded.updated_at"
      " WHERE stream_video_users.token_expires_at IS NULL"
      " OR excluded.token_expires_at >= stream_video_users.token_expires_at";
  return sql;
}

const std::string& find_video_call() {
  static const std::string sql = "SELECT 1 FROM video_calls WHERE id = ?1";
  return sql;
}

const std::string& put_webhook() {
  static const std::string sql =
      "INSERT INTO stream_webhooks (id, received_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
  return sql;
}

const std::string& drop_webhooks() {
  static const std::string sql = "DELETE FROM stream_webhooks WHERE received_at < ?1";
  return sql;
}

const std::string& rename_recording() {
  static const std::string sql = "UPDATE video_call_recordings SET stream_recording_id = ?3,"
                                 " id = ?4 WHERE call_id = ?1 AND stream_recording_id = ?2";
  return sql;
}

const std::string& update_recording() {
  static const std::string sql =
      "UPDATE video_call_recordings SET status = ?3,"
      " recording_url = coalesce(nullif(?4, ''), recording_url),"
      " file_size_bytes = coalesce(?5, file_size_bytes),"
      " duration_seconds = coalesce(?6, duration_seconds), updated_at = ?7"
      " WHERE call_id = ?1 AND stream_recording_id = ?2";
  return sql;
}

const std::string& insert_recording() {
  static const std::string sql =
      "INSERT INTO video_call_recordings (call_id, stream_recording_id, status, recording_url,"
      " file_size_bytes, duration_seconds, updated_at, id, created_at)"
      " VALUES (?1, ?2, ?3, nullif(?4, ''), ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING";
  return sql;
}

const std::string& load_video_call() {
  static const std::string sql = whole_calls(" FROM video_calls AS c", " WHERE c.id = ?1");
  return sql;
}

const std::string& awake_video_calls() {
  static const std::string sql =
      whole_calls(" FROM video_calls AS c INDEXED BY video_calls_awake", " WHERE c.awake = 1");
  return sql;
}

const std::string& video_history() {
  // Which calls is told by the index alone, however far down.
  static const std::string sql =
      "SELECT " + video_columns(video_person::participant, as_it_is)
      + " FROM (SELECT call_id, joined_at FROM video_call_participants"
        " INDEXED BY video_call_participants_history"
        " WHERE user_id = ?1 AND joined_at IS NOT NULL"
        " ORDER BY joined_at DESC, call_id DESC LIMIT ?2 OFFSET ?3) AS page"
        " CROSS JOIN video_calls AS c ON c.id = page.call_id"
        " CROSS JOIN video_call_participants AS p ON p.call_id = page.call_id AND p.user_id = ?1"
        " ORDER BY page.joined_at DESC, page.call_id DESC";
  return sql;
}

const std::string& active_video_calls() {
  // The two questions apart: each has an index of its own.
  static const std::string sql =
      "WITH mine AS (SELECT id FROM video_calls INDEXED BY video_calls_active_by_creator"
      " WHERE created_by = ?1 AND status = 'active' UNION SELECT call_id"
      " FROM video_call_participants INDEXED BY video_call_participants_open"
      " WHERE user_id = ?1 AND left_at IS NULL), newest AS (SELECT c.* FROM mine"
      " CROSS JOIN video_calls AS c ON c.id = mine.id WHERE c.status = 'active'"
      " ORDER BY c.created_at DESC, c.id DESC LIMIT 100) SELECT "
      + video_columns(video_person::participant, as_it_is)
      + " FROM newest AS c LEFT JOIN video_call_participants AS p ON p.call_id = c.id"
        " ORDER BY c.created_at DESC, c.id DESC, p.position, p.joined_at";
  return sql;
}

const std::string& video_invitations(bool of_status) {
  static const auto all = make_invitations("", "");
  static const auto some =
      make_invitations("", " AND " + invitation_status(as_it_is, "?2") + " = ?3");
  return of_status ? some : all;
}

const std::string& pending_video_invitations() {
  static const auto sql = make_invitations(" INDEXED BY video_call_invitations_pending",
                                           pending_condition(as_it_is, "?2"));
  return sql;
}

const std::string& recordings() {
  static const std::string sql =
      "SELECT " + recording_columns(as_it_is)
      + " FROM video_call_recordings WHERE call_id = ?1 ORDER BY created_at, stream_recording_id";
  return sql;
}

const std::string& video_stats() {
  static const auto sql = stats_of("started_at / 3600000 % 24", "?1");
  return sql;
}

const std::string& token_of() {
  static const std::string sql = "SELECT " + token_columns(as_it_is)
                                 + " FROM stream_video_users WHERE user_id = ?1 AND"
                                   " stream_video_token IS NOT NULL AND token_expires_at IS NOT"
                                   " NULL";
  return sql;
}

const std::string& erase_video_calls() {
  static const std::string sql =
      "DELETE FROM video_calls WHERE rowid IN (SELECT rowid FROM video_calls"
      " WHERE ended_at IS NOT NULL AND created_at < ?1 ORDER BY created_at LIMIT ?2)";
  return sql;
}

} // namespace carillon::persistence::sqlite_sql
