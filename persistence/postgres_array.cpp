#include "persistence/postgres_array.hpp"

#include <array>
#include <charconv>

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

void postgres_array::add(const std::optional<double>& number) {
  if (!number)
    return element("NULL");
  std::array<char, 32> digits{}; // the longest double has 24 characters
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *number).ptr;
  element({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

} // namespace carillon::persistence
