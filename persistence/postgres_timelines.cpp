#include "persistence/postgres_timelines.hpp"

#include "persistence/postgres_columns.hpp"
#include "persistence/postgres_spelling.hpp"

#include <array>
#include <string>
#include <string_view>

namespace carillon::persistence::postgres_tables {

namespace {

const postgres_statement& put_statement() {
  static const postgres_statement statement{
      "put_timelines",
      "INSERT INTO call_timelines (call_id, ended_at, data) SELECT r.call_id, "
          + postgres_sql::as_time("r.ended_at") + ", r.data FROM "
          + postgres_sql::rows_of_arrays(
              {{"call_id", "text"}, {"ended_at", "bigint"}, {"data", "text"}})};
  return statement;
}

const postgres_statement& load_statement() {
  static const postgres_statement statement{
      "load_timeline", "SELECT call_id, " + postgres_sql::as_ms("ended_at")
                           + ", data FROM call_timelines WHERE call_id = $1::text LIMIT 1"};
  return statement;
}

} // namespace

void put_timelines(postgres_access& db, std::span<const write_op> ops,
                   const std::vector<std::size_t>& which) {
  postgres_columns<3> columns;
  for (auto i : which) {
    const auto& told = *std::get<timeline_ptr>(ops[i]);
    columns.add(std::string_view{told.call.str()}, told.ended_at, std::string_view{told.packed});
  }
  db.run(put_statement(), columns.take());
}

std::optional<timeline_text> load_timeline(postgres_access& db, const call_id& id) {
  const auto rows = db.run(load_statement(), std::array{id.str()});
  if (rows.size() == 0)
    return std::nullopt;
  return timeline_text{call_id{rows[0].text(0)}, from_epoch_ms(rows[0].number(1)),
                       std::string{rows[0].text(2)}};
}

} // namespace carillon::persistence::postgres_tables
