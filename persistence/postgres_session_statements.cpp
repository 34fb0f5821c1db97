#include "persistence/postgres_session_statements.hpp"

#include "persistence/postgres_spelling.hpp"
#include "persistence/session_rows.hpp"

namespace carillon::persistence::postgres_sql {

namespace {

// The people of the sessions `s`, by look-ups: OFFSET 0 keeps the planner from joining whole
// tables.
constexpr const char* with_people =
    " CROSS JOIN LATERAL (SELECT * FROM session_participants WHERE session_id = s.id OFFSET 0)"
    " AS p";

// A user's rows in the span of time that was asked for.
std::string in_span() {
  return "p.user_id = $1::text AND p.created_at >= " + as_time("$2::bigint")
         + " AND p.created_at < " + as_time("$3::bigint");
}

// The page's rows in the order of the index. LATERAL with a LIMIT makes one look-up for each row
// whatever the planner guesses.
postgres_statement make_page(bool of_status) {
  const std::string status =
      " CROSS JOIN LATERAL (SELECT status FROM sessions WHERE id = m.session_id LIMIT 1) AS f";
  return {of_status ? "session_page_of_status" : "session_page",
          "SELECT " + session_columns(as_ms)
              + " FROM (SELECT m.session_id, m.created_at FROM session_participants AS m"
              + (of_status ? status : "") + " WHERE m.user_id = $1::text"
              + (of_status ? " AND f.status = $4::text" : "")
              + " ORDER BY m.created_at DESC, m.session_id DESC LIMIT $2::bigint"
                " OFFSET $3::bigint) AS page CROSS JOIN LATERAL"
                " (SELECT * FROM sessions WHERE id = page.session_id LIMIT 1) AS s"
              + with_people + " ORDER BY page.created_at DESC, page.session_id DESC, p.position"};
}

postgres_statement make_count(bool of_status) {
  if (!of_status)
    return {"count_sessions", "SELECT count(*) FROM session_participants WHERE user_id = $1::text"};
  return {"count_sessions_of_status",
          "SELECT count(*) FROM session_participants AS m JOIN sessions AS s ON s.id ="
          " m.session_id WHERE m.user_id = $1::text AND s.status = $2::text"};
}

} // namespace

const postgres_statement& put_sessions() {
  static const postgres_statement statement{
      "put_sessions",
      "INSERT INTO sessions AS s (id, initiator_id, session_type, therapy_session_id, seats,"
      " call_settings, metadata, status, reason, version, duration_s, ended_by, created_at,"
      " invited_until, started_at, ended_at, ring_deadline, call_deadline)"
      " SELECT id, initiator_id, session_type, therapy_session_id, seats, call_settings, metadata,"
      " status, reason, version, duration_s, ended_by, "
          + as_time("created_at") + ", " + as_time("invited_until") + ", " + as_time("started_at")
          + ", " + as_time("ended_at") + ", " + as_time("ring_deadline") + ", "
          + as_time("call_deadline") + " FROM "
          + rows_of_arrays({{"id", "text"},
                            {"initiator_id", "text"},
                            {"session_type", "text"},
                            {"therapy_session_id", "text"},
                            {"seats", "bigint"},
                            {"call_settings", "text"},
                            {"metadata", "text"},
                            {"status", "text"},
                            {"reason", "text"},
                            {"version", "bigint"},
                            {"duration_s", "bigint"},
                            {"ended_by", "text"},
                            {"created_at", "bigint"},
                            {"invited_until", "bigint"},
                            {"started_at", "bigint"},
                            {"ended_at", "bigint"},
                            {"ring_deadline", "bigint"},
                            {"call_deadline", "bigint"}})
          + " ON CONFLICT (id) DO UPDATE SET status = excluded.status, reason = excluded.reason,"
            " version = excluded.version, duration_s = excluded.duration_s,"
            " ended_by = excluded.ended_by, invited_until = excluded.invited_until,"
            " started_at = excluded.started_at, ended_at = excluded.ended_at,"
            " ring_deadline = excluded.ring_deadline, call_deadline = excluded.call_deadline"
            " WHERE excluded.version > s.version RETURNING s.id"};
  return statement;
}

const postgres_statement& put_people() {
  // A conflict locks the row that is there, newer or not: those that did not change are left out
  // before.
  static const postgres_statement statement{
      "put_people",
      "INSERT INTO session_participants AS p (session_id, user_id, position, role, invitation,"
      " dropped, socket_id, peer_id, has_video, has_audio, is_sharing, used_video, used_audio,"
      " used_sharing, present_ms, version, created_at, responded_at, joined_at, entered_at, "
      "left_at)"
      " SELECT r.session_id, r.user_id, r.position, r.role, r.invitation, r.dropped, r.socket_id,"
      " r.peer_id, r.has_video, r.has_audio, r.is_sharing, r.used_video, r.used_audio,"
      " r.used_sharing, r.present_ms, r.version, "
          + as_time("r.created_at") + ", " + as_time("r.responded_at") + ", "
          + as_time("r.joined_at") + ", " + as_time("r.entered_at") + ", " + as_time("r.left_at")
          + " FROM "
          + rows_of_arrays(
              {{"session_id", "text"},    {"user_id", "text"},         {"position", "bigint"},
               {"role", "text"},          {"invitation", "text"},      {"dropped", "boolean"},
               {"socket_id", "text"},     {"peer_id", "text"},         {"has_video", "boolean"},
               {"has_audio", "boolean"},  {"is_sharing", "boolean"},   {"used_video", "boolean"},
               {"used_audio", "boolean"}, {"used_sharing", "boolean"}, {"present_ms", "bigint"},
               {"version", "bigint"},     {"created_at", "bigint"},    {"responded_at", "bigint"},
               {"joined_at", "bigint"},   {"entered_at", "bigint"},    {"left_at", "bigint"}})
          + " LEFT JOIN LATERAL (SELECT version FROM session_participants"
            " WHERE session_id = r.session_id AND user_id = r.user_id LIMIT 1) AS known ON true"
            " WHERE known.version IS NULL OR known.version < r.version"
            " ON CONFLICT (session_id, user_id) DO UPDATE SET invitation = excluded.invitation,"
            " dropped = excluded.dropped, socket_id = excluded.socket_id,"
            " peer_id = excluded.peer_id, has_video = excluded.has_video,"
            " has_audio = excluded.has_audio, is_sharing = excluded.is_sharing,"
            " used_video = excluded.used_video, used_audio = excluded.used_audio,"
            " used_sharing = excluded.used_sharing, present_ms = excluded.present_ms,"
            " version = excluded.version, responded_at = excluded.responded_at,"
            " joined_at = excluded.joined_at, entered_at = excluded.entered_at,"
            " left_at = excluded.left_at WHERE excluded.version > p.version"};
  return statement;
}

const postgres_statement& put_samples() {
  static const postgres_statement statement{
      "put_samples",
      "INSERT INTO call_quality AS q (call_id, user_id, at, rtt_ms, jitter_ms, packet_loss,"
      " bitrate_kbps, connection_time_ms, audio_level, video_fps, resolution, mos)"
      " SELECT call_id, user_id, "
          + as_time("at")
          + ", rtt_ms, jitter_ms, packet_loss, bitrate_kbps, connection_time_ms, audio_level,"
            " video_fps, resolution, mos FROM "
          + rows_of_arrays({{"call_id", "text"},
                            {"user_id", "text"},
                            {"at", "bigint"},
                            {"rtt_ms", "float8"},
                            {"jitter_ms", "float8"},
                            {"packet_loss", "float8"},
                            {"bitrate_kbps", "float8"},
                            {"connection_time_ms", "float8"},
                            {"audio_level", "float8"},
                            {"video_fps", "float8"},
                            {"resolution", "text"},
                            {"mos", "float8"}})
          + " ON CONFLICT DO NOTHING RETURNING q.call_id, q.user_id, " + as_ms("q.at")};
  return statement;
}

const postgres_statement& load_session() {
  static const postgres_statement statement{
      "load_session", "SELECT " + session_columns(as_ms)
                          + " FROM sessions AS s JOIN session_participants AS p"
                            " ON p.session_id = s.id WHERE s.id = $1::text"
                            " ORDER BY p.position"};
  return statement;
}

const postgres_statement& live_sessions() {
  static const postgres_statement statement{
      "live_sessions", "SELECT " + session_columns(as_ms)
                           + " FROM (SELECT * FROM sessions WHERE ended_at IS NULL OFFSET 0) AS s"
                           + with_people + " ORDER BY s.created_at, s.id, p.position"};
  return statement;
}

const postgres_statement& session_page(bool of_status) {
  static const postgres_statement any = make_page(false);
  static const postgres_statement some = make_page(true);
  return of_status ? some : any;
}

const postgres_statement& count_sessions(bool of_status) {
  static const postgres_statement any = make_count(false);
  static const postgres_statement some = make_count(true);
  return of_status ? some : any;
}

const postgres_statement& quality() {
  static const postgres_statement statement{
      "quality", "SELECT NULL::text AS user_id, " + summary_columns()
                     + " FROM call_quality WHERE call_id = $1::text UNION ALL SELECT user_id, "
                     + summary_columns()
                     + " FROM call_quality WHERE call_id = $1::text GROUP BY user_id"
                       " ORDER BY user_id"};
  return statement;
}

const postgres_statement& usage() {
  static const postgres_statement statement{
      "usage", "SELECT " + usage_columns()
                   + " FROM session_participants AS p JOIN sessions AS s ON s.id = p.session_id"
                     " WHERE "
                   + in_span()};
  return statement;
}

const postgres_statement& usage_by_hour() {
  static const postgres_statement statement{
      "usage_by_hour", "SELECT CAST(date_part('hour', p.created_at AT TIME ZONE 'UTC') AS bigint),"
                       " count(*) FROM session_participants AS p WHERE "
                           + in_span() + " GROUP BY 1"};
  return statement;
}

const postgres_statement& usage_score() {
  static const postgres_statement statement{
      "usage_score", "SELECT avg(q.mos) FROM session_participants AS p CROSS JOIN LATERAL"
                     " (SELECT mos FROM call_quality WHERE call_id = p.session_id"
                     " AND user_id = p.user_id OFFSET 0) AS q WHERE "
                         + in_span()};
  return statement;
}

const postgres_statement& erase_sessions() {
  static const postgres_statement statement{
      "erase_sessions", "DELETE FROM sessions WHERE ctid = ANY (ARRAY(SELECT ctid FROM sessions"
                        " WHERE ended_at IS NOT NULL AND created_at < "
                            + as_time("$1::bigint")
                            + " ORDER BY created_at LIMIT $2::bigint FOR UPDATE SKIP LOCKED))"};
  return statement;
}

} // namespace carillon::persistence::postgres_sql
