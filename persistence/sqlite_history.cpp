#include "persistence/sqlite_history.hpp"

#include "persistence/rows.hpp"
#include "persistence/sqlite_statements.hpp"

#include <algorithm>
#include <limits>

namespace carillon::persistence::sqlite_tables {

namespace {

// A page out of one row more than it has.
record_page read_page(sqlite_query& rows, std::size_t limit) {
  record_page page;
  for (std::size_t row = 0; rows.step(); ++row) {
    if (row == limit)
      page.has_more = true;
    else if (auto call = read_call(rows))
      page.calls.push_back(std::move(*call));
  }
  return page;
}

// The page after `skip` entries, which are walked.
record_page walk(sqlite_session& db, const query::history& what, std::size_t limit,
                 std::int64_t skip) {
  auto rows = db.query(sqlite_sql::page(what.missed_only, what.type));
  rows.add(what.user.str()).add(static_cast<std::int64_t>(limit) + 1).add(skip);
  return read_page(rows, limit);
}

// The same by the blocks.
record_page jump(sqlite_session& db, const query::history& what, std::size_t limit,
                 std::int64_t skip) {
  sqlite_transaction transaction{db, sqlite_transaction::purpose::reading};
  auto place = db.query(sqlite_sql::place(what.missed_only, what.type));
  if (!place.add(what.user.str()).add(skip).step())
    return {}; // the history is not so long
  auto rows = db.query(sqlite_sql::page_from(what.missed_only, what.type));
  rows.add(what.user.str()).add(static_cast<std::int64_t>(limit) + 1);
  rows.add(skip - place.number(2)).add(place.number(0)).add(place.text(1));
  return read_page(rows, limit);
}

} // namespace

record_page history(sqlite_session& db, const query::history& what, bool deep) {
  const auto limit = static_cast<std::size_t>(std::max(what.limit, 0));
  const auto skip = std::int64_t{std::max(what.skip, 0)};
  return deep ? jump(db, what, limit, skip) : walk(db, what, limit, skip);
}

void make_blocks(sqlite_session& db, const user_id& user, const history_shape& shape) {
  const std::int64_t enough = std::int64_t{shape.block} + shape.fresh;
  {
    auto fresh = db.query(sqlite_sql::fresh_entries());
    if (!fresh.add(user.str()).add(enough).step() || fresh.number(0) < enough)
      return;
  }
  db.query(sqlite_sql::make_blocks())
      .add(user.str())
      .add(std::int64_t{shape.block})
      .add(std::numeric_limits<std::int64_t>::max())
      .add(std::int64_t{shape.fresh})
      .run();
  db.query(sqlite_sql::move_mark()).add(user.str()).run();
}

} // namespace carillon::persistence::sqlite_tables
