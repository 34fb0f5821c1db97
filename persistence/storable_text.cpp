#include "persistence/storable_text.hpp"

#include "protocol/utf8.hpp"

#include <cstddef>

namespace carillon::persistence {

bool storable_text(std::string_view text) noexcept {
  return is_utf8(text) && text.find('\0') == std::string_view::npos;
}

bool storable_uuid(std::string_view text) noexcept {
  if (text.size() != 36)
    return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? c != '-' : (c < '0' || c > '9') && (c < 'a' || c > 'f'))
      return false;
  }
  return true;
}

} // namespace carillon::persistence
