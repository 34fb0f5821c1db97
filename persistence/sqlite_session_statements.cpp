#include "persistence/sqlite_session_statements.hpp"

#include "persistence/session_rows.hpp"

namespace carillon::persistence::sqlite_sql {

namespace {

std::string columns() {
  return session_columns([](std::string_view column) { return std::string{column}; });
}

// `?1` … `?n` in brackets.
std::string parameters(int n) {
  std::string all = "(?1";
  for (int i = 2; i <= n; ++i)
    all.append(", ?").append(std::to_string(i));
  return all + ")";
}

// A user's rows, by the index that has no need of the table.
constexpr const char* of_user =
    " FROM session_participants AS m INDEXED BY session_participants_by_user";

std::string make_page(bool of_status) {
  return "SELECT " + columns() + " FROM (SELECT m.session_id, m.created_at" + of_user
         + (of_status ? " CROSS JOIN sessions AS f ON f.id = m.session_id" : "")
         + " WHERE m.user_id = ?1" + (of_status ? " AND f.status = ?4" : "")
         + " ORDER BY m.created_at DESC, m.session_id DESC LIMIT ?2 OFFSET ?3) AS page"
           " CROSS JOIN sessions AS s ON s.id = page.session_id"
           " CROSS JOIN session_participants AS p ON p.session_id = s.id"
           " ORDER BY page.created_at DESC, page.session_id DESC, p.position";
}

std::string make_count(bool of_status) {
  return std::string{"SELECT count(*)"} + of_user
         + (of_status ? " CROSS JOIN sessions AS s ON s.id = m.session_id" : "")
         + " WHERE m.user_id = ?1" + (of_status ? " AND s.status = ?2" : "");
}

// Rows of people in the span of time that was asked for.
constexpr const char* in_span =
    " FROM session_participants AS p INDEXED BY session_participants_by_user";
constexpr const char* span = " WHERE p.user_id = ?1 AND p.created_at >= ?2 AND p.created_at < ?3";

} // namespace

const std::string& put_session() {
  static const std::string sql =
      "INSERT INTO sessions (id, initiator_id, session_type, therapy_session_id, seats,"
      " call_settings, metadata, status, reason, version, duration_s, ended_by, created_at,"
      " invited_until, started_at, ended_at, ring_deadline, call_deadline) VALUES "
      + parameters(18)
      + " ON CONFLICT (id) DO UPDATE SET status = excluded.status, reason = excluded.reason,"
        " version = excluded.version, duration_s = excluded.duration_s,"
        " ended_by = excluded.ended_by, invited_until = excluded.invited_until,"
        " started_at = excluded.started_at, ended_at = excluded.ended_at,"
        " ring_deadline = excluded.ring_deadline, call_deadline = excluded.call_deadline"
        " WHERE excluded.version > sessions.version";
  return sql;
}

const std::string& put_person() {
  static const std::string sql =
      "INSERT INTO session_participants (session_id, user_id, position, role, invitation, dropped,"
      " socket_id, peer_id, has_video, has_audio, is_sharing, used_video, used_audio,"
      " used_sharing, present_ms, version, created_at, responded_at, joined_at, entered_at,"
      " left_at) VALUES "
      + parameters(21)
      + " ON CONFLICT (session_id, user_id) DO UPDATE SET invitation = excluded.invitation,"
        " dropped = excluded.dropped, socket_id = excluded.socket_id, peer_id = excluded.peer_id,"
        " has_video = excluded.has_video, has_audio = excluded.has_audio,"
        " is_sharing = excluded.is_sharing, used_video = excluded.used_video,"
        " used_audio = excluded.used_audio, used_sharing = excluded.used_sharing,"
        " present_ms = excluded.present_ms, version = excluded.version,"
        " responded_at = excluded.responded_at, joined_at = excluded.joined_at,"
        " entered_at = excluded.entered_at, left_at = excluded.left_at"
        " WHERE excluded.version > session_participants.version";
  return sql;
}

const std::string& put_sample() {
  static const std::string sql =
      "INSERT INTO call_quality (call_id, user_id, at, rtt_ms, jitter_ms, packet_loss,"
      " bitrate_kbps, connection_time_ms, audio_level, video_fps, resolution, mos) VALUES "
      + parameters(12) + " ON CONFLICT DO NOTHING";
  return sql;
}

const std::string& load_session() {
  static const std::string sql = "SELECT " + columns()
                                 + " FROM sessions AS s CROSS JOIN session_participants AS p"
                                   " ON p.session_id = s.id WHERE s.id = ?1 ORDER BY p.position";
  return sql;
}

const std::string& live_sessions() {
  static const std::string sql =
      "SELECT " + columns()
      + " FROM sessions AS s INDEXED BY sessions_live CROSS JOIN session_participants AS p"
        " ON p.session_id = s.id WHERE s.ended_at IS NULL"
        " ORDER BY s.created_at, s.id, p.position";
  return sql;
}

const std::string& session_page(bool of_status) {
  static const auto any = make_page(false);
  static const auto some = make_page(true);
  return of_status ? some : any;
}

const std::string& count_sessions(bool of_status) {
  static const auto any = make_count(false);
  static const auto some = make_count(true);
  return of_status ? some : any;
}

const std::string& quality() {
  static const std::string sql =
      "SELECT NULL AS user_id, " + summary_columns()
      + " FROM call_quality WHERE call_id = ?1 UNION ALL SELECT user_id, " + summary_columns()
      + " FROM call_quality WHERE call_id = ?1 GROUP BY user_id ORDER BY user_id";
  return sql;
}

const std::string& usage() {
  static const std::string sql = "SELECT " + usage_columns() + in_span
                                 + " CROSS JOIN sessions AS s ON s.id = p.session_id" + span;
  return sql;
}

const std::string& usage_by_hour() {
  static const std::string sql =
      std::string{"SELECT p.created_at / 3600000 % 24, count(*)"} + in_span + span + " GROUP BY 1";
  return sql;
}

const std::string& usage_score() {
  static const std::string sql =
      std::string{"SELECT avg(q.mos)"} + in_span
      + " CROSS JOIN call_quality AS q ON q.call_id = p.session_id AND q.user_id = p.user_id"
      + span;
  return sql;
}

const std::string& erase_sessions() {
  static const std::string sql =
      "DELETE FROM sessions WHERE rowid IN (SELECT rowid FROM sessions"
      " WHERE ended_at IS NOT NULL AND created_at < ?1 ORDER BY created_at LIMIT ?2)";
  return sql;
}

} // namespace carillon::persistence::sqlite_sql
