#include "persistence/postgres_statements.hpp"

#include "persistence/rows.hpp"

#include <array>

namespace carillon::persistence::postgres_sql {

namespace {

// Milliseconds of a timestamptz column, exact.
std::string as_ms(std::string_view column) {
  return "CAST(extract(epoch FROM " + std::string{column} + ") * 1000 AS bigint)";
}

// The timestamptz of milliseconds, exact: to_timestamp() would go through floating-point seconds.
std::string as_time(std::string_view ms) {
  return "('epoch'::timestamptz + " + std::string{ms} + " * interval '1 millisecond')";
}

// One side of a history; its index holds the rows in the order that is wanted. Its own limit lets
// the planner see that merging the sides is cheaper than sorting them.
std::string side(std::string_view participant, std::string_view condition, bool typed) {
  std::string sql = "(SELECT created_at, id FROM direct_calls WHERE ";
  sql.append(participant).append("_id = $1::text AND ").append(condition);
  if (typed)
    sql += " AND call_type = $4::text";
  return sql + " ORDER BY created_at DESC, id DESC LIMIT $2::bigint + $3::bigint)";
}

postgres_statement make_history(bool missed_only, bool typed) {
  const std::string sides = missed_only ? side("receiver", "missed AND NOT receiver_hidden", typed)
                                        : side("caller", "NOT caller_hidden", typed) + " UNION ALL "
                                              + side("receiver", "NOT receiver_hidden", typed);
  // LATERAL with a LIMIT makes one look-up for each row of the page whatever the planner guesses
  // the page's length to be.
  return {std::string{"history"} + (missed_only ? "_missed" : "") + (typed ? "_typed" : ""),
          "SELECT " + call_columns("d", as_ms) + " FROM (SELECT created_at, id FROM (" + sides
              + ") AS sides ORDER BY created_at DESC, id DESC LIMIT $2::bigint OFFSET $3::bigint)"
                " AS page CROSS JOIN LATERAL"
                " (SELECT * FROM direct_calls WHERE id = page.id LIMIT 1) AS d"
                " ORDER BY page.created_at DESC, page.id DESC"};
}

} // namespace

const postgres_statement& put_calls() {
  // In the order of ids, so that two servers that write the same calls cannot lock each other out.
  static const postgres_statement statement{
      "put_calls",
      "INSERT INTO direct_calls AS d (id, caller_id, receiver_id, call_type, status, reason, "
      "missed,"
      " via_rest, version, duration_s, ended_by, created_at, started_at, ended_at, ring_deadline,"
      " call_deadline)"
      " SELECT id, caller_id, receiver_id, call_type, status, reason, missed, via_rest, version,"
      " duration_s, ended_by, "
          + as_time("created_at") + ", " + as_time("started_at") + ", " + as_time("ended_at") + ", "
          + as_time("ring_deadline") + ", " + as_time("call_deadline")
          + " FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],"
            " $7::boolean[], $8::boolean[], $9::bigint[], $10::bigint[], $11::text[], "
            "$12::bigint[],"
            " $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[])"
            " AS r (id, caller_id, receiver_id, call_type, status, reason, missed, via_rest, "
            "version,"
            " duration_s, ended_by, created_at, started_at, ended_at, ring_deadline, call_deadline)"
            " ORDER BY id COLLATE \"C\""
            " ON CONFLICT (id) DO UPDATE SET status = excluded.status, reason = excluded.reason,"
            " missed = excluded.missed, via_rest = excluded.via_rest, version = excluded.version,"
            " duration_s = excluded.duration_s, ended_by = excluded.ended_by,"
            " started_at = excluded.started_at, ended_at = excluded.ended_at,"
            " ring_deadline = excluded.ring_deadline, call_deadline = excluded.call_deadline"
            " WHERE excluded.version > d.version RETURNING d.id"};
  return statement;
}

const postgres_statement& put_users() {
  static const postgres_statement statement{
      "put_users",
      "INSERT INTO users AS u (id, name, email, image, role, claim_name, claim_email, claim_image,"
      " claim_role, created_at, updated_at)"
      " SELECT id, name, email, image, role, claim_name, claim_email, claim_image, claim_role, "
          + as_time("created_at") + ", " + as_time("updated_at")
          + " FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],"
            " $7::text[], $8::text[], $9::text[], $10::bigint[], $11::bigint[])"
            " AS r (id, name, email, image, role, claim_name, claim_email, claim_image, claim_role,"
            " created_at, updated_at)"
            " ORDER BY id COLLATE \"C\""
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email,"
            " image = excluded.image, role = excluded.role, claim_name = excluded.claim_name,"
            " claim_email = excluded.claim_email, claim_image = excluded.claim_image,"
            " claim_role = excluded.claim_role, updated_at = excluded.updated_at"
            " WHERE (u.name, u.email, u.image, u.role, u.claim_name, u.claim_email, u.claim_image,"
            " u.claim_role, u.updated_at) <> (excluded.name, excluded.email, excluded.image,"
            " excluded.role, excluded.claim_name, excluded.claim_email, excluded.claim_image,"
            " excluded.claim_role, excluded.updated_at) RETURNING u.id"};
  return statement;
}

const postgres_statement& hide_calls() {
  static const postgres_statement statement{
      "hide_calls",
      "UPDATE direct_calls AS d SET caller_hidden = d.caller_hidden OR d.caller_id = h.user_id,"
      " receiver_hidden = d.receiver_hidden OR d.receiver_id = h.user_id"
      " FROM unnest($1::text[], $2::text[]) AS h (call_id, user_id) WHERE d.id = h.call_id"
      " AND ((d.caller_id = h.user_id AND NOT d.caller_hidden)"
      " OR (d.receiver_id = h.user_id AND NOT d.receiver_hidden)) RETURNING d.id"};
  return statement;
}

const postgres_statement& history(bool missed_only, bool typed) {
  static const std::array<postgres_statement, 4> all{
      make_history(false, false), make_history(false, true), make_history(true, false),
      make_history(true, true)};
  return all[(missed_only ? 2u : 0u) + (typed ? 1u : 0u)];
}

const postgres_statement& load_call() {
  static const postgres_statement statement{"load_call",
                                            "SELECT " + call_columns("direct_calls", as_ms)
                                                + " FROM direct_calls WHERE id = $1::text"};
  return statement;
}

const postgres_statement& load_users() {
  static const postgres_statement statement{
      "load_users", "SELECT " + user_columns(as_ms) + " FROM users WHERE id = ANY ($1::text[])"};
  return statement;
}

const postgres_statement& live_calls() {
  static const postgres_statement statement{
      "live_calls", "SELECT " + call_columns("direct_calls", as_ms)
                        + " FROM direct_calls WHERE ended_at IS NULL ORDER BY created_at"};
  return statement;
}

const postgres_statement& erase_aged() {
  static const postgres_statement statement{
      "erase_aged", "DELETE FROM direct_calls WHERE ctid = ANY (ARRAY(SELECT ctid FROM direct_calls"
                    " WHERE ended_at IS NOT NULL AND created_at < "
                        + as_time("$1::bigint")
                        + " ORDER BY created_at LIMIT $2::bigint FOR UPDATE SKIP LOCKED))"};
  return statement;
}

const postgres_statement& erase_hidden() {
  static const postgres_statement statement{
      "erase_hidden",
      "DELETE FROM direct_calls WHERE ctid = ANY (ARRAY(SELECT ctid FROM direct_calls"
      " WHERE caller_hidden AND receiver_hidden AND ended_at IS NOT NULL"
      " ORDER BY created_at LIMIT $1::bigint FOR UPDATE SKIP LOCKED))"};
  return statement;
}

} // namespace carillon::persistence::postgres_sql
