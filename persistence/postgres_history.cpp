#include "persistence/postgres_history.hpp"

#include "persistence/postgres_statements.hpp"
#include "persistence/rows.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace carillon::persistence::postgres_tables {

namespace {

// The first `count` of the rows; those that are not readable were logged.
std::vector<call_record> read_calls(const postgres_rows& rows, std::size_t count) {
  std::vector<call_record> calls;
  for (std::size_t i = 0; i < count; ++i) {
    if (auto call = read_call(rows[i]))
      calls.push_back(std::move(*call));
  }
  return calls;
}

} // namespace

std::optional<call_record> load_direct(postgres_access& db, const call_id& id) {
  const auto rows = db.run(postgres_sql::load_call(), std::array{id.str()});
  if (rows.size() == 0)
    return std::nullopt;
  return require_call(rows[0]);
}

std::vector<call_record> live_direct(postgres_access& db) {
  const auto rows = db.run(postgres_sql::live_calls(), {});
  return read_calls(rows, rows.size());
}

record_page history(postgres_access& db, const query::history& what, bool deep) {
  const auto limit = static_cast<std::size_t>(std::max(what.limit, 0));
  const std::array parameters{what.user.str(), std::to_string(limit + 1),
                              std::to_string(std::max(what.skip, 0))};
  const auto rows = db.run(deep ? postgres_sql::deep_page(what.missed_only, what.type)
                                : postgres_sql::page(what.missed_only, what.type),
                           parameters);
  return {.calls = read_calls(rows, std::min(rows.size(), limit)), .has_more = rows.size() > limit};
}

} // namespace carillon::persistence::postgres_tables
