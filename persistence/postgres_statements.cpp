#include "persistence/postgres_statements.hpp"

#include "persistence/history_sql.hpp"
#include "persistence/history_views.hpp"
#include "persistence/postgres_spelling.hpp"
#include "persistence/rows.hpp"

namespace carillon::persistence::postgres_sql {

namespace {

// With limits of their own for the streams the planner sees that merging them is cheaper than
// sorting them.
constexpr history_spelling spelling{
    &parameter, "'-infinity'::timestamptz", "'infinity'::timestamptz", "greatest", false, true};

history_stream stream(const std::string& user, const std::string& condition,
                      const std::string& index, media_type type) {
  return {index,
          user + " = {user} AND call_type = '" + std::string{to_string(type)} + "' AND "
              + condition,
          "direct_call_class(call_type, " + std::string{user == "caller_id" ? "false" : "missed"}
              + ")"};
}

history_view view_of(bool missed_only, std::optional<media_type> type) {
  return direct_view(missed_only, type, [](history_part part, media_type of) {
    switch (part) {
    case history_part::made:
      return stream("caller_id", "NOT caller_hidden", "direct_calls_by_caller", of);
    case history_part::received:
      return stream("receiver_id", "NOT receiver_hidden", "direct_calls_by_receiver", of);
    case history_part::missed:
      break;
    }
    return stream("receiver_id", "missed AND NOT receiver_hidden", "direct_calls_missed", of);
  });
}

const history_sql& counted() {
  static const history_sql sql{spelling, "direct", "direct_calls", view_of(false, {})};
  return sql;
}

std::string name_of(std::string_view what, bool missed_only, std::optional<media_type> type) {
  auto name = std::string{what} + (missed_only ? "_missed" : "");
  if (type)
    name.append("_").append(to_string(*type));
  return name;
}

// The rows of a page. LATERAL with a LIMIT makes one look-up for each row of the page whatever the
// planner guesses the page's length to be.
std::string rows_of(const std::string& page) {
  return "SELECT " + call_columns("d", as_ms) + " FROM " + page
         + " AS page CROSS JOIN LATERAL"
           " (SELECT * FROM direct_calls WHERE id = page.id LIMIT 1) AS d"
           " ORDER BY page.created_at DESC, page.id DESC";
}

postgres_statement make_page(bool missed_only, std::optional<media_type> type) {
  return {name_of("page", missed_only, type),
          rows_of(counted().page(view_of(missed_only, type), "$2::bigint", "$3::bigint"))};
}

postgres_statement make_deep_page(bool missed_only, std::optional<media_type> type) {
  const auto view = view_of(missed_only, type);
  return {name_of("deep_page", missed_only, type),
          "WITH found AS MATERIALIZED (" + counted().place(view, "$3::bigint") + ") "
              + rows_of(counted().page_from(view, "(SELECT last_at FROM found)",
                                            "(SELECT last_id FROM found)", "$2::bigint",
                                            "($3::bigint - (SELECT newer FROM found))"))};
}

// Few calls are longer. Not after the clock here, whatever the servers' clocks say.
std::string settled_before() {
  return "(SELECT least(latest, now()) - interval '15 minutes' FROM"
         " (SELECT max(created_at) AS latest FROM direct_calls) AS calls"
         " WHERE latest IS NOT NULL)";
}

} // namespace

const postgres_statement& put_calls() {
  static const postgres_statement statement{
      "put_calls",
      "INSERT INTO direct_calls AS d (id, caller_id, receiver_id, call_type, status, reason,"
      " missed, via_rest, version, duration_s, ended_by, created_at, started_at, ended_at,"
      " ring_deadline, call_deadline)"
      " SELECT id, caller_id, receiver_id, call_type, status, reason, missed, via_rest, version,"
      " duration_s, ended_by, "
          + as_time("created_at") + ", " + as_time("started_at") + ", " + as_time("ended_at") + ", "
          + as_time("ring_deadline") + ", " + as_time("call_deadline") + " FROM "
          + rows_of_arrays({{"id", "text"},
                            {"caller_id", "text"},
                            {"receiver_id", "text"},
                            {"call_type", "text"},
                            {"status", "text"},
                            {"reason", "text"},
                            {"missed", "boolean"},
                            {"via_rest", "boolean"},
                            {"version", "bigint"},
                            {"duration_s", "bigint"},
                            {"ended_by", "text"},
                            {"created_at", "bigint"},
                            {"started_at", "bigint"},
                            {"ended_at", "bigint"},
                            {"ring_deadline", "bigint"},
                            {"call_deadline", "bigint"}})
          + " ON CONFLICT (id) DO UPDATE SET status = excluded.status, reason = excluded.reason,"
            " missed = excluded.missed, via_rest = excluded.via_rest, version = excluded.version,"
            " duration_s = excluded.duration_s, ended_by = excluded.ended_by,"
            " started_at = excluded.started_at, ended_at = excluded.ended_at,"
            " ring_deadline = excluded.ring_deadline, call_deadline = excluded.call_deadline"
            " WHERE excluded.version > d.version RETURNING d.id"};
  return statement;
}

const postgres_statement& same_calls() {
  static const postgres_statement statement{
      "same_calls", "SELECT d.id FROM unnest($1::text[], $2::bigint[]) AS r (id, version)"
                    " CROSS JOIN LATERAL (SELECT id FROM direct_calls"
                    " WHERE id = r.id AND version = r.version LIMIT 1) AS d"};
  return statement;
}

const postgres_statement& put_users() {
  static const postgres_statement statement{
      "put_users",
      "INSERT INTO users AS u (id, name, email, image, role, claim_name, claim_email, claim_image,"
      " claim_role, created_at, updated_at)"
      " SELECT id, name, email, image, role, claim_name, claim_email, claim_image, claim_role, "
          + as_time("created_at") + ", " + as_time("updated_at") + " FROM "
          + rows_of_arrays({{"id", "text"},
                            {"name", "text"},
                            {"email", "text"},
                            {"image", "text"},
                            {"role", "text"},
                            {"claim_name", "text"},
                            {"claim_email", "text"},
                            {"claim_image", "text"},
                            {"claim_role", "text"},
                            {"created_at", "bigint"},
                            {"updated_at", "bigint"}})
          + " ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email,"
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

const postgres_statement& page(bool missed_only, std::optional<media_type> type) {
  static const auto all = for_each_view(make_page);
  return all[view_index(missed_only, type)];
}

const postgres_statement& deep_page(bool missed_only, std::optional<media_type> type) {
  static const auto all = for_each_view(make_deep_page);
  return all[view_index(missed_only, type)];
}

const postgres_statement& fresh_entries() {
  static const postgres_statement statement{"fresh_entries", counted().fresh()};
  return statement;
}

const postgres_statement& lock_marks() {
  static const postgres_statement statement{"lock_marks", "SELECT lock_call_marks()::integer"};
  return statement;
}

const postgres_statement& make_blocks() {
  static const postgres_statement statement{"make_blocks", counted().make_blocks()};
  return statement;
}

const postgres_statement& move_mark() {
  static const postgres_statement statement{"move_mark", counted().move_mark()};
  return statement;
}

const postgres_statement& drop_empty() {
  static const postgres_statement statement{"drop_empty", counted().drop_empty()};
  return statement;
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
      "live_calls", "SELECT " + call_columns("d", as_ms)
                        + " FROM (SELECT * FROM direct_calls WHERE ended_at IS NULL"
                          " AND created_at >= (SELECT live_since FROM call_marks"
                          " WHERE kind = 'direct')"
                          " UNION ALL SELECT d.* FROM long_calls AS l CROSS JOIN LATERAL"
                          " (SELECT * FROM direct_calls WHERE id = l.id LIMIT 1) AS d"
                          " WHERE l.kind = 'direct' AND d.ended_at IS NULL"
                          " AND d.created_at < (SELECT live_since FROM call_marks"
                          " WHERE kind = 'direct')) AS d ORDER BY d.created_at"};
  return statement;
}

const postgres_statement& note_long_calls() {
  static const postgres_statement statement{
      "note_long_calls",
      "INSERT INTO long_calls SELECT 'direct', id FROM direct_calls WHERE ended_at IS NULL"
      " AND created_at >= (SELECT live_since FROM call_marks WHERE kind = 'direct')"
      " AND created_at < "
          + settled_before() + " ON CONFLICT DO NOTHING"};
  return statement;
}

const postgres_statement& move_live_mark() {
  static const postgres_statement statement{
      "move_live_mark", "UPDATE call_marks SET live_since = greatest(live_since, "
                            + settled_before() + ") WHERE kind = 'direct'"};
  return statement;
}

const postgres_statement& forget_long_calls() {
  static const postgres_statement statement{
      "forget_long_calls",
      "DELETE FROM long_calls AS l WHERE l.kind = 'direct' AND NOT EXISTS"
      " (SELECT FROM direct_calls AS d WHERE d.id = l.id AND d.ended_at IS NULL)"};
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
