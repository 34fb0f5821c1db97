#include "persistence/postgres_video_reads.hpp"

#include "persistence/postgres_spelling.hpp"
#include "persistence/recording_change.hpp"
#include "persistence/video_lists.hpp"
#include "persistence/video_rows.hpp"

namespace carillon::persistence::postgres_sql {

namespace {

// A call's own row, then those of its people, by look-ups: OFFSET 0 keeps the planner from joining
// whole tables.
std::string whole_calls(const std::string& condition) {
  const auto calls = " FROM video_calls AS c";
  const auto people = [](const std::string& table, const std::string& alias) {
    return " CROSS JOIN LATERAL (SELECT * FROM " + table + " WHERE call_id = c.id OFFSET 0) AS "
           + alias;
  };
  return "SELECT " + video_columns(video_person::itself, as_ms) + ", 0 AS part, 0::bigint AS place"
         + calls + condition + " UNION ALL SELECT "
         + video_columns(video_person::participant, as_ms) + ", 1, p.position" + calls
         + people("video_call_participants", "p") + condition + " UNION ALL SELECT "
         + video_columns(video_person::invited, as_ms) + ", 2, 0" + calls
         + people("video_call_invitations", "i") + condition + " ORDER BY 10, 1, part, place, 26";
}

postgres_statement make_invitations(const std::string& name, const std::string& which) {
  return {name, "SELECT " + invitation_columns(as_ms, "$2::bigint")
                    + " FROM video_call_invitations AS i CROSS JOIN LATERAL"
                      " (SELECT * FROM video_calls WHERE id = i.call_id LIMIT 1) AS c"
                      " WHERE i.invited_user_id = $1::text"
                    + which + " ORDER BY i.invited_at DESC, i.call_id DESC LIMIT 100"};
}

} // namespace

const postgres_statement& load_video_call() {
  static const postgres_statement statement{"load_video_call",
                                            whole_calls(" WHERE c.id = $1::uuid")};
  return statement;
}

const postgres_statement& awake_video_calls() {
  static const postgres_statement statement{"awake_video_calls", whole_calls(" WHERE c.awake")};
  return statement;
}

const postgres_statement& video_history() {
  // Which calls is told by the index alone, however far down; then one look-up in each table for
  // each row.
  static const postgres_statement statement{
      "video_history",
      "SELECT " + video_columns(video_person::participant, as_ms)
          + " FROM (SELECT call_id, joined_at FROM video_call_participants"
            " WHERE user_id = $1::text AND joined_at IS NOT NULL"
            " ORDER BY joined_at DESC, call_id DESC LIMIT $2::bigint OFFSET $3::bigint) AS page"
            " CROSS JOIN LATERAL (SELECT * FROM video_calls WHERE id = page.call_id LIMIT 1) AS c"
            " CROSS JOIN LATERAL (SELECT * FROM video_call_participants"
            " WHERE call_id = page.call_id AND user_id = $1::text LIMIT 1) AS p"
            " ORDER BY page.joined_at DESC, page.call_id DESC"};
  return statement;
}

const postgres_statement& active_video_calls() {
  // The two questions apart: each has an index of its own.
  static const postgres_statement statement{
      "active_video_calls",
      "WITH mine AS (SELECT id FROM video_calls WHERE created_by = $1::text AND status = 'active'"
      " UNION SELECT call_id FROM video_call_participants WHERE user_id = $1::text"
      " AND left_at IS NULL), newest AS (SELECT c.* FROM mine CROSS JOIN LATERAL"
      " (SELECT * FROM video_calls WHERE id = mine.id AND status = 'active' LIMIT 1) AS c"
      " ORDER BY c.created_at DESC, c.id DESC LIMIT 100) SELECT "
          + video_columns(video_person::participant, as_ms)
          + " FROM newest AS c LEFT JOIN LATERAL (SELECT * FROM video_call_participants"
            " WHERE call_id = c.id OFFSET 0) AS p ON true"
            " ORDER BY c.created_at DESC, c.id DESC, p.position, p.joined_at"};
  return statement;
}

const postgres_statement& video_invitations(bool of_status) {
  static const auto all = make_invitations("video_invitations", "");
  static const auto some =
      make_invitations("video_invitations_of_status",
                       " AND " + invitation_status(as_ms, "$2::bigint") + " = $3::text");
  return of_status ? some : all;
}

const postgres_statement& pending_video_invitations() {
  static const auto statement =
      make_invitations("pending_video_invitations", pending_condition(as_ms, "$2::bigint"));
  return statement;
}

const postgres_statement& recordings() {
  static const postgres_statement statement{
      "recordings", "SELECT " + recording_columns(as_ms)
                        + " FROM video_call_recordings WHERE call_id = $1::uuid"
                          " ORDER BY created_at, stream_recording_id"};
  return statement;
}

const postgres_statement& video_stats() {
  static const postgres_statement statement{
      "video_stats",
      stats_of("CAST(date_part('hour', started_at AT TIME ZONE 'UTC') AS bigint)", "$1::text")};
  return statement;
}

const postgres_statement& token_of() {
  static const postgres_statement statement{
      "token_of", "SELECT " + token_columns(as_ms)
                      + " FROM stream_video_users WHERE user_id = $1::text AND stream_video_token"
                        " IS NOT NULL AND token_expires_at IS NOT NULL"};
  return statement;
}

} // namespace carillon::persistence::postgres_sql
