#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// How the SQL of the PostgreSQL store is spelled.
namespace carillon::persistence::postgres_sql {

/// Milliseconds of a timestamptz column.
[[nodiscard]] std::string as_ms(std::string_view column);

/// The timestamptz of milliseconds, exact.
[[nodiscard]] std::string as_time(std::string_view ms);

/// `$1::text`.
[[nodiscard]] std::string parameter(int number, std::string_view type);

/// What goes into FROM for a row `r` of each element of the arrays that are the parameters: their
/// names and types, in order.
[[nodiscard]] std::string
rows_of_arrays(std::initializer_list<std::pair<const char*, const char*>> columns);

} // namespace carillon::persistence::postgres_sql
