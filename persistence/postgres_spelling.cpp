#include "persistence/postgres_spelling.hpp"

namespace carillon::persistence::postgres_sql {

std::string as_ms(std::string_view column) {
  // date_part is a double, which is exact to a thirtieth of a millisecond until the year 9999, and
  // many times quicker than the numeric of extract.
  return "CAST(round(date_part('epoch', " + std::string{column} + ") * 1000) AS bigint)";
}

std::string as_time(std::string_view ms) {
  // to_timestamp() would go through floating-point seconds.
  return "('epoch'::timestamptz + " + std::string{ms} + " * interval '1 millisecond')";
}

std::string parameter(int number, std::string_view type) {
  return "$" + std::to_string(number) + "::" + std::string{type};
}

std::string rows_of_arrays(std::initializer_list<std::pair<const char*, const char*>> columns) {
  // As a list of values and not in FROM, which would copy each array before the first row.
  std::string sql = "(SELECT ";
  int number = 1;
  for (const auto& [name, type] : columns) {
    sql += number > 1 ? ", unnest(" : "unnest(";
    sql += parameter(number++, std::string{type} + "[]") + ") AS " + name;
  }
  return sql + ") AS r";
}

} // namespace carillon::persistence::postgres_sql
