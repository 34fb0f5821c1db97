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
  for (auto at = text.find_first_of("\"\\"); at != std::string_view::npos;
       at = text.find_first_of("\"\\")) {
    text_.append(text.substr(0, at)).append(1, '\\').append(1, text[at]);
    text.remove_prefix(at + 1);
  }
  text_.append(text).append(1, '"');
}

void postgres_array::add(const std::optional<time_point>& t) {
  if (t)
    add(*t);
  else
    element("NULL");
}

} // namespace carillon::persistence
