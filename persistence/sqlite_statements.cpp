#include "persistence/sqlite_statements.hpp"

#include "persistence/rows.hpp"

#include <array>

namespace carillon::persistence::sqlite_sql {

namespace {

std::string plain_time(std::string_view column) { return std::string{column}; }

// One side of a history; its index holds the rows in the order that is wanted.
std::string side(std::string_view participant, std::string_view index, std::string_view condition,
                 bool typed) {
  std::string sql = "SELECT created_at, id FROM direct_calls INDEXED BY ";
  sql.append(index).append(" WHERE ").append(participant).append("_id = ?1 AND ");
  sql.append(condition);
  if (typed)
    sql += " AND call_type = ?4";
  return sql;
}

std::string make_history(bool missed_only, bool typed) {
  // SQLite merges the two ordered sides row by row and stops at the limit: the sides need no limits
  // of their own, which would only copy them.
  std::string page;
  if (missed_only)
    page = side("receiver", "direct_calls_missed", "missed = 1 AND receiver_hidden = 0", typed);
  else
    page = side("caller", "direct_calls_by_caller", "caller_hidden = 0", typed) + " UNION ALL "
           + side("receiver", "direct_calls_by_receiver", "receiver_hidden = 0", typed);
  return "SELECT " + call_columns("d", plain_time) + " FROM (" + page
         + " ORDER BY created_at DESC, id DESC LIMIT ?2 OFFSET ?3) AS page"
           " CROSS JOIN direct_calls AS d ON d.id = page.id"
           " ORDER BY page.created_at DESC, page.id DESC";
}

} // namespace

const std::string& put_call() {
  static const std::string sql =
      "INSERT INTO direct_calls (id, caller_id, receiver_id, call_type, status, reason, missed,"
      " via_rest, version, duration_s, ended_by, created_at, started_at, ended_at, ring_deadline,"
      " call_deadline) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
      "?16)"
      " ON CONFLICT (id) DO UPDATE SET status = excluded.status, reason = excluded.reason,"
      " missed = excluded.missed, via_rest = excluded.via_rest, version = excluded.version,"
      " duration_s = excluded.duration_s, ended_by = excluded.ended_by,"
      " started_at = excluded.started_at, ended_at = excluded.ended_at,"
      " ring_deadline = excluded.ring_deadline, call_deadline = excluded.call_deadline"
      " WHERE excluded.version > direct_calls.version";
  return sql;
}

const std::string& put_user() {
  static const std::string sql =
      "INSERT INTO users (id, name, email, image, role, claim_name, claim_email, claim_image,"
      " claim_role, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
      " ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email,"
      " image = excluded.image, role = excluded.role, claim_name = excluded.claim_name,"
      " claim_email = excluded.claim_email, claim_image = excluded.claim_image,"
      " claim_role = excluded.claim_role, updated_at = excluded.updated_at"
      " WHERE (users.name, users.email, users.image, users.role, users.claim_name,"
      " users.claim_email, users.claim_image, users.claim_role, users.updated_at)"
      " <> (excluded.name, excluded.email, excluded.image, excluded.role, excluded.claim_name,"
      " excluded.claim_email, excluded.claim_image, excluded.claim_role, excluded.updated_at)";
  return sql;
}

const std::string& hide_call() {
  static const std::string sql =
      "UPDATE direct_calls SET caller_hidden = max(caller_hidden, caller_id = ?2),"
      " receiver_hidden = max(receiver_hidden, receiver_id = ?2) WHERE id = ?1"
      " AND ((caller_id = ?2 AND caller_hidden = 0) OR (receiver_id = ?2 AND receiver_hidden = 0))";
  return sql;
}

const std::string& history(bool missed_only, bool typed) {
  static const std::array<std::string, 4> sql{make_history(false, false), make_history(false, true),
                                              make_history(true, false), make_history(true, true)};
  return sql[(missed_only ? 2u : 0u) + (typed ? 1u : 0u)];
}

const std::string& load_call() {
  static const std::string sql =
      "SELECT " + call_columns("direct_calls", plain_time) + " FROM direct_calls WHERE id = ?1";
  return sql;
}

const std::string& load_user() {
  static const std::string sql = "SELECT " + user_columns(plain_time) + " FROM users WHERE id = ?1";
  return sql;
}

const std::string& live_calls() {
  static const std::string sql = "SELECT " + call_columns("direct_calls", plain_time)
                                 + " FROM direct_calls WHERE ended_at IS NULL ORDER BY created_at";
  return sql;
}

const std::string& erase_aged() {
  static const std::string sql =
      "DELETE FROM direct_calls WHERE rowid IN (SELECT rowid FROM direct_calls"
      " WHERE ended_at IS NOT NULL AND created_at < ?1 ORDER BY created_at LIMIT ?2)";
  return sql;
}

const std::string& erase_hidden() {
  static const std::string sql =
      "DELETE FROM direct_calls WHERE rowid IN (SELECT rowid FROM direct_calls"
      " WHERE caller_hidden = 1 AND receiver_hidden = 1 AND ended_at IS NOT NULL"
      " ORDER BY created_at LIMIT ?1)";
  return sql;
}

} // namespace carillon::persistence::sqlite_sql
