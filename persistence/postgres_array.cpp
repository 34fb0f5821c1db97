#include "persistence/postgres_array.hpp"

namespace carillon::persistence {

void postgres_array::element(std::string_view literal) {
  if (text_.size() > 1)
    text_ += ',';
  text_ += literal;
}

void postgres_array::add(std::string_view text) {
  // Always in quotes: unquoted, the empty text and the word NULL would mean something else.
  element("\"");
  for (char c : text) {
    if (c == '"' || c == '\\')
      text_ += '\\';
    text_ += c;
  }
  text_ += '"';
}

void postgres_array::add(const std::optional<time_point>& t) {
  if (t)
    add(*t);
  else
    element("NULL");
}

} // namespace carillon::persistence
