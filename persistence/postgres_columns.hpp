#pragma once

#include "persistence/postgres_array.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace carillon::persistence {

/// The columns of a multi-row statement: one array for each, in the order of its parameters.
template <std::size_t Columns>
class postgres_columns {
public:
  /// Adds a row: an id or text, number, flag, time or figure for each column.
  template <class... Values>
  void add(const Values&... values) {
    static_assert(sizeof...(Values) == Columns);
    std::size_t at = 0;
    (columns_[at++].add(values), ...);
  }

  /// The statement's parameters; the columns are used up.
  [[nodiscard]] std::array<std::string, Columns> take() {
    std::array<std::string, Columns> texts;
    std::transform(columns_.begin(), columns_.end(), texts.begin(),
                   [](postgres_array& column) { return column.take(); });
    return texts;
  }

private:
  std::array<postgres_array, Columns> columns_;
};

} // namespace carillon::persistence
