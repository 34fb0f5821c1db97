#include "persistence/sqlite_statements.hpp"

#include "persistence/history_sql.hpp"
#include "persistence/history_views.hpp"
#include "persistence/rows.hpp"

namespace carillon::persistence::sqlite_sql {

namespace {

std::string plain_time(std::string_view column) { return std::string{column}; }

std::string parameter(int number, std::string_view) { return "?" + std::to_string(number); }

// SQLite merges the ordered streams row by row and stops at the limit: they need no limits of their
// own, which would only copy them.
constexpr history_spelling spelling{&parameter, "-1", "9223372036854775807", "max", true, false};

history_stream stream(const std::string& user, const std::string& condition,
                      const std::string& index, media_type type) {
  return {index,
          user + " = {user} AND call_type = '" + std::string{to_string(type)} + "' AND "
              + condition,
          std::string{"(call_type = 'video')"} + (user == "caller_id" ? "" : " + 2 * missed")};
}

history_view view_of(bool missed_only, std::optional<media_type> type) {
  return direct_view(missed_only, type, [](history_part part, media_type of) {
    switch (part) {
    case history_part::made:
      return stream("caller_id", "caller_hidden = 0", "direct_calls_by_caller", of);
    case history_part::received:
      return stream("receiver_id", "receiver_hidden = 0", "direct_calls_by_receiver", of);
    case history_part::missed:
      break;
    }
    return stream("receiver_id", "missed = 1 AND receiver_hidden = 0", "direct_calls_missed", of);
  });
}

const history_sql& counted() {
  static const history_sql sql{spelling, "direct", "direct_calls", view_of(false, {})};
  return sql;
}

std::string rows_of(const std::string& page) {
  return "SELECT " + call_columns("d", plain_time) + " FROM " + page
         + " AS page CROSS JOIN direct_calls AS d ON d.id = page.id"
           " ORDER BY page.created_at DESC, page.id DESC";
}

std::string make_page(bool missed_only, std::optional<media_type> type) {
  return rows_of(counted().page(view_of(missed_only, type), "?2", "?3"));
}

std::string make_place(bool missed_only, std::optional<media_type> type) {
  return counted().place(view_of(missed_only, type), "?2");
}

std::string make_page_from(bool missed_only, std::optional<media_type> type) {
  return rows_of(counted().page_from(view_of(missed_only, type), "?4", "?5", "?2", "?3"));
}

} // namespace

// OR FAIL: what a statement did before an error is not undone when it fails but with its
// transaction. To be able to, SQLite would copy each page first, since there are triggers.

const std::string& insert_call() {
  static const std::string sql =
      "INSERT OR FAIL INTO direct_calls (id, caller_id, receiver_id, call_type, status, reason,"
      " missed, via_rest, version, duration_s, ended_by, created_at, started_at, ended_at,"
      " ring_deadline, call_deadline) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
      " ?13, ?14, ?15, ?16) ON CONFLICT (id) DO NOTHING";
  return sql;
}

const std::string& update_call() {
  static const std::string sql =
      "UPDATE OR FAIL direct_calls SET status = ?5, reason = ?6, missed = ?7, via_rest = ?8,"
      " version = ?9, duration_s = ?10, ended_by = ?11, started_at = ?13, ended_at = ?14,"
      " ring_deadline = ?15, call_deadline = ?16 WHERE id = ?1 AND version < ?9";
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
      "UPDATE OR FAIL direct_calls SET caller_hidden = max(caller_hidden, caller_id = ?2),"
      " receiver_hidden = max(receiver_hidden, receiver_id = ?2) WHERE id = ?1"
      " AND ((caller_id = ?2 AND caller_hidden = 0) OR (receiver_id = ?2 AND receiver_hidden = 0))";
  return sql;
}

const std::string& page(bool missed_only, std::optional<media_type> type) {
  static const auto all = for_each_view(make_page);
  return all[view_index(missed_only, type)];
}

const std::string& place(bool missed_only, std::optional<media_type> type) {
  static const auto all = for_each_view(make_place);
  return all[view_index(missed_only, type)];
}

const std::string& page_from(bool missed_only, std::optional<media_type> type) {
  static const auto all = for_each_view(make_page_from);
  return all[view_index(missed_only, type)];
}

const std::string& fresh_entries() {
  static const std::string sql = counted().fresh();
  return sql;
}

const std::string& make_blocks() {
  static const std::string sql = counted().make_blocks();
  return sql;
}

const std::string& move_mark() {
  static const std::string sql = counted().move_mark();
  return sql;
}

const std::string& drop_empty() {
  static const std::string sql = counted().drop_empty();
  return sql;
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
