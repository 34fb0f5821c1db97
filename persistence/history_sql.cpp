#include "persistence/history_sql.hpp"

namespace carillon::persistence {

namespace {

std::string with_user(const std::string& where, const std::string& user) {
  static constexpr std::string_view mark = "{user}";
  auto text = where;
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + user.size()))
    text.replace(at, mark.size(), user);
  return text;
}

template <class Part>
std::string joined(const std::vector<history_stream>& streams, std::string_view between,
                   Part part) {
  std::string text;
  for (const auto& one : streams)
    text.append(text.empty() ? "" : between).append(part(one));
  return text;
}

} // namespace

std::string history_sql::stream(std::string_view what, const history_stream& from,
                                const std::string& bound) const {
  auto sql = "SELECT " + std::string{what} + " FROM " + table_;
  if (how_.names_indexes)
    sql += " INDEXED BY " + from.index;
  sql += " WHERE " + with_user(from.where, how_.parameter(1, "text"));
  if (!bound.empty())
    sql += " AND " + bound;
  return sql;
}

std::string history_sql::merged(const history_view& view, const std::string& bound,
                                const std::string& limit, const std::string& skip) const {
  const std::string order = " ORDER BY created_at DESC, id DESC LIMIT ";
  const auto streams = joined(view.streams, " UNION ALL ", [&](const history_stream& one) {
    const auto sql = stream("created_at, id", one, bound);
    return how_.limits_streams ? "(" + sql + order + limit + " + " + skip + ")" : sql;
  });
  const auto rows =
      how_.limits_streams ? "SELECT created_at, id FROM (" + streams + ") AS streams" : streams;
  return "(" + rows + order + limit + " OFFSET " + skip + ")";
}

std::string history_sql::page(const history_view& view, const std::string& limit,
                              const std::string& skip) const {
  return merged(view, {}, limit, skip);
}

std::string history_sql::page_from(const history_view& view, const std::string& last_at,
                                   const std::string& last_id, const std::string& limit,
                                   const std::string& skip) const {
  return merged(view, "(created_at, id) <= (" + last_at + ", " + last_id + ")", limit, skip);
}

// The key of the user's last block, if there is one.
std::string history_sql::newest() const {
  return "SELECT last_at, last_id FROM history_blocks WHERE kind = '" + kind_ + "' AND user_id = "
         + how_.parameter(1, "text") + " ORDER BY last_at DESC, last_id DESC LIMIT 1";
}

// Comes first in a query that has `after_blocks`.
std::string history_sql::with_newest() const {
  return "WITH newest AS MATERIALIZED (" + newest() + ") ";
}

std::string history_sql::after_blocks() const {
  return "(created_at, id) > (coalesce((SELECT last_at FROM newest), "
         + std::string{how_.before_all} + "), coalesce((SELECT last_id FROM newest), ''))";
}

// How many entries of a view no block covers.
std::string history_sql::fresh_of(const history_view& view) const {
  return joined(view.streams, " + ", [&](const history_stream& one) {
    return "(" + stream("count(*)", one, after_blocks()) + ")";
  });
}

std::string history_sql::total(const history_view& view) const {
  return with_newest() + "SELECT CAST(coalesce((SELECT sum(" + view.counted
         + ") FROM history_blocks WHERE kind = '" + kind_ + "' AND user_id = "
         + how_.parameter(1, "text") + "), 0) + " + fresh_of(view) + " AS bigint)";
}

std::string history_sql::place(const history_view& view, const std::string& skip) const {
  // What no block covers is one more block, at the end of time.
  return with_newest()
         + "SELECT last_at, last_id, newer FROM (SELECT last_at, last_id, n,"
           " sum(n) OVER (ORDER BY last_at DESC, last_id DESC ROWS UNBOUNDED PRECEDING) - n AS "
           "newer"
           " FROM (SELECT "
         + std::string{how_.after_all} + " AS last_at, '' AS last_id, CAST(" + fresh_of(view)
         + " AS integer) AS n UNION ALL SELECT last_at, last_id, " + view.counted
         + " FROM history_blocks WHERE kind = '" + kind_
         + "' AND user_id = " + how_.parameter(1, "text")
         + ") AS blocks) AS places WHERE newer <= " + skip + " AND newer + n > " + skip;
}

std::string history_sql::fresh() const {
  const auto limit = how_.parameter(2, "bigint");
  const auto streams = joined(all_.streams, " UNION ALL ", [&](const history_stream& one) {
    return stream("id", one, after_blocks());
  });
  return with_newest() + "SELECT count(*) FROM (SELECT id FROM (" + streams + ") AS streams LIMIT "
         + limit + ") AS fresh";
}

std::string history_sql::make_blocks() const {
  const auto block = how_.parameter(2, "bigint");
  const std::string order = " ORDER BY created_at, id LIMIT " + how_.parameter(3, "bigint");
  const auto streams = joined(all_.streams, " UNION ALL ", [&](const history_stream& one) {
    const auto sql = stream("created_at, id, " + one.group + " AS class", one, after_blocks());
    return how_.limits_streams ? "(" + sql + order + ")" : sql;
  });
  const auto rows = how_.limits_streams
                        ? "SELECT created_at, id, class FROM (" + streams + ") AS streams"
                        : streams;
  std::string counts;
  for (const char* group : {"0", "1", "2", "3"})
    counts.append(", count(*) FILTER (WHERE class = ").append(group).append(")");
  return "INSERT INTO history_blocks (kind, user_id, last_at, last_id, n0, n1, n2, n3) "
         + with_newest() + "SELECT '" + kind_ + "', " + how_.parameter(1, "text")
         + ", max(created_at), max(CASE WHEN place % " + block + " = 0 THEN id END)" + counts
         + " FROM (SELECT created_at, id, class, row_number() OVER (ORDER BY created_at, id) AS"
           " place, count(*) OVER () AS entries FROM ("
         + rows + order + ") AS oldest) AS placed WHERE place <= (entries - "
         + how_.parameter(4, "bigint") + ") / " + block + " * " + block + " GROUP BY (place - 1) / "
         + block;
}

std::string history_sql::move_mark() const {
  return "UPDATE call_marks SET counted_until = " + std::string{how_.later_of}
         + "(counted_until, coalesce((SELECT last_at FROM (" + newest() + ") AS newest), "
         + std::string{how_.before_all} + ")) WHERE kind = '" + kind_ + "'";
}

std::string history_sql::drop_empty() const {
  return "DELETE FROM history_blocks WHERE kind = '" + kind_
         + "' AND n0 = 0 AND n1 = 0 AND n2 = 0 AND n3 = 0";
}

} // namespace carillon::persistence
